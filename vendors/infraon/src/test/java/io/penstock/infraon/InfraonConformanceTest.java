package io.penstock.infraon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.auth.CredentialScheme;
import io.penstock.body.Payload;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.infraon.model.Attachment;
import io.penstock.infraon.model.ListQuery;
import io.penstock.infraon.model.NewDepartment;
import io.penstock.infraon.model.NewIncident;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.test.DocumentedOperations;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.infraon.InfraonSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Conformance of Infraon. It covers only the read of an update; its PUT is in {@link InfraonRobustnessTest}, case F13.
 */
class InfraonConformanceTest extends VendorConformance {

    private static final NewIncident INCIDENT = NewIncident.of("VPN down", "user@example.com");
    private static final ListQuery FIRST = ListQuery.first();

    /** Set when a test starts one. */
    private @Nullable InfraonSimulator running;

    private InfraonSimulator started() {
        InfraonSimulator simulator = InfraonSimulator.start();
        simulator.addIncidents(1);
        simulator.add("/ux/common/department/department/", "{\"dept_name\":\"IT\"}");
        simulator.add("/ux/tags/", "{\"a\":1}");
        running = simulator;
        return simulator;
    }

    private InfraonSimulator running() {
        return Objects.requireNonNull(running, "no simulator runs outside a test");
    }

    @Override
    protected VendorFixture fixture() {
        return VendorFixture.of(
                        new InfraonVendor().spec(),
                        this::started,
                        "ApiKey ",
                        ApiRequest.get("ux/common/teams/profile/").as(Payload.json(Listing.class)),
                        ApiRequest.post("ux/sd/inci/incident/").body(INCIDENT))
                .withOperations(List.of(
                        operation(
                                "incidents",
                                RetryClass.IDEMPOTENT,
                                i -> i.incidents(FIRST).next()),
                        operation("incident", RetryClass.IDEMPOTENT, i -> i.incident("1")),
                        operation("createIncident", RetryClass.UNSAFE, i -> i.createIncident(INCIDENT)),
                        operation("updateIncident", RetryClass.IDEMPOTENT, i -> i.updateIncident("1", edit -> {})),
                        operation("deleteIncident", RetryClass.IDEMPOTENT, i -> i.deleteIncident("1")),
                        operation("addNote", RetryClass.UNSAFE, i -> i.addNote("1", "<p>a</p>", true)),
                        operation(
                                "addAttachments",
                                RetryClass.UNSAFE,
                                i -> i.addAttachments("1", List.of(Attachment.of("a", "text/plain", new byte[3])))),
                        operation(
                                "changes",
                                RetryClass.IDEMPOTENT,
                                i -> i.changes(FIRST).next()),
                        operation("createChange", RetryClass.UNSAFE, i -> i.createChange(Map.of("summary", "s"))),
                        operation(
                                "teams",
                                RetryClass.IDEMPOTENT,
                                i -> i.teams(FIRST).next()),
                        operation(
                                "departments",
                                RetryClass.IDEMPOTENT,
                                i -> i.departments(FIRST).next()),
                        operation("department", RetryClass.IDEMPOTENT, i -> i.department("1")),
                        operation(
                                "createDepartment",
                                RetryClass.UNSAFE,
                                i -> i.createDepartment(NewDepartment.of("IT", ""))),
                        operation(
                                "workflows",
                                RetryClass.IDEMPOTENT,
                                i -> i.workflows(FIRST).next()),
                        operation("osImage", RetryClass.IDEMPOTENT, Infraon::osImage),
                        operation(
                                "resource.list",
                                RetryClass.IDEMPOTENT,
                                i -> i.resource("tags").list(FIRST).next()),
                        operation(
                                "resource.get",
                                RetryClass.IDEMPOTENT,
                                i -> i.resource("tags").get("1")),
                        operation(
                                "resource.create",
                                RetryClass.UNSAFE,
                                i -> i.resource("tags").create(Map.of("a", 1))),
                        operation(
                                "resource.update",
                                RetryClass.UNSAFE,
                                i -> i.resource("tags").update("1", Map.of("a", 1))),
                        operation(
                                "resource.delete",
                                RetryClass.IDEMPOTENT,
                                i -> i.resource("tags").delete("1")),
                        operation(
                                "conversation.list",
                                RetryClass.IDEMPOTENT,
                                i -> i.conversation("1").list(FIRST).next()),
                        operation(
                                "conversation.create",
                                RetryClass.UNSAFE,
                                i -> i.conversation("1").create(Map.of("a", 1))),
                        ofEntry("conversation.get", RetryClass.IDEMPOTENT, c -> c.get("1")),
                        ofEntry("conversation.update", RetryClass.UNSAFE, c -> c.update("1", Map.of("a", 2))),
                        ofEntry("conversation.delete", RetryClass.IDEMPOTENT, c -> c.delete("1"))))
                .withErrors(List.of(
                        error(400, "Please provide username.", ErrorKind.VALIDATION),
                        error(400, "Please provide password.", ErrorKind.VALIDATION),
                        error(401, "Invalid API key.", ErrorKind.AUTHENTICATION),
                        error(403, "API key is missing.", ErrorKind.AUTHENTICATION),
                        error(500, "Something went wrong. Please try again later.", ErrorKind.SERVER_ERROR),
                        new DocumentedError(
                                200, "{\"status\":\"error\",\"msg\":\"Text.\"}", ErrorKind.VALIDATION, null)))
                .withLists(List.of(new ListOperation<>(
                        InfraonVendor.SPEC
                                .listAt("ux/sd/inci/incident/")
                                .first(
                                        ApiRequest.get("ux/sd/inci/incident/").query("items_per_page", 2),
                                        JsonNode.class),
                        InfraonVendor.PAGES,
                        null)));
    }

    /** The rows do not matter here. */
    record Listing() {}

    @Test
    void sendsEveryDocumentedOperation() {
        DocumentedOperations documented = DocumentedOperations.read(InfraonConformanceTest.class, "operations.tsv");
        List<TypedOperation> operations = new ArrayList<>(fixture().operations());
        operations.add(operation("connect.login", InfraonCredential::login));
        operations.add(operation("connect.codedLogin", InfraonCredential::codedLogin));
        operations.add(
                operation("encryptPassword", RetryClass.UNSAFE, i -> i.encryptPassword(Map.of("password", "secret"))));

        assertThat(documented.rows()).hasSize(23);
        assertThat(documented.sentBy(fixture(), operations)).containsAllEntriesOf(documented.typed());
    }

    /** Returns the login of another client. */
    private TypedOperation operation(String name, Function<String, CredentialScheme> credential) {
        return new TypedOperation(
                name,
                client -> Mono.using(
                        () -> Infraon.over(Infraon.configure(
                                        client.baseUri(),
                                        credential.apply(running().username()))
                                .secret(Secret.of(running().password()))
                                .build()),
                        another -> another.client().warmUp(),
                        Infraon::close),
                RetryClass.IDEMPOTENT);
    }

    /** Returns an operation on the entry of a conversation, which the preparation creates. */
    private static TypedOperation ofEntry(String name, RetryClass retryClass, Function<InfraonResource, Mono<?>> call) {
        return TypedOperation.after(
                name,
                client -> Infraon.over(client)
                        .conversation("1")
                        .create(Map.of("a", 1))
                        .thenReturn("1"),
                (client, id) -> call.apply(Infraon.over(client).conversation("1")),
                retryClass);
    }

    private static TypedOperation operation(String name, RetryClass retryClass, Function<Infraon, Mono<?>> call) {
        return new TypedOperation(name, (ApiClient client) -> call.apply(Infraon.over(client)), retryClass);
    }

    private static DocumentedError error(int status, String text, ErrorKind kind) {
        return new DocumentedError(status, "{\"error\":\"" + text + "\"}", kind, null);
    }
}
