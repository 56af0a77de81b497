package io.penstock.webhook;

import io.penstock.body.JsonCodec;
import io.penstock.error.ApiException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Takes deliveries of one kind of event: believes them or not, reads them, acts on each event once. Knows no server: give it
 * what any server has, the header and the bytes, and answer with the status it gives.
 *
 * @param <E> what an event is read to
 */
public final class WebhookReceiver<E> {

    private static final int LARGEST_EVENT = 1024 * 1024;

    private final WebhookVerifier verifier;
    private final DuplicateGuard guard;
    private final Class<E> type;
    private final Function<E, @Nullable String> id;
    private final JsonCodec codec = new JsonCodec(LARGEST_EVENT);

    /**
     * A receiver.
     *
     * @param id what tells one event from another; where that is null, what was signed is taken for it
     */
    public WebhookReceiver(
            WebhookVerifier verifier, DuplicateGuard guard, Class<E> type, Function<E, @Nullable String> id) {
        this.verifier = verifier;
        this.guard = guard;
        this.type = type;
        this.id = id;
    }

    /**
     * What became of a delivery.
     *
     * @param <E> what an event is read to
     */
    public sealed interface Outcome<E> {
        /** The status to answer with. */
        int status();

        /** The event was new, and has been acted on. */
        record Done<E>(E event) implements Outcome<E> {
            @Override
            public int status() {
                return 204;
            }
        }

        /** The event had been acted on before, and nothing was done. */
        record Duplicate<E>(String id) implements Outcome<E> {
            @Override
            public int status() {
                return 204;
            }
        }

        /**
         * Another delivery of the event is being acted on just now, and nothing was done. It may yet fail, so that this one is
         * not accepted: 503, for which senders come again.
         */
        record InProgress<E>(String id) implements Outcome<E> {
            @Override
            public int status() {
                return 503;
            }
        }

        /** The delivery was not believed, or not understood. */
        record Rejected<E>(Rejection why) implements Outcome<E> {
            @Override
            public int status() {
                return why.status();
            }
        }
    }

    /** The header that the signature is in. */
    public String header() {
        return verifier.scheme().header();
    }

    /**
     * Verifies, reads, claims and acts when subscribed to, on the thread that subscribes and those of the guard and the
     * action. If the action succeeds, the event is confirmed to the guard and the outcome is {@link Outcome.Done}. If it
     * fails, so does this {@code Mono}, after the event has been released: answer with a 5xx then, and its next delivery is
     * acted on. So it is if this {@code Mono} is cancelled, whenever that is: a claim that is under way is waited for and
     * released, an action is cancelled. What was done before the cancel is confirmed all the same.
     *
     * <p>If the guard cannot claim, this {@code Mono} fails with its error and nothing is done. If it cannot confirm or release,
     * its error goes to {@code Hooks.onErrorDropped}, which logs it unless told otherwise, and the outcome stands: what was
     * done is answered as done; the lease ends on its own.
     *
     * @param signature the value of the scheme's header, or null if it did not come
     * @param body the body, byte for byte
     * @param action what is to be done with a new event; it should end before the guard's lease does
     */
    public Mono<Outcome<E>> receive(@Nullable String signature, byte[] body, Function<E, Mono<Void>> action) {
        return Mono.defer(() -> {
            Rejection rejection = verifier.reject(signature, body);
            if (rejection != null) {
                return Mono.just(new Outcome.Rejected<>(rejection));
            }
            E event;
            try {
                event = codec.decode(type, body);
            } catch (ApiException malformed) {
                return Mono.just(new Outcome.Rejected<>(Rejection.EVENT_MALFORMED));
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
