package io.penstock;

import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;

/**
 * Reactive Streams' own tests of a publisher, without those that it names but leaves empty ("not verified by this TCK"): disabled,
 * they are not reported as skipped.
 */
public abstract class PublisherTck<T> extends PublisherVerification<T> {

    private static final long PATIENCE_MILLIS = 20_000;
    private static final long SILENCE_MILLIS = 50;
    private static final long POLL_MILLIS = 10;

    /** Waits long for what has to come, and shortly for what must not. */
    protected PublisherTck() {
        super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS, POLL_MILLIS));
    }

    /** Returns the fewest elements with which every test can be run: one of them asks for so many, and cancels soon. */
    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
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
