package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
import io.penstock.error.ErrorKind;
import io.penstock.ixon.IxonOperationsTest.Operation;
import io.penstock.ixon.model.Agent;
import io.penstock.ixon.model.Group;
import io.penstock.ixon.model.Resource;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.retry.Backoff;
import io.penstock.test.DocumentedOperations;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.ixon.IxonLimits;
import io.penstock.test.simulator.ixon.IxonRules;
import io.penstock.test.simulator.ixon.IxonSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class IxonConformanceTest extends VendorConformance {

    /** A file that exists wherever this module is built. */
    private static final Path FILE = Path.of("pom.xml");

    private static final String ENVELOPE = "{\"data\":[%s],\"moreAfter\":null,\"status\":\"error\",\"type\":\"Error\"}";

    /** Set when a test starts one. */
    private @Nullable IxonSimulator running;

    private IxonSimulator started() {
        IxonSimulator simulator = IxonSimulator.start(IxonRules.documented().withLimits(IxonLimits.none()));
        running = simulator;
        return simulator;
    }

    private IxonSimulator running() {
        return Objects.requireNonNull(running, "no simulator runs outside a test");
    }

    /** One client retries each of many operations here, which would exceed a normal retry budget. */
    private ApiClientBuilder configured(ApiClientBuilder builder) {
        return builder.retry(IxonVendor.SPEC
                        .retry()
                        .withBudgetShare(1)
                        .withBackoff(new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25)))
                .header(IxonHeader.APPLICATION.headerName(), running().applicationId())
                .header(IxonHeader.COMPANY.headerName(), running().companyId());
    }

    @Override
    protected VendorFixture fixture() {
        return VendorFixture.of(
                        new IxonVendor().spec(),
                        this::started,
                        "Bearer ",
                        ApiRequest.get("companies/me")
                                .as(Payload.json(Resource.class).inside("data")),
                        ApiRequest.post("groups")
                                .body(List.of(Map.of("name", "a")))
                                .as(Payload.page(Group.class, List.of("data"), List.of("moreAfter"))
                                        .orSingle()))
                .withConfiguration(this::configured)
                .withOperations(operations())
                .withErrors(List.of(
                        error(400, "Required header", "Api-Company", ErrorKind.INVALID_CONFIGURATION),
                        error(400, "Required header", "Api-Application", ErrorKind.INVALID_CONFIGURATION),
                        error(422, "Invalid value", "Api-Version", ErrorKind.INVALID_CONFIGURATION),
                        error(400, "Invalid value", "Authorization", ErrorKind.AUTHENTICATION),
                        error(403, "Value is too short", "Authorization", ErrorKind.AUTHENTICATION),
                        error(400, "Value is too long", "Authorization", ErrorKind.AUTHENTICATION),
                        error(400, "Value does not match regex expression", "Authorization", ErrorKind.AUTHENTICATION),
                        new DocumentedError(
                                400,
                                ENVELOPE.formatted("{\"message\":\"2FA is required\"}"),
                                ErrorKind.AUTHENTICATION,
                                null),
                        error(400, "Value is too short", "name", ErrorKind.VALIDATION),
                        error(404, "Not found", "publicId", ErrorKind.NOT_FOUND)))
                .withLists(List.of(new ListOperation<>(
                        ApiRequest.get("agents").as(IxonVendor.LISTS.payload().of(Agent.class)),
                        IxonVendor.LISTS.paging(),
                        "{\"status\":\"success\",\"type\":\"AgentList\",\"data\":[],\"moreAfter\":\"c1\"}")));
    }

    @Test
    void sendsEveryTypedOperationOfContract() {
        DocumentedOperations documented = DocumentedOperations.read(Ixon.class, "operations.tsv");

        assertThat(documented.rows()).hasSize(674);
        assertThat(documented.sentBy(fixture(), operations())).isEqualTo(documented.typed());
    }

    /** Returns the operations, the uploads, and those that end the client's own access. */
    private List<TypedOperation> operations() {
        TypedOperation revocation = operation(new Operation("revokeCurrentToken", 2, (i, s) -> i.revokeCurrentToken()))
                .refusedOnceDone(401);
        Stream<Operation> others = Stream.of(
                        IxonOperationsTest.operations(),
                        Stream.of(
                                new Operation("deleteMe", 2, (i, s) -> i.deleteMe()),
                                new Operation(
                                        "uploads.publicFile",
                                        1,
                                        (i, s) -> i.uploads().publicFile(FILE, "image/png")),
                                new Operation(
                                        "uploads.screensaver",
                                        1,
                                        (i, s) -> i.uploads().screensaver(FILE, "image/png")),
                                new Operation(
                                        "uploads.edgeAppFile",
                                        1,
                                        (i, s) -> i.uploads()
                                                .edgeAppFile(
                                                        s.agentId(),
                                                        s.put("/agents/" + s.agentId() + "/edge-app-instances", "{}"),
                                                        FILE,
                                                        "image/png")),
                                new Operation(
                                        "uploads.edgeAppVersion",
                                        1,
                                        (i, s) -> i.uploads().edgeAppVersion(s.put("/edge-apps", "{}"), FILE)),
                                new Operation(
                                        "uploads.backendComponentVersion",
                                        1,
                                        (i, s) -> i.uploads()
                                                .backendComponentVersion(
                                                        s.put("/backend-component-templates", "{}"), FILE)),
                                new Operation(
                                        "uploads.pageComponentVersion",
                                        1,
                                        (i, s) -> i.uploads()
                                                .pageComponentVersion(s.put("/page-component-templates", "{}"), FILE))))
                .flatMap(Function.identity());
        return Stream.concat(others.map(this::operation), Stream.of(revocation)).toList();
    }

    private TypedOperation operation(IxonOperationsTest.Operation operation) {
        return new TypedOperation(
                operation.name(),
                client -> all(operation, client),
                operation.sends() == 1 ? RetryClass.UNSAFE : RetryClass.IDEMPOTENT);
    }

    private Mono<?> all(IxonOperationsTest.Operation operation, ApiClient client) {
        // Where a company is needed, the header of the request replaces that of the client.
        Ixon ixon = Ixon.over(client).forCompany(running().companyId());
        return Flux.from(operation.call().apply(ixon, running())).then();
    }

    private static DocumentedError error(int status, String message, String property, ErrorKind kind) {
        return new DocumentedError(
                status,
                ENVELOPE.formatted("{\"message\":\"" + message + "\",\"propertyName\":\"" + property + "\"}"),
                kind,
                null);
    }
}
