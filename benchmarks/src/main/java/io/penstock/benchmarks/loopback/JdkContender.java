package io.penstock.benchmarks.loopback;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import tools.jackson.databind.json.JsonMapper;

/** The JDK's client and Jackson 3, without resilience operators. It has no connection limit. */
final class JdkContender implements Contender {

    private final JsonMapper json = new JsonMapper();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Target target;

    JdkContender(Target target) {
        this.target = target;
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.uri(scenario))
                .header("accept", Target.ACCEPT)
                .header("authorization", Target.AUTHORIZATION);
        if (scenario == Scenario.POST) {
            request.header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(Scenario.BODY)));
        }
        var unused = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(response -> scenario.decode(response.statusCode(), response.body()))
                .whenComplete(caller);
    }
}
