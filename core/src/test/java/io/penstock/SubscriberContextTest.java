package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

class SubscriberContextTest {

    private final List<@Nullable String> seen = new ArrayList<>();
    private final SeededScheduler scheduler = new SeededScheduler();

    private void look() {
        seen.add(Traces.current());
    }

    @AfterEach
    void stop() {
        Traces.stop();
    }

    /** Returns a subscriber that records the current trace at each signal. */
    private CoreSubscriber<Object> looking(String trace) {
        return new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Object value) {
                look();
            }

            @Override
            protected void hookOnComplete() {
                look();
            }

            @Override
            public Context currentContext() {
                return Traces.of(trace);
            }
        };
    }

    @Test
    void runsTaskWithTraceOfContextAndRestoresThread() {
        Traces.propagate();
        Traces.enter("stranger");

        SubscriberContext.run(Traces.of("own"), this::look);
        SubscriberContext.run(Context.empty(), this::look);
        look();

        assertThat(seen).containsExactly("own", null, "stranger");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rethrowsExceptionOfTask(boolean propagated) {
        if (propagated) {
            Traces.propagate();
        }
        RuntimeException broken = new IllegalStateException("broken");

        assertThatThrownBy(() -> SubscriberContext.run(Context.empty(), () -> {
                    throw broken;
                }))
                .isSameAs(broken);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rethrowsUndeclaredCheckedException(boolean propagated) {
        if (propagated) {
            Traces.propagate();
        }
        Exception checked = new IOException("broken");

        assertThatThrownBy(() -> SubscriberContext.run(
                        Context.empty(), () -> SubscriberContextTest.<RuntimeException>throwAny(checked)))
                .isSameAs(checked);
    }

    /** Throws like code in Kotlin and other languages without checked exceptions. */
    @SuppressWarnings("unchecked") // erased: the exception keeps its type
    private static <E extends Exception> void throwAny(Exception thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void schedulesTaskWithoutTraceOfCaller() {
        Traces.propagate();
        Traces.enter("stranger");
        SubscriberContext.schedule(scheduler, this::look, 1);
        scheduler.schedule(this::look);
        SubscriberContext.schedule(scheduler, this::look, 1).dispose();
        Traces.enter(null);
        while (scheduler.runNext()) {
            assertThat(Traces.current()).isNull();
        }

        assertThat(seen).containsExactlyInAnyOrder("stranger", null);
    }

    @Test
    void passesEachSignalOnInTheContextOfItsSubscriber() {
        Traces.propagate();
        CoreSubscriber<? super Object> restoring = SubscriberContext.restoring(looking("own"));
        Traces.enter("stranger");

        Mono.<Object>just(1).subscribe(restoring);

        assertThat(seen).containsExactly("own", "own");
        assertThat(Traces.current()).isEqualTo("stranger");
    }

    @Test
    void continuesAfterDelayInContextOfSubscriber() {
        Traces.propagate();
        Traces.enter("stranger");
        SubscriberContext.delay(Duration.ofSeconds(1), scheduler)
                .map(Function.identity())
                .doOnNext(tick -> look())
                .subscribe(looking("own"));
        scheduler.runNext();

        assertThat(seen).containsOnly("own").hasSize(3);
    }

    @Test
    void wrapsNothingWithoutPropagation() {
        CoreSubscriber<Object> plain = looking("own");

        assertThat(SubscriberContext.restoring(plain)).isSameAs(plain);
        assertThat(SubscriberContext.isCarried()).isFalse();
    }
}
