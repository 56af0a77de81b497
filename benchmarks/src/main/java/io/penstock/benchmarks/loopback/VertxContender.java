package io.penstock.benchmarks.loopback;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.util.Objects;

/** Vert.x's web client with its own JSON codec (Jackson 2), without resilience operators. */
final class VertxContender implements Contender {

    private final WebClient client;

    VertxContender(Target target) {
        this.client = WebClient.create(
                Vertx.vertx(),
                new WebClientOptions()
                        .setDefaultHost(target.base().getHost())
                        .setDefaultPort(target.base().getPort()),
                new PoolOptions().setHttp1MaxSize(target.connections()));
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        HttpMethod method = scenario == Scenario.POST ? HttpMethod.POST : HttpMethod.GET;
        HttpRequest<Buffer> request = client.request(method, scenario.path())
                .putHeader("accept", Target.ACCEPT)
                .putHeader("authorization", Target.AUTHORIZATION);
        HttpRequest<?> decoded = request.as(BodyCodec.json(scenario.type()));
        Future<? extends HttpResponse<?>> sent =
                scenario == Scenario.POST ? decoded.sendJson(Scenario.BODY) : decoded.send();
        sent.<Object>map(VertxContender::body).onComplete(caller::accept);
    }

    private static Object body(HttpResponse<?> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException(Target.unexpected(response.statusCode()));
        }
        return Objects.requireNonNull(response.body(), "an answer without a body");
    }
}
