package io.penstock.benchmarks.storm;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The server of a storm, in a process of its own. It reads commands on its standard input and replies to each with one
 * line.
 *
 * <pre>
 *  serve N      work on N requests at a time              → ok (epoch millis) (sends so far)
 *  unavailable  respond with 503 at once                  → the same
 *  reset        read the request, reset the connection    → the same
 *  begin        count from zero                           → the same
 *  counts       report the sends in each slot of 100 ms   → 17,20,18,…
 * </pre>
 *
 * The server ends at the end of its input, so it does not outlive its parent process.
 */
public final class StormServer {

    private enum Mode {
        SERVE,
        UNAVAILABLE,
        RESET
    }

    private static final byte[] DONE = "{\"done\":true}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] REFUSED = "{\"message\":\"unavailable\"}".getBytes(StandardCharsets.UTF_8);

    private final SendCounter sends = new SendCounter();
    private final LoopResources loops = LoopResources.create("storm", 1, 1, true);
    private final Capacity capacity = new Capacity(loops.onServer(true).next(), Scenario.SERVICE.toMillis());
    private volatile Mode mode = Mode.SERVE;

    private StormServer() {}

    /** Starts the server, prints its port, and executes the commands. */
    public static void main(String[] args) throws IOException {
        new StormServer().run();
    }

    private void run() throws IOException {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(loops)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .handle(this::answer)
                .bindNow();
        System.out.println(server.port());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(obey(line));
        }
        server.disposeNow();
    }

    private String obey(String line) {
        if (line.startsWith("serve ")) {
            capacity.workers(Integer.parseInt(line.substring("serve ".length())));
            mode = Mode.SERVE;
        } else if (line.equals("unavailable")) {
            mode = Mode.UNAVAILABLE;
        } else if (line.equals("reset")) {
            mode = Mode.RESET;
        } else if (line.equals("begin")) {
            sends.begin();
        } else if (line.equals("counts")) {
            return sends.slots();
        } else {
            throw new IllegalArgumentException(
                    "command: " + line + " (expected: serve N, unavailable, reset, begin, counts)");
        }
        return "ok " + System.currentTimeMillis() + " " + sends.total();
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        sends.count();
        return switch (mode) {
            case SERVE -> capacity.work().flatMap(done -> send(response, done));
            case UNAVAILABLE -> send(response, false);
            case RESET -> reset(request);
        };
    }

    private static Mono<Void> send(HttpServerResponse response, boolean done) {
        byte[] body = done ? DONE : REFUSED;
        response.status(done ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE);
        response.header(HttpHeaderNames.CONTENT_TYPE, "application/json");
        response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
        return response.sendObject(Unpooled.wrappedBuffer(body)).then();
    }

    /** Resets the connection: closing it with a linger time of zero sends RST instead of FIN. */
    private static Mono<Void> reset(HttpServerRequest request) {
        request.withConnection(connection -> {
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            var unused = connection.channel().close();
        });
        return Mono.never();
    }
}
