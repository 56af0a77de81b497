package io.penstock.benchmarks.loopback;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The JDK's client and Jackson 3, without resilience operators. It has no connection limit. */
final class JdkContender implements Contender {

    private final JsonMapper json = new JsonMapper();
    private final Map<Scenario, ObjectReader> readers = new EnumMap<>(Scenario.class);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Target target;

    JdkContender(Target target) {
        this.target = target;
        for (Scenario scenario : Scenario.values()) {
            readers.put(scenario, json.readerFor(scenario.type()));
        }
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
                .thenApply(response -> decode(scenario, response))
                .whenComplete(caller);
    }

    private Object decode(Scenario scenario, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new CompletionException(Target.unexpected(response.statusCode()));
        }
        return Objects.requireNonNull(readers.get(scenario)).readValue(response.body());
    }

    @Override
    public void close() {
        // it ends when it is no longer reachable
    }
}
