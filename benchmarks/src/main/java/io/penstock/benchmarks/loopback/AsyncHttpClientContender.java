package io.penstock.benchmarks.loopback;

import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.BoundRequestBuilder;
import org.asynchttpclient.Dsl;
import tools.jackson.databind.json.JsonMapper;

/** async-http-client and Jackson 3, without resilience operators. */
final class AsyncHttpClientContender implements Contender {

    private final JsonMapper json = new JsonMapper();
    private final AsyncHttpClient client;
    private final Target target;

    AsyncHttpClientContender(Target target) {
        this.target = target;
        this.client = Dsl.asyncHttpClient(
                Dsl.config().setMaxConnections(target.connections()).setMaxConnectionsPerHost(target.connections()));
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        String uri = target.base() + scenario.path();
        BoundRequestBuilder request = scenario == Scenario.POST
                ? client.preparePost(uri)
                        .setHeader("content-type", "application/json")
                        .setBody(json.writeValueAsBytes(Scenario.BODY))
                : client.prepareGet(uri);
        var unused = request.setHeader("accept", Target.ACCEPT)
                .setHeader("authorization", Target.AUTHORIZATION)
                .execute()
                .toCompletableFuture()
                .thenApply(response -> scenario.decode(response.getStatusCode(), response.getResponseBodyAsBytes()))
                .whenComplete(caller);
    }
}
