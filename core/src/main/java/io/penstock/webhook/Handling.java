package io.penstock.webhook;

import io.penstock.request.IdempotencyKey;
import io.penstock.webhook.DuplicateGuard.Claim;
import io.penstock.webhook.WebhookReceiver.Outcome;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * The handling of one event from its claim to its confirmation. The caller may cancel at any moment, yet the guard must
 * learn the outcome. Therefore the running work is shared with the caller rather than owned by it. A cancel only
 * signals {@code gone}, which races with the action:
 *
 * <pre>
 *  claim ──→ CLAIMED ──→ the action ends well first ──→ confirm ──→ Done
 *                    ├─→ the action fails first ──────→ release ──→ its error
 *                    └─→ gone is first ── cancels it ─→ release      (no subscriber is left)
 * </pre>
 *
 * When a cancel comes before the result of the claim, the owner of the event is still unknown. The claim is therefore
 * awaited; if it succeeds, {@code gone} wins and the action does not start.
 */
final class Handling<E> {

    private final DuplicateGuard guard;
    private final E event;
    private final String id;
    private final String holder = IdempotencyKey.generated().value();
    private final Function<E, Mono<Void>> action;
    private final Sinks.Empty<Void> gone = Sinks.empty();

    Handling(DuplicateGuard guard, E event, String id, Function<E, Mono<Void>> action) {
        this.guard = guard;
        this.event = event;
        this.id = id;
        this.action = action;
    }

    /** Returns the outcome. Subscribe to it only once. */
    Mono<Outcome<E>> outcome() {
        Mono<Outcome<E>> shared = guard.claim(id, holder)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the guard gave no answer to a claim")))
                .flatMap(this::claimed)
                .cache();
        return shared.doOnCancel(gone::tryEmitEmpty);
    }

    private Mono<Outcome<E>> claimed(Claim claim) {
        return switch (claim) {
            case DONE -> Mono.just(new Outcome.Duplicate<>(id));
            case IN_PROGRESS -> Mono.just(new Outcome.InProgress<>(id));
            case CLAIMED -> act();
        };
    }

    private Mono<Outcome<E>> act() {
        Mono<Boolean> left = gone.asMono().thenReturn(false);
        Mono<Boolean> acted = Mono.defer(() -> action.apply(event)).thenReturn(true);
        return Mono.firstWithSignal(left, acted)
                .onErrorResume(error -> released().then(Mono.error(error)))
                .flatMap(done -> done
                        ? confirmed().thenReturn(new Outcome.Done<>(event))
                        : released().then(Mono.empty()));
    }

    /**
     * Confirms the event. It was acted on even if that cannot be recorded: a failure here must not lead to a second
     * action.
     */
    private Mono<Void> confirmed() {
        return Mono.defer(() -> guard.confirm(id)).onErrorResume(Handling::drop);
    }

    /** Releases the claim. If that fails, the end of the lease releases it. */
    private Mono<Void> released() {
        return Mono.defer(() -> guard.release(id, holder)).onErrorResume(Handling::drop);
    }

    private static Mono<Void> drop(Throwable error) {
        Operators.onErrorDropped(error, Context.empty());
        return Mono.empty();
    }
}
