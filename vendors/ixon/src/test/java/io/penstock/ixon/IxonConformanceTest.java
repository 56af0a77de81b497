package io.penstock.ixon;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
import io.penstock.error.ErrorKind;
import io.penstock.ixon.model.Agent;
import io.penstock.ixon.model.Group;
import io.penstock.ixon.model.Resource;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.retry.Backoff;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.ixon.IxonLimits;
import io.penstock.test.simulator.ixon.IxonRules;
import io.penstock.test.simulator.ixon.IxonSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class IxonConformanceTest extends VendorConformance {

    private static final String ENVELOPE = "{\"data\":[%s],\"moreAfter\":null,\"status\":\"error\",\"type\":\"Error\"}";

    /** Set when a test starts one: the superclass asks for the fixture before this class is initialised. */
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
                .withOperations(
                        IxonOperationsTest.operations().map(this::operation).toList())
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
