package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.penstock.error.ApiException;
import io.penstock.http.Method;
import io.penstock.upload.RequestBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What carries one exchange at a time: a connection of HTTP/1.1, or a stream of HTTP/2. Everything happens on its event
 * loop.
 */
interface ExchangeCarrier {

    EventLoop loop();

    ByteBufAllocator allocator();

    /** Returns whether the connection has carried a request before the current one. */
    boolean isReused();

    /** Returns whether the current request is a HEAD, whose answer has no content (RFC 9110 §9.3.2). */
    boolean isHead();

    /**
     * Encodes a head, to be sent or discarded.
     *
     * @param added the headers that operators have added, as alternating names and values
     * @param query the encoded pairs that authentication adds to the query, or null
     * @throws ApiException INVALID_REQUEST if the URI or a header cannot be sent
     */
    void encode(RequestHead head, List<String> added, @Nullable String query);

    /** Drops what has been encoded. */
    void discard();

    /** Writes the encoded head, and a body in memory. The dispatch has been announced. */
    void send(Exchange sender, Method method, @Nullable RequestBody body);

    /** Writes a part of a body, without a flush. The future ends when the part has left for the socket. */
    ChannelFuture writePart(ByteBuf part, boolean isLengthKnown);

    /** Writes the end of a body, or returns null if the length of the body says it all. */
    @Nullable
    ChannelFuture writeEnd(boolean isLengthKnown);

    void flush();

    /** Records that the whole request of this exchange has been written. */
    void requestDone(Exchange by);

    /** Records a failed write, unless this exchange has left. */
    void writeFailed(Exchange by, @Nullable Throwable cause);

    /** Ends this exchange, if it is still carried, with a failure of its own. */
    void failed(Exchange by, Throwable cause);

    /** Lets go of this exchange if it is still carried. It expects nothing more. */
    void abandon(Exchange by);

    /** Sets whether more of the answer is read from the peer. */
    void reading(boolean wanted);
}
