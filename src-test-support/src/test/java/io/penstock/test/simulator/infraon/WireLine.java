package io.penstock.test.simulator.infraon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** For request lines that the JDK's client refuses to send. */
final class WireLine {

    private WireLine() {}

    /** The status line of the answer. */
    static String get(InfraonSimulator infraon, String target) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), infraon.origin().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: ApiKey "
                                    + infraon.secret() + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return String.valueOf(answer.readLine());
        }
    }
}
