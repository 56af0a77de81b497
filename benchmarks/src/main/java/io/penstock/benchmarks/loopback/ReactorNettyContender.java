package io.penstock.benchmarks.loopback;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import tools.jackson.databind.json.JsonMapper;

/** Reactor Netty and Jackson 3, written as guides show it, without resilience operators. */
final class ReactorNettyContender implements Contender {

    private final JsonMapper json = new JsonMapper();
    private final HttpClient client;

    ReactorNettyContender(Target target) {
        this.client = target.http()
                .baseUrl(target.base().toString())
                .headers(headers -> headers.set(HttpHeaderNames.ACCEPT, Target.ACCEPT)
                        .set(HttpHeaderNames.AUTHORIZATION, Target.AUTHORIZATION));
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        Mono<?> call = scenario == Scenario.POST
                ? client.headers(headers -> headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json"))
                        .post()
                        .uri(scenario.path())
                        .send(Mono.fromCallable(() -> Unpooled.wrappedBuffer(json.writeValueAsBytes(Scenario.BODY))))
                        .responseSingle((response, body) -> decode(scenario, response, body))
                : client.get()
                        .uri(scenario.path())
                        .responseSingle((response, body) -> decode(scenario, response, body));
        call.subscribe(caller);
    }

    private Mono<?> decode(Scenario scenario, HttpClientResponse response, ByteBufMono body) {
        int status = response.status().code();
        return status == 200
                ? body.asString().map(text -> json.readValue(text, scenario.type()))
                : Mono.error(Target.unexpected(status));
    }
}
