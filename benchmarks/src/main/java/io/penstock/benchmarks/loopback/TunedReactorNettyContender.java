package io.penstock.benchmarks.loopback;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.InputStream;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reactor Netty and Jackson 3, tuned: the client with its method, the parsed URI and the readers are kept, the callback
 * writes the headers, and decoding reads the buffer itself. (Event loops are colocated by default.)
 */
final class TunedReactorNettyContender implements Contender {

    private final HttpClient.RequestSender get;
    private final HttpClient.RequestSender post;
    private final ObjectWriter writer;
    private final Map<Scenario, URI> uris = new EnumMap<>(Scenario.class);

    TunedReactorNettyContender(Target target) {
        this(target, target.http());
    }

    TunedReactorNettyContender(Target target, HttpClient client) {
        this.get = client.request(HttpMethod.GET);
        this.post = client.request(HttpMethod.POST);
        this.writer = new JsonMapper().writerFor(Scenario.NewItem.class);
        for (Scenario scenario : Scenario.values()) {
            uris.put(scenario, target.uri(scenario));
        }
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        URI uri = Objects.requireNonNull(uris.get(scenario));
        HttpClient.ResponseReceiver<?> sent = scenario == Scenario.POST
                ? post.uri(uri).send(this::post)
                : get.uri(uri).send(TunedReactorNettyContender::get);
        sent.responseSingle((response, body) -> decode(scenario, response, body))
                .subscribe(caller);
    }

    private static void set(HttpHeaders headers) {
        headers.set(HttpHeaderNames.ACCEPT, Target.ACCEPT).set(HttpHeaderNames.AUTHORIZATION, Target.AUTHORIZATION);
    }

    private static Publisher<Void> get(HttpClientRequest request, NettyOutbound outbound) {
        set(request.requestHeaders());
        return outbound;
    }

    private Publisher<Void> post(HttpClientRequest request, NettyOutbound outbound) {
        byte[] body = writer.writeValueAsBytes(Scenario.BODY);
        set(request.requestHeaders());
        request.requestHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return outbound.sendObject(Unpooled.wrappedBuffer(body));
    }

    private static Mono<Object> decode(Scenario scenario, HttpClientResponse response, ByteBufMono body) {
        int status = response.status().code();
        return status == 200
                ? body.map(bytes -> decode(scenario.reader(), bytes))
                : Mono.error(Target.unexpected(status));
    }

    private static Object decode(ObjectReader reader, ByteBuf bytes) {
        return reader.readValue((InputStream) new ByteBufInputStream(bytes));
    }
}
