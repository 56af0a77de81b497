package io.penstock.benchmarks;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreaker;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreakerClient;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreakerRule;
import com.linecorp.armeria.client.retry.RetryRule;
import com.linecorp.armeria.client.retry.RetryingClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.auth.AuthToken;

/** Armeria's client with decorators for retry and circuit breaker, a credential and its response timeout. */
final class Armeria {

    private final WebClient client;

    /** Creates a client around a stub. The stub is the innermost decorator and sends nothing. */
    Armeria() {
        HttpData body = HttpData.wrap(StubAnswer.body());
        ResponseHeaders head = ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, MediaType.JSON);
        this.client = WebClient.builder("http://api.example.com/v1/")
                .auth(AuthToken.ofOAuth2(StubAnswer.KEY))
                .decorator((delegate, ctx, req) -> HttpResponse.of(head, body))
                .decorator(CircuitBreakerClient.newDecorator(
                        CircuitBreaker.ofDefaultName(), CircuitBreakerRule.onServerErrorStatus()))
                .decorator(RetryingClient.newDecorator(RetryRule.failsafe()))
                .build();
    }

    /** Makes a call. */
    AggregatedHttpResponse call() {
        return client.get("scans").aggregate().join();
    }
}
