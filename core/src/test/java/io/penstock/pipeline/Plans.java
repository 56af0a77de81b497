package io.penstock.pipeline;

import io.penstock.body.JsonCodec;
import io.penstock.body.Payload;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.request.Plan;
import io.penstock.request.Planning;
import io.penstock.request.RetryClass;
import java.net.URI;
import java.time.Duration;

/** Plans and replies for tests that need one and do not care which. */
public final class Plans {

    private static final URI BASE = URI.create("https://api.example.com/v1");
    private static final JsonCodec CODEC = new JsonCodec(1 << 20);

    private Plans() {}

    /** A GET of {@code https://api.example.com/v1/scans} with a deadline of 60 s. */
    public static Plan get() {
        return get(Payload.tree());
    }

    /** The same GET with that payload. */
    public static Plan get(Payload<?> payload) {
        return plan(Method.GET, payload, RetryClass.IDEMPOTENT, Duration.ofSeconds(60));
    }

    /** The same path with a method and retry class. */
    public static Plan of(Method method, RetryClass retryClass) {
        return plan(method, Payload.tree(), retryClass, Duration.ofSeconds(60));
    }

    /** The same GET with that deadline. */
    public static Plan within(Duration deadline) {
        return plan(Method.GET, Payload.tree(), RetryClass.IDEMPOTENT, deadline);
    }

    private static Plan plan(Method method, Payload<?> payload, RetryClass retryClass, Duration deadline) {
        ApiRequest<?> request = ApiRequest.of(method, "scans").as(payload);
        return plan(
                switch (retryClass) {
                    case IDEMPOTENT -> request.idempotent();
                    case KEYED -> request.idempotencyKey(IdempotencyKey.of("nightly"));
                    case UNSAFE -> request.unsafe();
                },
                deadline);
    }

    private static Plan plan(ApiRequest<?> request, Duration deadline) {
        Planning.Defaults defaults = Planning.Defaults.within(deadline);
        return new Planning(BASE, CODEC, KeyPlacement.header("idempotency-key"), "acme", defaults).plan(request);
    }

    /** A GET that stands back behind others. */
    public static Plan background() {
        return plan(ApiRequest.get("scans").background(), Duration.ofMinutes(10));
    }

    /** A GET of that operation. */
    public static Plan operation(String operation) {
        return plan(ApiRequest.get(operation.substring("GET ".length())), Duration.ofMinutes(10));
    }

    /** A GET of that operation, with a placeholder {@code id} at most, at that URI. */
    public static Plan operation(String operation, String uri) {
        ApiRequest<?> request = ApiRequest.get(operation.substring("GET ".length()));
        return following(operation.contains("{id}") ? request.path("id", "1") : request, uri, 0);
    }

    /** A GET that may follow redirects. */
    public static Plan following(String uri, int redirects) {
        return following(ApiRequest.get("scans").header("x-tenant", "blue"), uri, redirects);
    }

    private static Plan following(ApiRequest<?> request, String uri, int redirects) {
        return plan(request.followRedirects(redirects + 1), Duration.ofSeconds(60))
                .movedTo(URI.create(uri), 307);
    }

    /** A reply with a status and a value. */
    public static Reply reply(int status, String value) {
        return new Reply(new ResponseHead(status, Headers.none()), value, value.length());
    }
}
