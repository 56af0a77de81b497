package io.penstock.transport;

import java.net.InetAddress;
import java.util.List;
import reactor.core.publisher.Mono;

/** A source of the addresses of hosts, in place of DNS: such as a registry of services, or a fixed table in a test. */
@FunctionalInterface
public interface HostResolver {

    /**
     * Returns the addresses of a host, in the order in which they are tried until one accepts a connection. An error, an
     * empty list, or no answer within the connect timeout fails the attempt with {@code CONNECT} and {@code NOT_SENT}.
     *
     * <p>It is asked for each new connection, and so may keep what it knows for a while. It is called and subscribed to
     * on an event loop, and must not block. It is not asked for addresses. With a proxy it is asked for the proxy's host
     * only. It is cancelled if the time is over.
     *
     * @param host the name, in lower case
     */
    Mono<List<InetAddress>> resolve(String host);
}
