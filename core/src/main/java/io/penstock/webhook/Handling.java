package io.penstock.webhook;

import io.penstock.webhook.DuplicateGuard.Claim;
import io.penstock.webhook.WebhookReceiver.Outcome;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * One event from its claim to its confirmation. The caller may leave at any moment, the guard must learn how it ended: so
 * what runs is shared with the caller and not his own. His cancel is a signal to it, {@code gone}, that races with the
 * action for who is first:
 *
 * <pre>
 *  claim ──→ CLAIMED ──→ the action ends well first ──→ confirm ──→ Done
 *                    ├─→ the action fails first ──────→ release ──→ its error
 *                    └─→ gone is first ── cancels it ─→ release      (nobody is there to be told)
 * </pre>
 *
 * A cancel before the claim has been answered cannot know whose the event is. The claim is therefore waited for; if it is
 * ours then, {@code gone} comes first, and the action is not begun.
 */
final class Handling<E> {

    private final DuplicateGuard guard;
    private final E event;
    private final String id;
    private final Function<E, Mono<Void>> action;
    private final Sinks.Empty<Void> gone = Sinks.empty();

    Handling(DuplicateGuard guard, E event, String id, Function<E, Mono<Void>> action) {
        this.guard = guard;
        this.event = event;
        this.id = id;
        this.action = action;
    }

    /** To be subscribed to once. */
    Mono<Outcome<E>> outcome() {
        Mono<Outcome<E>> shared = guard.claim(id)
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

    /** It has been done, whether that can be written down or not: a failure here must not have it done again. */
    private Mono<Void> confirmed() {
        return Mono.defer(() -> guard.confirm(id)).onErrorResume(Handling::drop);
    }

    /** What cannot be given back comes free with the end of its lease. */
    private Mono<Void> released() {
        return Mono.defer(() -> guard.release(id)).onErrorResume(Handling::drop);
    }

    private static Mono<Void> drop(Throwable error) {
        Operators.onErrorDropped(error, Context.empty());
        return Mono.empty();
    }
}
