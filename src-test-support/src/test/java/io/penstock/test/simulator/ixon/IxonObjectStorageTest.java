package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IxonObjectStorageTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final IxonSimulator ixon = IxonSimulator.start();
    private final Caller caller = new Caller(ixon);
    private final String storage = "/agents/" + ixon.agentId() + "/object-storage/";

    @AfterEach
    void stop() {
        ixon.close();
    }

    @Test
    void keepsEveryByteOfBlob() throws Exception {
        byte[] content = new byte[256];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) i;
        }
        put("a.bin", content);
        HttpRequest get = request(url("download", "a.bin")).GET().build();
        assertThat(CLIENT.send(get, BodyHandlers.ofByteArray()).body()).isEqualTo(content);
    }

    @Test
    void listsNamesAsTheyWereGiven() throws Exception {
        put("a b+ä/c%20.txt", new byte[] {1});
        assertThat(caller.post(storage + "list", "{}").data().at("/0/name").stringValue())
                .isEqualTo("a b+ä/c%20.txt");
    }

    private void put(String name, byte[] content) throws Exception {
        HttpRequest put = request(url("upload", name))
                .PUT(BodyPublishers.ofByteArray(content))
                .build();
        assertThat(CLIENT.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
    }

    private String url(String operation, String name) throws Exception {
        return caller.post(storage + operation, "{\"name\":\"" + name + "\"}")
                .data()
                .get("url")
                .stringValue();
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30));
    }
}
