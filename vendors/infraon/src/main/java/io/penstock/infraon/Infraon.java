package io.penstock.infraon;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.auth.CredentialScheme;
import io.penstock.body.Payload;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.infraon.model.Attachment;
import io.penstock.infraon.model.Change;
import io.penstock.infraon.model.CreatedIncident;
import io.penstock.infraon.model.Department;
import io.penstock.infraon.model.FileAttachment;
import io.penstock.infraon.model.IncidentDetail;
import io.penstock.infraon.model.IncidentRow;
import io.penstock.infraon.model.ListQuery;
import io.penstock.infraon.model.NewDepartment;
import io.penstock.infraon.model.NewIncident;
import io.penstock.infraon.model.Result;
import io.penstock.infraon.model.Team;
import io.penstock.infraon.model.Workflow;
import io.penstock.paging.Pages;
import io.penstock.request.ApiRequest;
import io.penstock.transport.ConnectionOptions;
import io.penstock.upload.Upload;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * The documented operations of Infraon, typed; {@link #resource} for the modules whose members are not documented; for
 * anything else {@link #client()} takes any path, which has to end with the slash that Infraon wants.
 *
 * <p>Every method gives a cold {@code Mono}, whose subscriptions are calls of their own as {@link ApiClient#execute} tells, or a
 * list, page by page as {@link Pages} tells.
 * What Infraon refuses comes as an {@link InfraonException}, also where it says so inside a 200; an object whose own
 * {@code status} is "error", "failed" or "failure" looks the same. GETs and DELETEs are sent again where that can help, after
 * a 500 once; a POST only while not a byte of it was written; a PUT never by itself. What rights an operation needs is not
 * documented.
 */
public final class Infraon implements AutoCloseable {

    private static final Payload<Result<CreatedIncident>> CREATED =
            Payload.json(new TypeReference<Result<CreatedIncident>>() {}).orEmpty();
    private static final Payload<Result<JsonNode>> RESULT =
            Payload.json(new TypeReference<Result<JsonNode>>() {}).orEmpty();

    private final ApiClient client;
    private final InfraonResource incidents;
    private final InfraonResource changes;
    private final InfraonResource departments;

    private Infraon(ApiClient client) {
        this.client = client;
        this.incidents = resource("sd/inci/incident");
        this.changes = resource("sd/change/change");
        this.departments = resource("common/department/department");
    }

    /**
     * A client with that API key and the documented settings.
     *
     * @param tenant the tenant's address, such as {@code https://<subdomain>.api.infraon.app}
     */
    public static Infraon connect(URI tenant, Secret key) {
        return over(configure(tenant).secret(key).build());
    }

    /** A client of that tenant with an API key, to be configured and handed to {@link #over}. */
    public static ApiClientBuilder configure(URI tenant) {
        return configure(tenant, InfraonCredential.apiKey());
    }

    /**
     * A client of that tenant with another credential. It has 8 connections, because servers on premises are small
     * (inferred: no limit is documented); further calls wait for one.
     */
    public static ApiClientBuilder configure(URI tenant, CredentialScheme credential) {
        return ApiClient.builder(InfraonVendor.spec(credential))
                .baseUri(tenant)
                .connections(ConnectionOptions.standard().withPool(8, 1000, Duration.ofSeconds(30)));
    }

    /** The typed operations over that client, which belongs to them from now on. */
    public static Infraon over(ApiClient client) {
        return new Infraon(client);
    }

    /** The generic client, for what is not typed here. */
    public ApiClient client() {
        return client;
    }

    /**
     * Any {@code /ux/<path>/} as trees. The guide names modules whose paths it does not give: a name says nothing about a path.
     *
     * @param path below {@code /ux/}, such as {@code sd/inci/incident}
     */
    public InfraonResource resource(String path) {
        return new InfraonResource(client, "ux/" + path.replaceAll("^/+|/+$", "") + "/", Map.of());
    }

    /** The incidents (page "incident"), page by page from the one that is asked for. */
    public Pages<IncidentRow> incidents(ListQuery query) {
        return incidents.rows(query, IncidentRow.class);
    }

    /** One incident, with what its members can be set to (public clients). */
    public Mono<IncidentDetail> incident(String id) {
        return client.value(incidents.one(Method.GET, id).as(IncidentDetail.class));
    }

    /** Makes an incident (page "incident", public clients); empty where the server answers with no body. */
    public Mono<Result<CreatedIncident>> createIncident(NewIncident incident) {
        return client.value(incidents.adding(incident).as(CREATED));
    }

    /**
     * Reads an incident, changes it and writes it back, stamped with the time (public clients); empty where the server
     * answers with no body. Nothing guards it against another change between the two: the stamp is the caller's own, and no
     * check of it is documented. So the PUT is sent once: whatever it fails with, subscribe again to read and change anew.
     */
    public Mono<Result<JsonNode>> updateIncident(String id, Consumer<IncidentEdit> change) {
        return incident(id).flatMap(read -> {
            IncidentEdit edit = new IncidentEdit(read);
            change.accept(edit);
            edit.incident().put("last_update_time", Instant.now().toString());
            return client.value(incidents.replacing(id, edit.incident(), RESULT));
        });
    }

    /** Deletes an incident (page "incident"), as {@link InfraonResource#delete} does. */
    public Mono<Void> deleteIncident(String id) {
        return incidents.delete(id);
    }

    /** What was said about an incident (page "incident"); no bodies are documented, so that reading may give nothing. */
    public InfraonResource conversation(String incidentId) {
        return new InfraonResource(
                client, "ux/sd/inci/incident/{incident}/conversation/", Map.of("incident", incidentId));
    }

    /**
     * Adds a note to an incident (public clients).
     *
     * @param html such as {@code <p>text</p>}
     */
    public Mono<Result<JsonNode>> addNote(String incidentId, String html, boolean isPrivate) {
        return client.value(ApiRequest.post("ux/sd/inci/incident/save-rich-text/")
                .body(Map.of(
                        "ref_id",
                        incidentId,
                        "rich_text_content",
                        Map.of(
                                "description",
                                html,
                                "type",
                                "Add Notes",
                                "is_private",
                                isPrivate,
                                "work_duration",
                                Map.of())))
                .as(RESULT));
    }

    /** Adds files to an incident (public clients). */
    public Mono<Result<JsonNode>> addAttachments(String incidentId, List<Attachment> files) {
        return client.value(ApiRequest.post("ux/sd/inci/incident/add-attachment/")
                .body(Map.of("incidentId", incidentId, "files", files))
                .as(RESULT));
    }

    /**
     * Adds a file to an incident (public clients), read and encoded while it is sent: a file of any size takes no more memory
     * than a few parts of it.
     */
    public Mono<Result<JsonNode>> addAttachment(String incidentId, FileAttachment file) {
        Map<String, String> head = Map.of("file_name", file.fileName(), "formatted_size", file.formattedSize());
        return client.value(ApiRequest.post("ux/sd/inci/incident/add-attachment/")
                .body(Upload.json(Map.of("incidentId", incidentId, "files", List.of(head)))
                        .dataUri("/files/0/file_data", file.file(), file.mediaType()))
                .as(RESULT));
    }

    /** The changes (page "change"), page by page from the one that is asked for. */
    public Pages<Change> changes(ListQuery query) {
        return changes.rows(query, Change.class);
    }

    /**
     * Makes a change (page "change"); empty where the server answers with no body.
     *
     * @param members such as {@code summary} and {@code state_id}; which are mandatory is not documented
     */
    public Mono<Result<Change>> createChange(Map<String, ?> members) {
        return client.value(changes.adding(members)
                .as(Payload.json(new TypeReference<Result<Change>>() {}).orEmpty()));
    }

    /** The teams (page "teams"), page by page from the one that is asked for. */
    public Pages<Team> teams(ListQuery query) {
        return resource("common/teams/profile").rows(query, Team.class);
    }

    /** The departments (page "department"), page by page from the one that is asked for. */
    public Pages<Department> departments(ListQuery query) {
        return departments.rows(query, Department.class);
    }

    /** One department (page "department"). */
    public Mono<Department> department(String id) {
        return client.value(departments.one(Method.GET, id).as(Department.class));
    }

    /** Makes a department (page "department"); the server answers with no body, so that its id has to be looked up. */
    public Mono<Void> createDepartment(NewDepartment department) {
        return client.value(departments.adding(department).as(Payload.none()));
    }

    /** The workflows' configurations (public clients), page by page from the one that is asked for. */
    public Pages<Workflow> workflows(ListQuery query) {
        return resource("common/workflow/config").rows(query, Workflow.class);
    }

    /** The OS image, whatever its type, wholly in memory and at most the client's limit (page "os-image-download"). */
    public Mono<byte[]> osImage() {
        return client.value(ApiRequest.get("ux/nccm/os-image/").as(Payload.bytes()));
    }

    /** Gives up all connections, without waiting for it. */
    @Override
    public void close() {
        client.close();
    }
}
