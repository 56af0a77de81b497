package io.penstock.example.tidewater;

import io.penstock.ApiClient;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

public final class TidewaterConformanceTest extends VendorConformance {

    @Override
    protected VendorFixture fixture() {
        return tidewater();
    }

    /** The fixture, for the tests of the kit. */
    public static VendorFixture tidewater() {
        return VendorFixture.of(
                        new TidewaterVendor().spec(),
                        TidewaterApi::start,
                        "Bearer tw_",
                        ApiRequest.get("stations/s1").as(Tidewater.STATION),
                        ApiRequest.post("reports").body(Map.of("station", "s1")).as(ReportTicket.class))
                .withOperations(List.of(
                        operation("station", RetryClass.IDEMPOTENT, t -> t.station("s1")),
                        operation("station if changed", RetryClass.IDEMPOTENT, t -> t.station("s1", "\"other\"")),
                        operation(
                                "stations",
                                RetryClass.IDEMPOTENT,
                                t -> t.stations().next()),
                        operation("orderReport", RetryClass.UNSAFE, t -> t.orderReport("s1"))))
                .withErrors(List.of(
                        error(400, ErrorKind.VALIDATION),
                        error(401, ErrorKind.AUTHENTICATION),
                        error(404, ErrorKind.NOT_FOUND),
                        error(429, ErrorKind.RATE_LIMITED),
                        new DocumentedError(403, TidewaterApi.message("Slow down."), ErrorKind.RATE_LIMITED, null)))
                .withLists(List.of(new ListOperation<>(
                        ApiRequest.get("stations").as(Tidewater.STATIONS), TidewaterVendor.PAGES, null, 5)));
    }

    private static TypedOperation operation(String name, RetryClass retryClass, Function<Tidewater, Mono<?>> call) {
        return new TypedOperation(name, (ApiClient client) -> call.apply(Tidewater.over(client)), retryClass);
    }

    private static DocumentedError error(int status, ErrorKind kind) {
        return new DocumentedError(status, TidewaterApi.message("Text."), kind, null);
    }
}
