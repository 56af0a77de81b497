package io.penstock.example.mooring;

import io.penstock.ApiClient;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.RetryClass;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

public final class MooringConformanceTest extends VendorConformance {

    private static final NewBooking TWO = new NewBooking("b7", 2, "Grace");

    @Override
    protected VendorFixture fixture() {
        return mooring();
    }

    /** The fixture, for the tests of the kit. */
    public static VendorFixture mooring() {
        return VendorFixture.of(
                        new MooringVendor().spec(),
                        MooringApi::start,
                        "Basic ",
                        ApiRequest.get("bookings/bk_1").as(Mooring.BOOKING),
                        ApiRequest.post("bookings").body(TWO).as(Mooring.BOOKING))
                .withOperations(List.of(
                        operation("booking", RetryClass.IDEMPOTENT, m -> m.booking("bk_1")),
                        operation(
                                "bookings",
                                RetryClass.IDEMPOTENT,
                                m -> m.bookings().next()),
                        operation("book with a key", RetryClass.KEYED, m -> m.book(TWO, IdempotencyKey.of("k-1"))),
                        operation("book", RetryClass.UNSAFE, m -> m.book(TWO))))
                .withErrors(List.of(
                        error(400, "parameter_invalid", ErrorKind.VALIDATION),
                        error(401, "key_expired", ErrorKind.AUTHENTICATION),
                        error(404, "no_such_booking", ErrorKind.NOT_FOUND),
                        error(409, "berth_taken", ErrorKind.CONFLICT),
                        error(409, "berth_locked", ErrorKind.CONFLICT),
                        error(409, "key_in_use", ErrorKind.KEY_IN_PROGRESS),
                        error(422, "key_mismatch", ErrorKind.KEY_REUSED),
                        error(429, "rate_limit", ErrorKind.RATE_LIMITED)))
                .withLists(List.of(new ListOperation<>(
                        ApiRequest.get("bookings").as(Mooring.BOOKINGS),
                        MooringVendor.PAGES,
                        "{\"has_more\":true,\"data\":[{\"id\":\"bk_1\",\"nights\":1}]}",
                        5)));
    }

    private static TypedOperation operation(String name, RetryClass retryClass, Function<Mooring, Mono<?>> call) {
        return new TypedOperation(name, (ApiClient client) -> call.apply(Mooring.over(client)), retryClass);
    }

    private static DocumentedError error(int status, String code, ErrorKind kind) {
        return new DocumentedError(status, MooringApi.body(code, null), kind, code);
    }
}
