package io.penstock.benchmarks.loopback;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.util.BinaryData;
import reactor.core.publisher.Mono;

/** azure-core's pipeline with its retry policy, over its Reactor Netty client, with its own serializer (Jackson 2). */
final class AzureContender implements Contender {

    private final HttpPipeline pipeline;
    private final Target target;

    AzureContender(Target target) {
        this.target = target;
        this.pipeline = new HttpPipelineBuilder()
                .httpClient(new NettyAsyncHttpClientBuilder()
                        .connectionProvider(target.pool())
                        .build())
                .policies(new RetryPolicy())
                .build();
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        HttpRequest request = new HttpRequest(
                        scenario == Scenario.POST ? HttpMethod.POST : HttpMethod.GET, target.base() + scenario.path())
                .setHeader(HttpHeaderName.ACCEPT, Target.ACCEPT)
                .setHeader(HttpHeaderName.AUTHORIZATION, Target.AUTHORIZATION);
        if (scenario == Scenario.POST) {
            request.setHeader(HttpHeaderName.CONTENT_TYPE, "application/json")
                    .setBody(BinaryData.fromObject(Scenario.BODY));
        }
        pipeline.send(request).flatMap(response -> decode(scenario, response)).subscribe(caller);
    }

    private static Mono<?> decode(Scenario scenario, HttpResponse response) {
        return response.getStatusCode() == 200
                ? response.getBodyAsByteArray()
                        .map(bytes -> BinaryData.fromBytes(bytes).toObject(scenario.type()))
                : Mono.error(Target.unexpected(response.getStatusCode()));
    }
}
