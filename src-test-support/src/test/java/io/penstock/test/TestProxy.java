package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A script of a proxy that opens a tunnel to one port of loopback, whatever name the client asks for, and remembers the
 * names. It wants credentials if it is given any.
 */
final class TestProxy implements RawServer.Script {

    private static final int SOCKS = 5;
    private static final int NO_LOGIN = 0;
    private static final int LOGIN = 2;
    private static final int NONE_ACCEPTED = 0xff;
    private static final int IPV4 = 1;
    private static final int NAME = 3;

    private final boolean socks;
    private final int port;
    private final @Nullable String login;
    private final List<String> targets = new CopyOnWriteArrayList<>();

    private TestProxy(boolean socks, int port, @Nullable String login) {
        this.socks = socks;
        this.port = port;
        this.login = login;
    }

    /** Returns an HTTP proxy. A login is {@code user:password}. */
    static TestProxy http(RawServer server, @Nullable String login) {
        return new TestProxy(false, server.port(), login);
    }

    /** Returns a SOCKS 5 proxy. A login is {@code user:password}. */
    static TestProxy socks(RawServer server, @Nullable String login) {
        return new TestProxy(true, server.port(), login);
    }

    /** Returns the servers that tunnels were opened to, as host and port. */
    List<String> targets() {
        return targets;
    }

    @Override
    public void play(RawServer.Peer peer) throws IOException {
        if (socks ? negotiate(peer) : connect(peer)) {
            peer.relay(port);
        }
    }

    private boolean connect(RawServer.Peer peer) throws IOException {
        String head = peer.head();
        String expected = login == null
                ? ""
                : "\r\nproxy-authorization: basic "
                        + Base64.getEncoder()
                                .encodeToString(login.getBytes(StandardCharsets.UTF_8))
                                .toLowerCase(Locale.ROOT);
        if (!head.toLowerCase(Locale.ROOT).contains(expected)) {
            peer.send("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                    + "Content-Length: 4\r\n\r\nfour");
            return false;
        }
        assertThat(head).startsWith("CONNECT ");
        targets.add(head.split(" ", 3)[1]);
        peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
        return true;
    }

    private boolean negotiate(RawServer.Peer peer) throws IOException {
        byte[] greeting = peer.body(2);
        assertThat(greeting[0]).isEqualTo((byte) SOCKS);
        byte[] methods = peer.body(greeting[1]);
        int wanted = login == null ? NO_LOGIN : LOGIN;
        boolean offered = new String(methods, StandardCharsets.ISO_8859_1).indexOf(wanted) >= 0;
        send(peer, SOCKS, offered ? wanted : NONE_ACCEPTED);
        if (!offered || (login != null && !isLogin(peer))) {
            peer.silence();
            return false;
        }
        byte[] request = peer.body(4);
        String host = request[3] == NAME ? text(peer, peer.body(1)[0]) : address(peer, request[3]);
        byte[] to = peer.body(2);
        targets.add(host + ":" + (((to[0] & 0xff) << 8) | (to[1] & 0xff)));
        send(peer, SOCKS, 0, 0, IPV4, 127, 0, 0, 1, 0, 0);
        return true;
    }

    private boolean isLogin(RawServer.Peer peer) throws IOException {
        peer.body(1);
        String user = text(peer, peer.body(1)[0]);
        String password = text(peer, peer.body(1)[0]);
        boolean known = (user + ":" + password).equals(login);
        send(peer, 1, known ? 0 : 1);
        return known;
    }

    private static String address(RawServer.Peer peer, byte type) throws IOException {
        assertThat(type).isEqualTo((byte) IPV4);
        byte[] bytes = peer.body(4);
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    private static String text(RawServer.Peer peer, byte length) throws IOException {
        return new String(peer.body(length & 0xff), StandardCharsets.ISO_8859_1);
    }

    private static void send(RawServer.Peer peer, int... bytes) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int b : bytes) {
            text.append((char) b);
        }
        peer.send(text.toString());
    }
}
