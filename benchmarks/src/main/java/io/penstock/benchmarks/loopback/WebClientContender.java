package io.penstock.benchmarks.loopback;

import java.util.function.UnaryOperator;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** Spring's WebClient over Reactor Netty, with its own codecs (Jackson 3). It treats every 4xx or 5xx as an error. */
final class WebClientContender implements Contender {

    private final WebClient client;
    private final UnaryOperator<Mono<Object>> around;

    WebClientContender(Target target) {
        this(target, call -> call);
    }

    WebClientContender(Target target, UnaryOperator<Mono<Object>> around) {
        this.client = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(target.http()))
                .baseUrl(target.base().toString())
                .defaultHeader(HttpHeaders.ACCEPT, Target.ACCEPT)
                .defaultHeader(HttpHeaders.AUTHORIZATION, Target.AUTHORIZATION)
                .build();
        this.around = around;
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        WebClient.ResponseSpec answer = scenario == Scenario.POST
                ? client.post()
                        .uri(scenario.path())
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(Scenario.BODY)
                        .retrieve()
                : client.get().uri(scenario.path()).retrieve();
        around.apply(answer.bodyToMono(scenario.type()).cast(Object.class)).subscribe(caller);
    }
}
