package io.penstock.benchmarks.coldstart;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** The server, in a process of its own. It prints its address, and ends at the end of its input. */
public final class GreetingServer {

    private GreetingServer() {}

    /** Starts the server. */
    public static void main(String[] args) throws IOException {
        byte[] body = Greeting.JSON.getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/greeting", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        while (System.in.read() >= 0) {
            // until the parent process closes the input
        }
        server.stop(0);
    }
}
