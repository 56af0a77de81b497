package io.penstock.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets event loops use Reactor's virtual clock under BlockHound, which finds this class by itself. The queue of a
 * {@code VirtualTimeScheduler} has a lock: where the test moves the clock while an event loop schedules a task, the loop waits
 * for it for a moment, and BlockHound would end the call that the test is about.
 */
public final class VirtualTimeIntegration implements BlockHoundIntegration {

    private static final String QUEUE = "java.util.concurrent.PriorityBlockingQueue";

    /** Called by the service loader. */
    public VirtualTimeIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        for (String method : new String[] {"offer", "poll", "peek", "size", "remove", "clear"}) {
            builder.allowBlockingCallsInside(QUEUE, method);
        }
        loadContextPropagation();
    }

    /** It reads files when it is first used: here, where it is on the class path, rather than on an event loop. */
    private static void loadContextPropagation() {
        try {
            Class.forName("io.micrometer.context.ContextRegistry");
        } catch (ClassNotFoundException absent) {
            // then nothing uses it
        }
    }
}
