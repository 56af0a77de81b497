package io.penstock.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Netty's allocator release memory on event loops under BlockHound, which finds this class by itself. Where several
 * threads allocate at once, {@code AdaptivePoolingAllocator} takes a lock for a moment to replace its magazines (Netty
 * 4.2.18, which allows it for {@code PoolArena} only), and BlockHound would end the call that needed the buffer.
 */
public final class AllocatorIntegration implements BlockHoundIntegration {

    private static final String ALLOCATOR = "io.netty.buffer.AdaptivePoolingAllocator";

    /** Called by the service loader. */
    public AllocatorIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(ALLOCATOR + "$Magazine", "free");
        builder.allowBlockingCallsInside(ALLOCATOR + "$MagazineGroup", "free");
    }
}
