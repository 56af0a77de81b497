package io.penstock.benchmarks.quota;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The server, in a process of its own. It reads commands on its standard input and replies to each with one line.
 *
 * <pre>
 *  open SCENARIO   begin to count for a client   → the number of its account
 *  counts N        report the counts             → a {@link Counts}
 * </pre>
 *
 * A request to {@code /N/…} counts for account N. The server ends at the end of its input, so it does not outlive its
 * parent process.
 */
public final class QuotaServer {

    private record Opened(Account account, long nanos) {
        long now() {
            return System.nanoTime() - nanos;
        }
    }

    private static final byte[] BODY = "{\"done\":true}".getBytes(StandardCharsets.UTF_8);

    private final LoopResources loops = LoopResources.create("quota", 1, 1, true);
    private final ScheduledExecutorService loop = loops.onServer(true).next();
    private final List<Opened> accounts = new CopyOnWriteArrayList<>();

    private QuotaServer() {}

    /** Starts the server, prints its port, and executes the commands. */
    public static void main(String[] args) throws IOException, InterruptedException {
        new QuotaServer().run();
    }

    private void run() throws IOException, InterruptedException {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(loops)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .handle(this::answer)
                .bindNow();
        ChildProcess.reply(server.port(), this::obey);
        server.disposeNow();
    }

    private String obey(String line) {
        String[] words = line.split(" ", 2);
        return switch (words[0]) {
            case "open" -> {
                accounts.add(
                        new Opened(new Account(Json.of(words[1], Scenario.class), Instant.now()), System.nanoTime()));
                yield Integer.toString(accounts.size() - 1);
            }
            case "counts" -> {
                Opened opened = accounts.get(Integer.parseInt(words[1]));
                yield Json.line(opened.account.counts(opened.now()));
            }
            default -> throw new IllegalArgumentException("command: " + line + " (expected: open SCENARIO, counts N)");
        };
    }

    /** Responds after the latency of the request, the decision, and the latency of the response. */
    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String uri = request.uri();
        Opened opened = accounts.get(Integer.parseInt(uri.substring(1, uri.indexOf('/', 1))));
        return way().then(Mono.fromCallable(() -> opened.account.decide(opened.now())))
                .delayUntil(decided -> way())
                .flatMap(answer -> send(response, answer));
    }

    private Mono<Void> way() {
        double millis = ThreadLocalRandom.current()
                .nextDouble(Scenario.LEAST_LATENCY_MILLIS / 2, Scenario.MOST_LATENCY_MILLIS / 2);
        return Mono.create(sink -> {
            var unused = loop.schedule(() -> sink.success(), (long) (millis * 1e6), TimeUnit.NANOSECONDS);
        });
    }

    private static Mono<Void> send(HttpServerResponse response, Answer answer) {
        response.status(HttpResponseStatus.valueOf(answer.status()));
        response.header(HttpHeaderNames.CONTENT_TYPE, "application/json");
        response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(BODY.length));
        for (int i = 0; i < answer.headers().size(); i += 2) {
            response.header(answer.headers().get(i), answer.headers().get(i + 1));
        }
        return response.sendObject(Unpooled.wrappedBuffer(BODY)).then();
    }
}
