package io.penstock.benchmarks.coldstart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.json.JsonMapper;

/** The same GET with the JDK's client and Jackson. */
public final class JdkProgram {

    private JdkProgram() {}

    /** Runs the program. Its argument is the server's address. */
    public static void main(String[] args) throws IOException, InterruptedException {
        JsonMapper mapper = JsonMapper.builder().build();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(args[0] + "greeting")).build();
        byte[] body = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofByteArray())
                .body();
        Greeting.answered(mapper.readValue(body, Greeting.class));
    }
}
