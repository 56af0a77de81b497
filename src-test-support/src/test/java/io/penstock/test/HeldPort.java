package io.penstock.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of loopback at which nothing listens: connecting is refused, and no other process is given it, because a socket
 * is bound to it. A server that reuses addresses may listen at it all the same, where the system allows that (Linux does).
 */
public final class HeldPort implements AutoCloseable {

    private final Socket holder;

    private HeldPort(Socket holder) {
        this.holder = holder;
    }

    /** Takes a free port. */
    public static HeldPort take() throws IOException {
        Socket holder = new Socket();
        try {
            holder.setReuseAddress(true);
            holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new HeldPort(holder);
        } catch (IOException e) {
            holder.close();
            throw e;
        }
    }

    /** The port. */
    public int number() {
        return holder.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
