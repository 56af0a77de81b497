package io.penstock.benchmarks.loopback;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.WebClientRequestPreparation;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreaker;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreakerClient;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreakerRule;
import com.linecorp.armeria.client.retry.RetryRule;
import com.linecorp.armeria.client.retry.RetryingClient;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.SessionProtocol;
import io.netty.util.AsciiString;

/**
 * Armeria's web client with the decorators for retry and circuit breaker, and its own JSON decoding (Jackson 2). It
 * treats every status but 2xx as an error. It has no connection limit for HTTP/1.1.
 */
final class ArmeriaContender implements Contender {

    private static final AsciiString AUTHORIZATION = HttpHeaderNames.AUTHORIZATION;

    private final WebClient client;

    ArmeriaContender(Target target) {
        this.client = WebClient.builder(
                        SessionProtocol.H1C.uriText() + "://" + target.base().getAuthority())
                .decorator(CircuitBreakerClient.newDecorator(
                        CircuitBreaker.ofDefaultName(),
                        CircuitBreakerRule.builder()
                                .onServerErrorStatus()
                                .onException()
                                .thenFailure()))
                .decorator(RetryingClient.newDecorator(RetryRule.failsafe()))
                .build();
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        WebClientRequestPreparation request = scenario == Scenario.POST
                ? client.prepare().post(scenario.path()).contentJson(Scenario.BODY)
                : client.prepare().get(scenario.path());
        var unused = request.header(HttpHeaderNames.ACCEPT, Target.ACCEPT)
                .header(AUTHORIZATION, Target.AUTHORIZATION)
                .asJson(scenario.type())
                .execute()
                .<Object>thenApply(entity -> entity.content())
                .whenComplete(caller);
    }
}
