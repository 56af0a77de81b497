package io.penstock.test.simulator.streams;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The server's end of one connection. */
public final class Wire {

    private final Socket socket;

    Wire(Socket socket) {
        this.socket = socket;
    }

    /** Sends text, a byte for each character; it returns when the kernel has taken it. */
    public void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        send(bytes, 0, bytes.length);
    }

    /** Sends bytes. */
    public void send(byte[] bytes, int from, int length) throws IOException {
        socket.getOutputStream().write(bytes, from, length);
    }

    /** Resets the connection (RST): what is on its way may be lost. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Closes it with a FIN behind all that was sent, and waits for the client to do the same. */
    public void end() throws IOException {
        if (!socket.isClosed()) {
            socket.shutdownOutput();
            silence();
        }
    }

    /** Sends nothing more, and waits for the client to hang up. */
    public void silence() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] ignored = new byte[1024];
        while (in.read(ignored) >= 0) {
            // nothing more is expected
        }
    }
}
