package io.penstock.test.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerResponse;

/** One request without a response yet, and the ways to answer it or to leave it without an answer. */
final class Exchange {

    /**
     * The wait before a reset, because a reset discards data that the peer's kernel has not received yet. On loopback
     * this is ample time.
     */
    private static final long BEFORE_RESET_MILLIS = 20;

    private final SimulatedApi api;
    private final LoggedRequest request;
    private final HttpServerResponse response;
    private final @Nullable RequestLog log;
    private boolean logged;

    /**
     * Creates an exchange that logs its request when the server has acted on it, and before any byte is answered.
     *
     * @param log the log; null for a request that is not logged
     */
    Exchange(SimulatedApi api, LoggedRequest request, HttpServerResponse response, @Nullable RequestLog log) {
        this.api = api;
        this.request = request;
        this.response = response;
        this.log = log;
    }

    /** Logs the request once. */
    synchronized void log() {
        RequestLog known = log;
        if (!logged && known != null) {
            logged = true;
            known.add(request);
        }
    }

    private void logAnswer(String words) {
        RequestLog known = log;
        if (known != null) {
            known.answered(request, words);
        }
    }

    LoggedRequest request() {
        return request;
    }

    SimulatedResponse act() {
        try {
            return api.answer(request);
        } finally {
            log();
        }
    }

    SimulatedResponse refusal(int status) {
        return api.error(request, status);
    }

    /**
     * Acts after a delay and emits the answer. The delay is independent of the connection: the server acts even if the
     * client closes the connection meanwhile.
     */
    Mono<SimulatedResponse> actAfter(Duration delay) {
        return Mono.fromFuture(Mono.delay(delay).map(tick -> act()).toFuture(), true);
    }

    Mono<Void> send(SimulatedResponse answer) {
        logAnswer(answer.toString());
        response.status(answer.status());
        answer.headers().forEach(response::header);
        int length = answer.body().length;
        response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(length));
        return length == 0 || request.method().equals(HttpMethod.HEAD.name())
                ? response.send()
                : response.sendByteArray(Mono.just(answer.body())).then();
    }

    /** Sends a chunked JSON body, which is generated as fast as the client reads. */
    Publisher<Void> stream(int status, Map<String, String> headers, Flux<ByteBuf> body) {
        logAnswer(status + " " + headers + " a generated body");
        response.status(status).header(HttpHeaderNames.CONTENT_TYPE, "application/json");
        headers.forEach(response::header);
        return response.send(body);
    }

    Publisher<Void> end(Ending ending) {
        return raw(new byte[0], ending);
    }

    /**
     * Writes the bytes past the HTTP codec, then ends the connection. The publisher never completes. The close of the
     * connection terminates it.
     */
    Publisher<Void> raw(byte[] bytes, Ending ending) {
        logAnswer((bytes.length == 0 ? "" : bytes.length + " bytes, then ")
                + (ending == Ending.RST ? "a reset" : "the end of the connection"));
        log();
        response.withConnection(connection -> {
            Channel channel = connection.channel();
            ChannelHandlerContext codec = channel.pipeline().context(NettyPipeline.HttpCodec);
            // Without a codec, the client has disconnected meanwhile and the pipeline has been torn down.
            if (bytes.length == 0 || codec == null) {
                channel.eventLoop().execute(() -> close(channel, ending));
                return;
            }
            // A write from the codec's context starts at the handler before the codec, so the codec does not see it.
            var unused = codec.writeAndFlush(Unpooled.wrappedBuffer(bytes))
                    .addListener(written -> closeAfterWrite(channel, ending));
        });
        return Mono.never();
    }

    private static void closeAfterWrite(Channel channel, Ending ending) {
        if (ending == Ending.FIN) {
            close(channel, ending);
        } else {
            var unused = channel.eventLoop()
                    .schedule(() -> close(channel, ending), BEFORE_RESET_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static void close(Channel channel, Ending ending) {
        if (ending == Ending.RST && channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        var unused = channel.close();
    }
}
