package io.penstock.test.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.Eventually;
import io.penstock.test.HeldPort;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorServerTest {

    private final CountingApi api = new CountingApi();
    private final SimulatorServer server = SimulatorServer.start(0, api);

    @AfterEach
    void stop() {
        server.close();
    }

    /** Repeats until one start is fast enough, because a busy machine may delay some. */
    @Test
    void startsWithinOneSecond() {
        Eventually.asserted(() -> {
            long start = System.nanoTime();
            SimulatorServer.start(0, api).close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        });
    }

    @Test
    void listensOnGivenPort() throws Exception {
        try (HeldPort port = HeldPort.take();
                SimulatorServer there = SimulatorServer.start(port.number(), api)) {
            assertThat(there.origin())
                    .hasPort(port.number())
                    .hasHost("127.0.0.1")
                    .hasScheme("http");
        }
    }

    @Test
    void logsRequestAsReceived() throws Exception {
        String request = "PUT /a%20b?q=%C3%BC&q=2 HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nx-two: 2\r\nContent-Length: 2\r\n"
                + "Connection: close\r\n\r\n\u00fc";
        WireExchange.of(server.origin(), request);
        LoggedRequest logged = server.requests().all().get(0);
        assertThat(logged.sequence()).isEqualTo(1);
        assertThat(logged.method()).isEqualTo("PUT");
        assertThat(logged.uri()).isEqualTo("/a%20b?q=%C3%BC&q=2");
        assertThat(logged.path()).isEqualTo("/a%20b");
        assertThat(logged.query("q")).isEqualTo("\u00fc");
        assertThat(logged.query("none")).isNull();
        assertThat(logged.headers()).containsEntry("x-two", List.of("1", "2"));
        assertThat(logged.header("X-TWO")).isEqualTo("1");
        assertThat(logged.header("none")).isNull();
        assertThat(logged.body()).isEqualTo("\u00fc");
        assertThat(logged.clientAddress()).isEqualTo("127.0.0.1");
    }

    @Test
    void describesAnswerToEachRequest() throws Exception {
        String long1000 = "x".repeat(1000);
        server.faults()
                .next(
                        Fault.status(503, Map.of("Retry-After", "1"), "text/plain", "a\nb"),
                        Fault.status(200, Map.of(), "text/plain", long1000),
                        Fault.resetAfterEffect(),
                        Fault.truncateResponse(10),
                        Fault.largeBody(200, 10));
        for (int i = 0; i < 5; i++) {
            WireExchange.of(server.origin(), "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        }

        assertThat(server.requests().all())
                .extracting(server.requests()::answerTo)
                .containsExactly(
                        "503 {Content-Type=text/plain, Retry-After=1} a b",
                        "200 {Content-Type=text/plain} " + "x".repeat(400) + "…",
                        "a reset",
                        "10 bytes, then the end of the connection",
                        "200 {} a generated body");
        LoggedRequest first = server.requests().all().get(0);
        server.requests().clear();
        assertThat(server.requests().answerTo(first)).isNull();
    }

    @Test
    void keepsLastAnswersOnly() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i <= RequestLog.ANSWERS_KEPT; i++) {
            get(client, "/");
        }

        List<LoggedRequest> all = server.requests().all();
        assertThat(server.requests().answerTo(all.get(0))).isNull();
        assertThat(server.requests().answerTo(all.get(1))).startsWith("201 ");
    }

    @Test
    void numbersConnectionsToShowReuse() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        get(client, "/1");
        get(client, "/2");
        get(HttpClient.newHttpClient(), "/3");
        assertThat(server.requests().all())
                .extracting(LoggedRequest::connection)
                .containsExactly(1L, 1L, 2L);
    }

    @Test
    void acceptsBodyOfOneMebibyteAndRejectsOneByteMore() throws Exception {
        assertThat(post(1024 * 1024).statusCode()).isEqualTo(201);
        HttpResponse<String> refused = post(1024 * 1024 + 1);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.headers().firstValue("x-vendor")).hasValue("refused");
        assertThat(api.effects.count()).isEqualTo(1);
        assertThat(server.requests().all()).extracting(r -> r.body().length()).containsExactly(1024 * 1024, 0);
    }

    @Test
    void reportsExceptionOfApiToClient() throws Exception {
        SimulatedApi broken = new SimulatedApi() {
            @Override
            public SimulatedResponse answer(LoggedRequest request) {
                throw new IllegalStateException("no such incident: 7");
            }

            @Override
            public SimulatedResponse error(LoggedRequest request, int status) {
                return SimulatedResponse.empty(status);
            }
        };
        try (SimulatorServer failing = SimulatorServer.start(0, broken)) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(failing.origin()).build(), BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .startsWith("The simulator failed: java.lang.IllegalStateException: no such incident: 7")
                    .contains("SimulatorServerTest");
        }
    }

    @Test
    void ignoresTruncatedRequest() throws Exception {
        try (Socket socket = WireExchange.open(server.origin())) {
            socket.getOutputStream()
                    .write("POST /things HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc"
                            .getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            WireExchange.readToEnd(socket);
        }
        get(HttpClient.newHttpClient(), "/after");
        assertThat(server.requests().all()).extracting(LoggedRequest::path).containsExactly("/after");
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void stopsListeningAndDropsConnectionsOnClose() throws Exception {
        try (HeldPort port = HeldPort.take()) {
            SimulatorServer stopped = SimulatorServer.start(port.number(), api);
            try (Socket idle = WireExchange.open(stopped.origin())) {
                idle.getOutputStream()
                        .write(WireExchange.request("GET", "/", "").getBytes(StandardCharsets.UTF_8));
                assertThat(idle.getInputStream().read()).isEqualTo('H');
                stopped.close();
                stopped.close();
                assertThat(WireExchange.readToEnd(idle).bytes()).startsWith("TTP/1.1 201");
            }
            assertThatThrownBy(() -> WireExchange.open(stopped.origin())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void consumesFaultByFirstMatchInScriptedOrder() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        server.faults()
                .next(Fault.status(500))
                .on("GET", "/b", Fault.status(502))
                .next(Fault.status(503));
        assertThat(server.faults().pending()).isEqualTo(3);
        assertThat(get(client, "/a")).isEqualTo(500);
        assertThat(get(client, "/a")).isEqualTo(503);
        assertThat(get(client, "/b/")).isEqualTo(201);
        assertThat(get(client, "/b?x=1")).isEqualTo(502);
        assertThat(get(client, "/b")).isEqualTo(201);
        assertThat(server.faults().pending()).isZero();
    }

    @Test
    void forgetsClearedFaults() throws Exception {
        server.faults().next(Fault.status(500), Fault.status(500));
        server.faults().clear();
        assertThat(get(HttpClient.newHttpClient(), "/a")).isEqualTo(201);
    }

    @Test
    void filtersLogByMethodAndPathAndClearsIt() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        get(client, "/a?x=1");
        get(client, "/b");
        assertThat(server.requests().of("GET", "/a")).hasSize(1);
        assertThat(server.requests().of("POST", "/a")).isEmpty();
        server.requests().clear();
        assertThat(server.requests().count()).isZero();
        get(client, "/a");
        assertThat(server.requests().all()).extracting(LoggedRequest::sequence).containsExactly(3L);
    }

    @Test
    void keepsLastRequestsAndCountsAll() {
        RequestLog log = new RequestLog();
        for (int i = 0; i < RequestLog.KEPT + 2; i++) {
            log.add(new LoggedRequest(
                    log.next(), Instant.EPOCH, "GET", "/", "/", Map.of(), new byte[0], 1, "127.0.0.1"));
        }
        assertThat(log.count()).isEqualTo(RequestLog.KEPT + 2);
        assertThat(log.all()).hasSize(RequestLog.KEPT);
        assertThat(log.all().get(0).sequence()).isEqualTo(3);
    }

    @Test
    void logsRequestTogetherWithItsEffect() throws Exception {
        SimulatorServer[] self = new SimulatorServer[1];
        List<Integer> loggedWhileActing = new ArrayList<>();
        SimulatedApi counting = new SimulatedApi() {
            @Override
            public SimulatedResponse answer(LoggedRequest request) {
                loggedWhileActing.add(self[0].requests().count());
                return SimulatedResponse.json(200, "{}");
            }

            @Override
            public SimulatedResponse error(LoggedRequest request, int status) {
                return SimulatedResponse.empty(status);
            }
        };
        try (SimulatorServer acting = SimulatorServer.start(0, counting)) {
            self[0] = acting;
            HttpRequest request =
                    HttpRequest.newBuilder(acting.origin().resolve("/a")).build();
            HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

            assertThat(loggedWhileActing).containsExactly(0);
            assertThat(acting.requests().count()).isEqualTo(1);
        }
    }

    private int get(HttpClient client, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(server.origin().resolve(path)).build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private HttpResponse<String> post(int bytes) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.origin().resolve("/things"))
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(bytes)))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
