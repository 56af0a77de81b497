package io.penstock.pipeline;

import io.netty.buffer.ByteBuf;

/** What a transport hands a response to: first its head, then its whole body, once each and on one thread. */
public interface Receiver {

    /** The head, before the first byte of the body. */
    void onHead(Call call, ResponseHead head);

    /** How many decoded bytes of the body to collect; what lies beyond is not read. */
    int limit(ResponseHead head);

    /**
     * Makes the reply, or throws the failure. The buffer is lent for the time of this call: its owner is the transport.
     *
     * @param complete false if the body was cut, at the limit or because the connection was lost
     */
    Reply onBody(Call call, ResponseHead head, ByteBuf body, boolean complete);
}
