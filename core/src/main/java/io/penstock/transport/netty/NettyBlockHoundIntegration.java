package io.penstock.transport.netty;

import io.penstock.annotation.Internal;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * A BlockHound integration that lets Netty's allocator release memory on event loops. BlockHound finds it through the
 * service loader.
 *
 * <p>If several threads allocate at once, {@code AdaptivePoolingAllocator} takes a lock for a moment to replace its
 * magazines. Netty 4.2.18 allows that lock for {@code PoolArena} only. Without this class, BlockHound would fail the
 * call that needed the buffer.
 *
 * @hidden
 */
@Internal
public final class NettyBlockHoundIntegration implements BlockHoundIntegration {

    private static final String ALLOCATOR = "io.netty.buffer.AdaptivePoolingAllocator";

    /** Creates the integration. The service loader calls it. */
    public NettyBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(ALLOCATOR + "$Magazine", "free");
        builder.allowBlockingCallsInside(ALLOCATOR + "$MagazineGroup", "free");
    }
}
