package io.penstock;

import io.micrometer.context.ContextRegistry;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets the subscribers of the Reactive Streams TCK take signals on threads that must not block. Their queue has a lock: where
 * the test's thread looks into it just then, the signal waits for a moment, and BlockHound would take it away.
 */
public final class TckIntegration implements BlockHoundIntegration {

    private static final String ENVIRONMENT = "org.reactivestreams.tck.TestEnvironment";

    /** Called by the service loader. */
    public TckIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        for (String method : new String[] {"add", "complete"}) {
            builder.allowBlockingCallsInside(ENVIRONMENT + "$Receptacle", method);
        }
        for (String method : new String[] {"complete", "completeImmediatly"}) { // sic
            builder.allowBlockingCallsInside(ENVIRONMENT + "$Promise", method);
        }
        // It reads files when it is first used: here rather than on a thread that must not block.
        var unused = ContextRegistry.getInstance();
    }
}
