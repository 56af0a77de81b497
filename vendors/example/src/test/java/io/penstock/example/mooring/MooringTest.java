package io.penstock.example.mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.FieldError;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.retry.Backoff;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Simulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Particulars of Mooring; the rules for every vendor are in {@link MooringConformanceTest}. */
class MooringTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Backoff FAST = new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25);

    private final Simulator simulator = MooringApi.start();
    private final ApiClient client = Mooring.configure()
            .baseUri(simulator.baseUri())
            .secret(Secret.of(simulator.secret()))
            .retry(MooringVendor.SPEC.retry().withBackoff(FAST))
            .build();
    private final Mooring mooring = Mooring.over(client);

    @AfterEach
    void stop() {
        client.closeLater().block(PATIENCE);
        simulator.close();
    }

    @Test
    void readsBookingsAfterTheLastOneOfEachPage() {
        assertThat(mooring.bookings().items().map(Booking::id).collectList().block(PATIENCE))
                .containsExactly("bk_1", "bk_2", "bk_3", "bk_4", "bk_5");
        assertThat(simulator.requests().all())
                .extracting(request -> request.query("starting_after"))
                .containsExactly(null, "bk_2", "bk_4");
    }

    @Test
    void resumesAfterTheLastBooking() {
        String token = mooring.bookings().blockFirst(PATIENCE).resumeToken();

        assertThat(mooring.bookings()
                        .resumeFrom(token)
                        .items()
                        .map(Booking::id)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("bk_3", "bk_4", "bk_5");
    }

    @Test
    void sendsForm() {
        NewBooking booking =
                new NewBooking("b 7", 2, new NewBooking.Guest("Zoë & Co"), List.of(new NewBooking.Extra("power", 1)));

        assertThat(mooring.book(booking).block(PATIENCE)).isEqualTo(new Booking("bk_6", "b 7", 2));
        assertThat(simulator.requests().all().get(0).body().split("&"))
                .containsExactlyInAnyOrder(
                        "berth=b+7",
                        "nights=2",
                        "guest%5Bname%5D=Zo%C3%AB+%26+Co",
                        "extras%5B0%5D%5Bname%5D=power",
                        "extras%5B0%5D%5Bcount%5D=1");
    }

    @Test
    void booksOnceUnderItsKeyAfterLostResponse() {
        simulator.faults().next(Fault.resetAfterEffect());

        Booking booking = mooring.book(new NewBooking("b7", 2, "Grace"), IdempotencyKey.of("monday"))
                .block(PATIENCE);

        assertThat(booking.id()).isEqualTo("bk_6");
        assertThat(simulator.effects().count()).isEqualTo(1);
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @Test
    void tellsFieldAndRequestIdOfRefusal() {
        ApiException refusal = catchThrowableOfType(
                ApiException.class,
                () -> mooring.book(new NewBooking("taken", 2, "Grace")).block(PATIENCE));

        assertThat(refusal.kind()).isEqualTo(ErrorKind.CONFLICT);
        assertThat(refusal.fieldErrors()).containsExactly(new FieldError("berth", "berth_taken", "Text.", Map.of()));
        assertThat(refusal.requestId()).isEqualTo("req_1");
        assertThat(refusal.remedy()).isEqualTo("book another berth");
    }

    @Test
    void followsWordOfServerOnSendingAgain() {
        String locked = MooringApi.body("berth_locked", null);
        simulator.faults().next(Fault.status(409, Map.of("Mooring-Should-Retry", "true"), "application/json", locked));
        assertThat(mooring.book(new NewBooking("b7", 2, "Grace")).block(PATIENCE))
                .isNotNull();
        assertThat(simulator.requests().count()).isEqualTo(2);

        simulator.requests().clear();
        simulator.faults().next(Fault.status(503, Map.of("Mooring-Should-Retry", "false"), "application/json", "{}"));
        ApiException refusal = catchThrowableOfType(
                ApiException.class, () -> mooring.booking("bk_1").block(PATIENCE));
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void waitsAtLeastAsLongAsSpecSaysWhereRefusalDoesNot() {
        simulator.faults().next(Fault.status(429, Map.of(), "application/json", MooringApi.body("rate_limit", null)));

        mooring.booking("bk_1").block(PATIENCE);

        var sent = simulator.requests().all();
        assertThat(Duration.between(sent.get(0).at(), sent.get(1).at())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void readsListsAsSpecSays() {
        assertThat(client.pages(
                                MooringVendor.SPEC.listAt("bookings").first(ApiRequest.get("bookings"), Booking.class),
                                MooringVendor.PAGES)
                        .items()
                        .count()
                        .block(PATIENCE))
                .isEqualTo(5);
    }
}
