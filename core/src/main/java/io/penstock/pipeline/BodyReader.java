package io.penstock.pipeline;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import java.util.function.Consumer;

/**
 * A reader that turns a body into elements while it arrives.
 *
 * <p>All calls are sequential, on the connection's event loop, so a reader must not block. An exception that it throws
 * ends the body. A reader copies what it needs of a part and bounds what it keeps, because the whole body may be of any
 * size.
 *
 * @hidden
 */
@Internal
public interface BodyReader {

    /**
     * Returns whether the reply is emitted as soon as the head has arrived. Otherwise it is emitted with the first
     * element, and an error before that fails the attempt, which may be retried.
     */
    default boolean opensWithHead() {
        return false;
    }

    /** Reads a part and passes on the elements that it completes. The buffer is valid only during this call. */
    void read(ByteBuf part, Consumer<Object> elements);

    /** Signals the regular end of the body. Throws if the reader expected more. */
    void end(Consumer<Object> elements);
}
