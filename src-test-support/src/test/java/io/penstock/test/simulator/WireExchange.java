package io.penstock.test.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What a plain socket saw: every byte until the server ended the connection, and how it ended it. */
record WireExchange(String bytes, boolean reset) {

    static final String POST = request("POST", "/things", "{\"a\":1}");

    static String request(String method, String path, String body) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    static WireExchange of(URI origin, String request) throws IOException {
        try (Socket socket = open(origin)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return readToEnd(socket);
        }
    }

    static Socket open(URI origin) throws IOException {
        Socket socket = new Socket(origin.getHost(), origin.getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    static WireExchange readToEnd(Socket socket) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        boolean reset = false;
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                bytes.write(b);
            }
        } catch (SocketException e) {
            reset = true;
        }
        return new WireExchange(bytes.toString(StandardCharsets.ISO_8859_1), reset);
    }

    String head() {
        return bytes.substring(0, bytes.indexOf("\r\n\r\n"));
    }

    String body() {
        return bytes.substring(bytes.indexOf("\r\n\r\n") + 4);
    }
}
