package io.penstock.test.simulator.streams;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The server's side of one connection. */
public final class Wire {

    private final Socket socket;

    Wire(Socket socket) {
        this.socket = socket;
    }

    /** Sends text, one byte for each character. Returns when the kernel has accepted it. */
    public void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        send(bytes, 0, bytes.length);
    }

    /** Sends a part of an array. */
    public void send(byte[] bytes, int from, int length) throws IOException {
        socket.getOutputStream().write(bytes, from, length);
    }

    /** Resets the connection (TCP RST). Data in flight may be lost. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Sends a TCP FIN after all data, and waits until the client closes the connection as well. */
    public void end() throws IOException {
        if (!socket.isClosed()) {
            socket.shutdownOutput();
            silence();
        }
    }

    /** Sends nothing more, and waits until the client closes the connection. */
    public void silence() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] ignored = new byte[1024];
        while (in.read(ignored) >= 0) {
            // Discards whatever the client still sends.
        }
    }
}
