package io.penstock.body;

import io.penstock.annotation.Internal;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * A BlockHound integration that lets Jackson prepare the reader of a type on an event loop. BlockHound finds it through the
 * service loader; nothing else loads it.
 *
 * <p>Jackson holds a lock while it makes the first reader of a type. If two event loops decode their first JSON at the same
 * time, one waits for the other, once per type. Without this class, BlockHound would fail the call that waits.
 *
 * @hidden
 */
@Internal
public final class JacksonBlockHoundIntegration implements BlockHoundIntegration {

    /** Creates the integration. The service loader calls it. */
    public JacksonBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(
                "tools.jackson.databind.deser.DeserializerCache", "_createAndCacheValueDeserializer");
    }
}
