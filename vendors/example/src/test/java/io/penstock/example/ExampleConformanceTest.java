package io.penstock.example;

import io.penstock.ApiClient;
import io.penstock.error.ErrorKind;
import io.penstock.example.model.NewOrder;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

class ExampleConformanceTest extends VendorConformance {

    @Override
    protected VendorFixture fixture() {
        return lumen();
    }

    // guide: fixture
    private static final NewOrder TWO = new NewOrder("lamp_1", 2);

    static VendorFixture lumen() {
        return VendorFixture.of(
                        new LumenVendor().spec(),
                        () -> LumenSimulator.start(10_000),
                        "lum_",
                        ApiRequest.get("lamps/lamp_1").as(Lumen.LAMP),
                        ApiRequest.post("orders").body(TWO).as(Lumen.ORDER))
                .withOperations(List.of(
                        operation("lamp", RetryClass.IDEMPOTENT, l -> l.lamp("lamp_1")),
                        operation("lamps", RetryClass.IDEMPOTENT, l -> l.lamps().next()),
                        operation("order with a key", RetryClass.KEYED, l -> l.order(TWO, TWO.key("1"))),
                        operation("order", RetryClass.UNSAFE, l -> l.order(TWO))))
                .withErrors(List.of(
                        error(400, "bad_request", ErrorKind.VALIDATION),
                        error(401, "bad_key", ErrorKind.AUTHENTICATION),
                        error(200, "no_such_lamp", ErrorKind.NOT_FOUND),
                        error(200, "out_of_stock", ErrorKind.CONFLICT),
                        error(409, "key_in_progress", ErrorKind.KEY_IN_PROGRESS),
                        error(422, "key_reused", ErrorKind.KEY_REUSED),
                        error(429, "slow_down", ErrorKind.RATE_LIMITED),
                        error(200, "stocktaking", ErrorKind.UNAVAILABLE)))
                .withLists(List.of(new ListOperation<>(
                        ApiRequest.get("lamps").as(Lumen.LAMPS),
                        Lumen.LAMP_PAGES,
                        "{\"ok\":true,\"page\":1,\"pages\":9,\"lamps\":[]}",
                        5)));
    }

    private static TypedOperation operation(String name, RetryClass retryClass, Function<Lumen, Mono<?>> call) {
        return new TypedOperation(name, (ApiClient client) -> call.apply(Lumen.over(client)), retryClass);
    }

    private static DocumentedError error(int status, String code, ErrorKind kind) {
        String body = "{\"ok\":false,\"reason\":\"Text.\",\"code\":\"" + code + "\"}";
        return new DocumentedError(status, body, kind, code);
    }
    // guide: end
}
