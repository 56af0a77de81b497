package io.penstock.benchmarks.scale;

import io.netty.channel.ChannelOption;
import io.penstock.benchmarks.ChildProcess;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * A server that reads requests and never responds. For each line of input it prints the number of requests received. It
 * ends at the end of its input.
 */
public final class SilentServer {

    private SilentServer() {}

    /** Starts the server, prints its port, and answers each line of input. */
    public static void main(String[] args) throws IOException, InterruptedException {
        AtomicInteger requests = new AtomicInteger();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .handle((request, response) -> {
                    requests.incrementAndGet();
                    return Mono.never();
                })
                .bindNow();
        ChildProcess.reply(server.port(), line -> requests.toString());
        server.disposeNow();
    }
}
