package io.penstock.pipeline;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import java.util.function.Consumer;

/**
 * Makes elements of a body while it arrives. All calls come one after the other, on the connection's event loop, so that
 * it must not block; what it throws ends the body. It keeps what it needs of a part as an object of its own, bounded: of
 * a whole body there is nothing that could be counted on.
 */
@Internal
public interface BodyReader {

    /**
     * Whether there is a reply as soon as the head is there. Otherwise the first element has to come before: whatever goes
     * wrong until then is a failed attempt, which may be repeated.
     */
    default boolean opensWithHead() {
        return false;
    }

    /** Reads a part, which is lent for the time of this call, and hands on the elements that it completes. */
    void read(ByteBuf part, Consumer<Object> elements);

    /** Says that the body has ended as it should; throws if the reader had to have more. */
    void end(Consumer<Object> elements);
}
