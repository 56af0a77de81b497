package io.penstock.example.mooring;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.webhook.SignatureScheme;
import io.penstock.webhook.WebhookVerifier;
import reactor.core.publisher.Mono;

/** The typed operations of Mooring. */
public final class Mooring {

    static final Payload<Booking> BOOKING = Payload.json(Booking.class);
    static final Payload<Page<Booking>> BOOKINGS = MooringVendor.LIST.of(Booking.class);

    private final ApiClient client;

    private Mooring(ApiClient client) {
        this.client = client;
    }

    /** Returns a builder for a client of Mooring. Give the client to {@link #over}. */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(MooringVendor.SPEC);
    }

    /** Returns Mooring over the given client, which stays the caller's. */
    public static Mooring over(ApiClient client) {
        return new Mooring(client);
    }

    /** Fetches a booking. */
    public Mono<Booking> booking(String id) {
        return client.value(ApiRequest.get("bookings/{id}").path("id", id).as(BOOKING));
    }

    /** Reads all bookings, page by page. */
    public Pages<Booking> bookings() {
        return client.pages(ApiRequest.get("bookings").as(BOOKINGS), MooringVendor.PAGES);
    }

    /** Books a berth: once per key, no matter how often the request is sent. */
    public Mono<Booking> book(NewBooking booking, IdempotencyKey key) {
        return client.value(
                ApiRequest.post("bookings").body(booking).idempotencyKey(key).as(BOOKING));
    }

    /** Books a berth without a key. It fails with {@code MAYBE_PROCESSED} rather than book twice. */
    public Mono<Booking> book(NewBooking booking) {
        return client.value(ApiRequest.post("bookings").body(booking).as(BOOKING));
    }

    // guide: mooringWebhooks
    /** Returns the verifier of Mooring's webhooks. */
    public static WebhookVerifier webhooks(Secret signingSecret) {
        return WebhookVerifier.of(SignatureScheme.timestamped("Mooring-Signature"), signingSecret);
    }
    // guide: end
}
