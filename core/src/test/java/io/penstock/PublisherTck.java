package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.TestEnvironment.ManualSubscriber;
import org.testng.annotations.Test;

/**
 * Reactive Streams' own tests of a publisher, without those that it names but leaves empty ("not verified by this TCK"): disabled,
 * they are not reported as skipped.
 */
public abstract class PublisherTck<T> extends PublisherVerification<T> {

    private static final long PATIENCE_MILLIS = 20_000;
    private static final long SILENCE_MILLIS = 50;
    private static final long POLL_MILLIS = 10;

    private final TestEnvironment environment;

    /** Waits long for what has to come, and shortly for what must not. */
    protected PublisherTck() {
        this(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS, POLL_MILLIS));
    }

    private PublisherTck(TestEnvironment environment) {
        super(environment);
        this.environment = environment;
    }

    /** Returns the fewest elements with which every test can be run: one of them asks for so many, and cancels soon. */
    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
    }

    /** Waits until the subscriber has been collected, where the TCK gives the collector 100 ms. */
    @Override
    @Test
    public void required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
            throws Throwable {
        activePublisherTest(3, false, publisher -> {
            WeakReference<ManualSubscriber<T>> subscriber = cancelledAfterOne(publisher);
            long began = System.nanoTime();
            do {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } while (!subscriber.refersTo(null)
                    && System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS));

            assertThat(subscriber.refersTo(null))
                    .as("the subscriber has been dropped")
                    .isTrue();
            environment.verifyNoAsyncErrorsNoDelay();
        });
    }

    private WeakReference<ManualSubscriber<T>> cancelledAfterOne(Publisher<T> publisher) throws InterruptedException {
        ManualSubscriber<T> subscriber = environment.newManualSubscriber(publisher);
        subscriber.request(1);
        subscriber.nextElement();
        subscriber.cancel();
        return new WeakReference<>(subscriber);
    }

    @Override
    @Test(enabled = false)
    public void untested_spec106_mustConsiderSubscriptionCancelledAfterOnErrorOrOnCompleteHasBeenCalled() {}

    @Override
    @Test(enabled = false)
    public void untested_spec107_mustNotEmitFurtherSignalsOnceOnErrorHasBeenSignalled() {}

    @Override
    @Test(enabled = false)
    public void untested_spec108_possiblyCanceledSubscriptionShouldNotReceiveOnErrorOrOnCompleteSignals() {}

    @Override
    @Test(enabled = false)
    public void untested_spec109_subscribeShouldNotThrowNonFatalThrowable() {}

    @Override
    @Test(enabled = false)
    public void untested_spec110_rejectASubscriptionRequestIfTheSameSubscriberSubscribesTwice() {}

    @Override
    @Test(enabled = false)
    public void untested_spec304_requestShouldNotPerformHeavyComputations() {}

    @Override
    @Test(enabled = false)
    public void untested_spec305_cancelMustNotSynchronouslyPerformHeavyComputation() {}
}
