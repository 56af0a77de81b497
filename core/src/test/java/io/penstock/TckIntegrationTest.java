package io.penstock;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Signals of the TCK that arrive while its test looks into their queue, as happens on a busy machine. */
class TckIntegrationTest {

    @Test
    void acceptsSignalsOnNonBlockingThreadsWhileTestPolls() {
        TestEnvironment environment = new TestEnvironment(30_000);
        assertThatCode(() -> {
                    for (int round = 0; round < 200; round++) {
                        TestEnvironment.ManualSubscriber<Integer> subscriber =
                                environment.newManualSubscriber(Flux.range(0, 5).publishOn(Schedulers.parallel()));
                        subscriber.request(5);
                        subscriber.nextElements(5);
                        subscriber.expectCompletion();
                    }
                })
                .doesNotThrowAnyException();
        environment.verifyNoAsyncErrorsNoDelay();
    }
}
