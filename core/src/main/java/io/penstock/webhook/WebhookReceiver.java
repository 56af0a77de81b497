package io.penstock.webhook;

import io.penstock.ApiException;
import io.penstock.envelope.JsonCodec;
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

    /** What became of a delivery. */
    public sealed interface Outcome {
        /** The status to answer with. */
        int status();

        /** The event was new, and has been acted on. */
        record Done<E>(E event) implements Outcome {
            @Override
            public int status() {
                return 204;
            }
        }

        /** The event had been claimed before, and nothing was done. */
        record Duplicate(String id) implements Outcome {
            @Override
            public int status() {
                return 204;
            }
        }

        /** The delivery was not believed, or not understood. */
        record Rejected(Rejection why) implements Outcome {
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
     * Verifies, reads and acts when subscribed to, on the thread that subscribes and those of the guard and the action. If
     * the action fails or is cancelled, so does this {@code Mono}, after the event has been given back: its next delivery
     * is acted on. Answer with a 5xx then.
     *
     * @param signature the value of the scheme's header, or null if it did not come
     * @param body the body, byte for byte
     * @param action what is to be done with a new event
     */
    public Mono<Outcome> receive(@Nullable String signature, byte[] body, Function<E, Mono<Void>> action) {
        return Mono.defer(() -> {
            Rejection rejection = verifier.reject(signature, body);
            if (rejection != null) {
                return Mono.just(new Outcome.Rejected(rejection));
            }
            E event;
            try {
                event = codec.decode(type, body);
            } catch (ApiException malformed) {
                return Mono.just(new Outcome.Rejected(Rejection.EVENT_MALFORMED));
            }
            String own = id.apply(event);
            String known = own == null || own.isBlank() ? digest(body) : own;
            return guard.claim(known)
                    .flatMap(first -> first ? act(event, known, action) : Mono.just(new Outcome.Duplicate(known)));
        });
    }

    private Mono<Outcome> act(E event, String known, Function<E, Mono<Void>> action) {
        return Mono.usingWhen(
                        Mono.just(event),
                        action,
                        done -> Mono.empty(),
                        (failed, error) -> guard.release(known),
                        cancelled -> guard.release(known))
                .thenReturn((Outcome) new Outcome.Done<>(event));
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
