package io.penstock.benchmarks.coldstart;

import java.util.Objects;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.json.JsonMapper;

/** The same GET with Reactor Netty and Jackson alone. */
public final class ReactorNettyProgram {

    private ReactorNettyProgram() {}

    /** Runs the program. Its argument is the server's address. */
    public static void main(String[] args) {
        JsonMapper mapper = JsonMapper.builder().build();
        byte[] body = HttpClient.create()
                .get()
                .uri(args[0] + "greeting")
                .responseContent()
                .aggregate()
                .asByteArray()
                .block();
        Greeting.answered(mapper.readValue(Objects.requireNonNull(body), Greeting.class));
    }
}
