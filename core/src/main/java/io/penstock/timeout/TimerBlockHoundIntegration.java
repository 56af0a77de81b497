package io.penstock.timeout;

import io.penstock.annotation.Internal;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * A BlockHound integration that lets event loops cancel a timer. BlockHound finds it through the service loader.
 *
 * <p>The queue of Reactor's timers has a lock, which is held for a moment to add or remove a task. Reactor 3.8.6 allows it for
 * adding only. Without this class, BlockHound would throw from inside the lock, which the next threads then wait for
 * forever: no timer of the process would fire any more.
 *
 * @hidden
 */
@Internal
public final class TimerBlockHoundIntegration implements BlockHoundIntegration {

    /** Creates the integration. The service loader calls it. */
    public TimerBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "remove");
    }
}
