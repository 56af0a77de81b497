package io.penstock.pipeline;

import io.penstock.body.Payload;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.Plan;
import io.penstock.request.RetryClass;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Plans and replies for tests that need one and do not care which. */
public final class Plans {

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
        return new Plan(
                method,
                URI.create("https://api.example.com/v1/scans"),
                List.of(),
                null,
                payload,
                retryClass,
                retryClass == RetryClass.KEYED ? IdempotencyKey.of("nightly") : null,
                null,
                null,
                false,
                false,
                0,
                deadline.toNanos(),
                "GET scans");
    }

    /** A GET that stands back behind others. */
    public static Plan background() {
        return waiting(true, "GET scans");
    }

    /** A GET of that operation. */
    public static Plan operation(String operation) {
        return waiting(false, operation);
    }

    private static Plan waiting(boolean background, String operation) {
        Plan plan = within(Duration.ofMinutes(10));
        return new Plan(
                plan.method(),
                plan.uri(),
                plan.headers(),
                plan.body(),
                plan.payload(),
                plan.retryClass(),
                plan.key(),
                plan.keyLife(),
                plan.probe(),
                plan.anonymous(),
                background,
                plan.redirects(),
                plan.timeoutNanos(),
                operation);
    }

    /** A GET that may follow redirects. */
    public static Plan following(String uri, int redirects) {
        return new Plan(
                Method.GET,
                URI.create(uri),
                List.of("accept", "application/json", "x-tenant", "blue"),
                null,
                Payload.tree(),
                RetryClass.IDEMPOTENT,
                null,
                null,
                null,
                false,
                false,
                redirects,
                Duration.ofSeconds(60).toNanos(),
                "GET scans");
    }

    /** A reply with a status and a value. */
    public static Reply reply(int status, String value) {
        return new Reply(new ResponseHead(status, Headers.none()), value, value.length());
    }
}
