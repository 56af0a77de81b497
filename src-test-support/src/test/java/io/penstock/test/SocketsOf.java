package io.penstock.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Server sockets of another factory, with changes. */
abstract class SocketsOf extends ServerSocketFactory {

    private final ServerSocketFactory factory;

    SocketsOf(ServerSocketFactory factory) {
        this.factory = factory;
    }

    /** Changes a new socket. */
    abstract void prepare(ServerSocket made) throws IOException;

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        ServerSocket made = factory.createServerSocket(port, backlog, address);
        prepare(made);
        return made;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return createServerSocket(port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, 50);
    }
}
