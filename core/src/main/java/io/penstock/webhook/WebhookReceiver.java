package io.penstock.webhook;

import io.penstock.body.JsonCodec;
import io.penstock.error.ApiException;
import io.penstock.request.IdempotencyKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A receiver for the deliveries of one type of event. It verifies and decodes them, and acts on each event once. It is
 * independent of any server: pass it the header and the bytes, and respond with the status of the outcome.
 *
 * @param <E> the type that an event decodes to
 */
public final class WebhookReceiver<E> {

    private static final int LARGEST_EVENT = 1024 * 1024;

    private final WebhookVerifier verifier;
    private final DuplicateGuard guard;
    private final Class<E> type;
    private final Function<E, @Nullable String> id;
    private final JsonCodec codec = new JsonCodec(LARGEST_EVENT);

    /**
     * Creates a receiver.
     *
     * @param id returns the id of an event; if it is null or blank, a digest of the body identifies the event
     */
    public WebhookReceiver(
            WebhookVerifier verifier, DuplicateGuard guard, Class<E> type, Function<E, @Nullable String> id) {
        this.verifier = verifier;
        this.guard = guard;
        this.type = type;
        this.id = id;
        IdempotencyKey.prepare(); // draws random bits here rather than on an event loop
    }

    /**
     * The outcome of a delivery.
     *
     * @param <E> the type that an event decodes to
     */
    public sealed interface Outcome<E> {
        /** Returns the status to respond with. */
        int status();

        /**
         * A new event that has been acted on.
         *
         * @param event the event
         * @param <E> the type that an event decodes to
         */
        record Done<E>(E event) implements Outcome<E> {
            @Override
            public int status() {
                return 204;
            }
        }

        /**
         * An event that had been acted on before; nothing was done.
         *
         * @param id the id of the event
         * @param <E> the type that an event decodes to
         */
        record Duplicate<E>(String id) implements Outcome<E> {
            @Override
            public int status() {
                return 204;
            }
        }

        /**
         * An event of which another delivery is in progress; nothing was done. That one may still fail, so this
         * delivery is not accepted: senders retry after its status 503.
         *
         * @param id the id of the event
         * @param <E> the type that an event decodes to
         */
        record InProgress<E>(String id) implements Outcome<E> {
            @Override
            public int status() {
                return 503;
            }
        }

        /**
         * A delivery that was not verified or could not be decoded.
         *
         * @param why the reason
         * @param <E> the type that an event decodes to
         */
        record Rejected<E>(WebhookVerifier.Rejection why) implements Outcome<E> {
            @Override
            public int status() {
                return why.status();
            }
        }
    }

    /** Returns the name of the header that carries the signature. */
    public String header() {
        return verifier.scheme().header();
    }

    /**
     * Verifies, decodes, claims and acts on subscription, on the subscribing thread and on the threads of the guard and
     * the action. If the action succeeds, the event is confirmed to the guard and the outcome is {@link Outcome.Done}.
     * If it fails, the event is released and this {@code Mono} fails with the same error: respond with a 5xx status,
     * and the next delivery is acted on. A cancel releases the event as well, at any stage: a pending claim is awaited
     * and then released, and a running action is cancelled. An action that completed before the cancel is confirmed all
     * the same.
     *
     * <p>If the guard cannot claim, this {@code Mono} fails with its error and nothing is done. If the guard cannot
     * confirm or release, its error goes to {@code Hooks.onErrorDropped}, which logs it by default, and the outcome
     * stands: a completed action is reported as done, and the lease ends on its own.
     *
     * @param signature the value of the scheme's header, or null if it is missing
     * @param body the body, byte for byte
     * @param action the action for a new event; it should end before the guard's lease does
     */
    public Mono<Outcome<E>> receive(@Nullable String signature, byte[] body, Function<E, Mono<Void>> action) {
        return Mono.defer(() -> {
            WebhookVerifier.Rejection rejection = verifier.reject(signature, body);
            if (rejection != null) {
                return Mono.just(new Outcome.Rejected<>(rejection));
            }
            E event;
            try {
                event = codec.decode(type, body);
            } catch (ApiException malformed) {
                return Mono.just(new Outcome.Rejected<>(WebhookVerifier.Rejection.EVENT_MALFORMED));
            }
            String own = id.apply(event);
            String known = own == null || own.isBlank() ? digest(body) : own;
            return new Handling<>(guard, event, known, action).outcome();
        });
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
