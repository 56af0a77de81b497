package io.penstock.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * A BlockHound integration that lets event loops use Reactor's virtual clock. BlockHound finds it through the service
 * loader.
 *
 * <p>The queue of a {@code VirtualTimeScheduler} has a lock. If the test moves the clock while an event loop schedules
 * a task, the event loop waits for that lock for a moment. Without this class, BlockHound would fail the call under
 * test.
 */
public final class VirtualTimeIntegration implements BlockHoundIntegration {

    private static final String QUEUE = "java.util.concurrent.PriorityBlockingQueue";

    /** Creates the integration. The service loader calls it. */
    public VirtualTimeIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        for (String method : new String[] {"offer", "poll", "peek", "size", "remove", "clear"}) {
            builder.allowBlockingCallsInside(QUEUE, method);
        }
        loadContextPropagation();
    }

    /**
     * Loads Micrometer's context propagation, if it is on the class path. Its first use reads files, which must not
     * happen on an event loop.
     */
    private static void loadContextPropagation() {
        try {
            Class.forName("io.micrometer.context.ContextRegistry");
        } catch (ClassNotFoundException absent) {
            // Not on the class path: nothing uses it.
        }
    }
}
