package io.penstock.infraon;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.auth.CredentialScheme;
import io.penstock.body.BodyFormat;
import io.penstock.body.Payload;
import io.penstock.download.Download;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * The documented operations of Infraon, typed. Use {@link #resource} for modules whose members are not documented. For
 * any other path use {@link #client()}; the path must end with a slash, which Infraon requires.
 *
 * <p>Every method returns a cold {@code Mono} or a list. Each subscription to a {@code Mono} is a separate call, as
 * described in {@link ApiClient#execute}; a list is read page by page, as described in {@link Pages}. Failures that
 * Infraon reports are emitted as an {@link InfraonException}, including those reported inside a 200; an object whose
 * own {@code status} is "error", "failed" or "failure" cannot be told apart from those. GETs and DELETEs are retried
 * where that can help, once after a 500. A POST is retried only if no byte of it was written. A PUT is never retried.
 * The rights that each operation needs are not documented.
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
     * Creates a client with an API key and the documented settings.
     *
     * @param tenant the tenant's address, such as {@code https://<subdomain>.api.infraon.app}
     */
    public static Infraon connect(URI tenant, Secret key) {
        return over(configure(tenant).secret(key).build());
    }

    /** Returns a builder for a client of a tenant with an API key. Pass the client to {@link #over}. */
    public static ApiClientBuilder configure(URI tenant) {
        return configure(tenant, InfraonCredential.apiKey());
    }

    /**
     * Returns a builder for a client of a tenant with another credential scheme. The client has 8 connections because
     * servers on premises are small (inferred: no limit is documented); further calls wait for a connection.
     */
    public static ApiClientBuilder configure(URI tenant, CredentialScheme credential) {
        return ApiClient.builder(InfraonVendor.spec(credential))
                .baseUri(tenant)
                .connections(ConnectionOptions.standard().withPool(8, 1000, Duration.ofSeconds(30)));
    }

    /** Creates the typed operations over a client and takes ownership of the client. */
    public static Infraon over(ApiClient client) {
        return new Infraon(client);
    }

    /** Returns the generic client, for operations that are not typed here. */
    public ApiClient client() {
        return client;
    }

    /**
     * Returns the operations on {@code /ux/<path>/} as trees. The guide names modules whose paths it does not give; the
     * name of a module does not reveal its path.
     *
     * @param path the path below {@code /ux/}, such as {@code sd/inci/incident}
     */
    public InfraonResource resource(String path) {
        return new InfraonResource(client, "ux/" + path.replaceAll("^/+|/+$", "") + "/", Map.of());
    }

    /** Returns the incidents (page "incident"), page by page from the requested one. */
    public Pages<IncidentRow> incidents(ListQuery query) {
        return incidents.rows(query, IncidentRow.class);
    }

    /** Emits one incident with the options for its members (public clients). */
    public Mono<IncidentDetail> incident(String id) {
        return client.value(incidents.one(Method.GET, id).as(IncidentDetail.class));
    }

    /** Creates an incident (page "incident", public clients). Empty if the response has no body. */
    public Mono<Result<CreatedIncident>> createIncident(NewIncident incident) {
        return client.value(incidents.adding(incident).as(CREATED));
    }

    /**
     * Reads an incident, changes it and writes it back with the current time (public clients). Empty if the response
     * has no body. The update is not protected against a concurrent change: the timestamp is the caller's own, and no
     * check of it is documented. Therefore the PUT is sent only once. After any failure, subscribe again to read and
     * change the incident anew.
     */
    public Mono<Result<JsonNode>> updateIncident(String id, Consumer<IncidentEdit> change) {
        return incident(id).flatMap(read -> {
            IncidentEdit edit = new IncidentEdit(read);
            change.accept(edit);
            edit.incident().put("last_update_time", Instant.now().toString());
            return client.value(incidents.replacing(id, edit.incident(), RESULT));
        });
    }

    /** Deletes an incident (page "incident"). See {@link InfraonResource#delete}. */
    public Mono<Void> deleteIncident(String id) {
        return incidents.delete(id);
    }

    /** Returns the conversation of an incident (page "incident"). No bodies are documented, so a read may be empty. */
    public InfraonResource conversation(String incidentId) {
        return new InfraonResource(
                client, "ux/sd/inci/incident/{incident}/conversation/", Map.of("incident", incidentId));
    }

    /**
     * Adds a note to an incident (public clients).
     *
     * @param html the note, such as {@code <p>text</p>}
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
     * Adds a file to an incident (public clients). The file is read and encoded while it is sent; a file of any size
     * takes no more memory than a few parts of it.
     */
    public Mono<Result<JsonNode>> addAttachment(String incidentId, FileAttachment file) {
        Map<String, String> head = Map.of("file_name", file.fileName(), "formatted_size", file.formattedSize());
        return client.value(ApiRequest.post("ux/sd/inci/incident/add-attachment/")
                .body(Upload.json(Map.of("incidentId", incidentId, "files", List.of(head)))
                        .dataUri("/files/0/file_data", file.file(), file.mediaType()))
                .as(RESULT));
    }

    /** Returns the changes (page "change"), page by page from the requested one. */
    public Pages<Change> changes(ListQuery query) {
        return changes.rows(query, Change.class);
    }

    /**
     * Creates a change (page "change"). Empty if the response has no body.
     *
     * @param members the members, such as {@code summary} and {@code state_id}; the mandatory ones are not documented
     */
    public Mono<Result<Change>> createChange(Map<String, ?> members) {
        return client.value(changes.adding(members)
                .as(Payload.json(new TypeReference<Result<Change>>() {}).orEmpty()));
    }

    /** Returns the teams (page "teams"), page by page from the requested one. */
    public Pages<Team> teams(ListQuery query) {
        return resource("common/teams/profile").rows(query, Team.class);
    }

    /** Returns the departments (page "department"), page by page from the requested one. */
    public Pages<Department> departments(ListQuery query) {
        return departments.rows(query, Department.class);
    }

    /** Emits one department (page "department"). */
    public Mono<Department> department(String id) {
        return client.value(departments.one(Method.GET, id).as(Department.class));
    }

    /** Creates a department (page "department"). The response has no body, so the id must be looked up. */
    public Mono<Void> createDepartment(NewDepartment department) {
        return client.value(departments.adding(department).as(Payload.none()));
    }

    /** Returns the configurations of workflows (public clients), page by page from the requested one. */
    public Pages<Workflow> workflows(ListQuery query) {
        return resource("common/workflow/config").rows(query, Workflow.class);
    }

    /**
     * Emits a password in the form that the browser's login takes (page "authentication"). Neither the members of the
     * form nor the response are documented. Needs no credential; do not log the form.
     */
    public Mono<JsonNode> encryptPassword(Map<String, ?> form) {
        return client.value(ApiRequest.post("ux/password_js_encrypt/")
                .body(form, BodyFormat.form())
                .anonymous());
    }

    /**
     * Emits the OS image of any media type (page "os-image-download"). It is held in memory and limited by the client's
     * maximum response size.
     */
    public Mono<byte[]> osImage() {
        return client.value(ApiRequest.get("ux/nccm/os-image/").as(Payload.bytes()));
    }

    /** Downloads the OS image of any size to a file, as described in {@link ApiClient#download}. */
    public Mono<Download> osImage(Path file) {
        return client.download(ApiRequest.get("ux/nccm/os-image/"), file);
    }

    /** Closes all connections without waiting until they are closed. */
    @Override
    public void close() {
        client.close();
    }
}
