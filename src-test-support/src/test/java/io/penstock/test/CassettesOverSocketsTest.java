package io.penstock.test;

import static io.penstock.test.PenstockAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.SimulatorServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs over sockets that are recorded, and repeated without a server. */
@ExtendWith(NoBufferLeaks.class)
class CassettesOverSocketsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RetryPolicy FAST =
            RetryPolicy.standard().withBackoff(new Backoff(Duration.ofMillis(10), 1, Duration.ofMillis(10), 0));
    private static final String KEY = "sk_live_4711c0ffee/4711+c0ffee";
    private static final String TOKEN = "tok-0123456789abcdef";
    private static final String COOKIE = "session-4711-secret";
    private static final Paging PAGES = Paging.cursor("cursor");
    private static final Payload<Page<Thing>> THINGS = Payload.page(Thing.class, List.of("items"), List.of("next"));

    record Thing(String id) {}

    /** An API that tells every secret it knows in its answers. */
    private static final class Gossip implements SimulatedApi {
        private final EffectLedger effects = new EffectLedger();

        @Override
        public SimulatedResponse answer(LoggedRequest request) {
            return switch (request.method() + " " + request.path()) {
                case "POST /token" -> json(200, "{\"access_token\":\"" + TOKEN + "\",\"expires_in\":3600}");
                case "GET /things" ->
                    json(
                            200,
                            "2".equals(request.query("cursor"))
                                    ? "{\"items\":[{\"id\":\"t-3\"}]}"
                                    : "{\"items\":[{\"id\":\"t-1\"},{\"id\":\"t-2\"}],\"next\":\"2\"}");
                case "POST /things" -> {
                    effects.enter("POST /things", "t-9", null);
                    yield json(
                            201,
                            "{\"id\":\"t-9\",\"echo\":\"" + request.header("authorization") + "\",\"weight\":1.50}");
                }
                case "GET /refused" ->
                    json(
                            422,
                            "{\"message\":\"bad key " + KEY + " "
                                    + Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8))
                                    + "\",\"password\":\"hunter2hunter2\",\"pin\":123456,\"report\":"
                                    + "\"https://files.example/r?X-Amz-Signature=feedbeef4711&sig=cafe4711&n=1\"}");
                case "GET /bytes" -> SimulatedResponse.bytes(200, "application/octet-stream", new byte[] {-1, 0, -2});
                case "GET /lines" ->
                    SimulatedResponse.text(200, "application/x-ndjson", "{\"id\":\"l-1\"}\n{\"id\":\"l-2\"}\n");
                default -> SimulatedResponse.json(404, "{}");
            };
        }

        private static SimulatedResponse json(int status, String body) {
            return SimulatedResponse.json(status, body)
                    .withHeader("Set-Cookie", COOKIE)
                    .withHeader("X-Trace", KEY)
                    .withHeader("X-Request-Id", "r-1");
        }

        @Override
        public SimulatedResponse error(LoggedRequest request, int status) {
            return SimulatedResponse.json(status, "{}");
        }
    }

    @TempDir
    Path folder;

    private final SimulatorServer server = SimulatorServer.start(0, new Gossip());

    @AfterEach
    void stop() {
        server.close();
    }

    private VendorSpec spec() {
        return VendorSpec.generic("acme", server.origin())
                .withKeyPlacement(KeyPlacement.header("Idempotency-Key", "things"));
    }

    private Path file() {
        return folder.resolve("cassettes/run.json");
    }

    /** Runs calls over sockets and records them. */
    private <T> T recorded(UnaryOperator<ApiClientBuilder> settings, Run<T> run) {
        T result;
        try (CassetteRecorder recorder = CassetteRecorder.to(file(), Secret.of(KEY))) {
            ApiClient client = settings.apply(
                            ApiClient.builder(spec()).secret(Secret.of(KEY)).retry(FAST))
                    .aroundTransport(recorder::tap)
                    .build();
            result = run.on(client);
            client.closeLater().block(PATIENCE);
        }
        return result;
    }

    /** Repeats calls without a server, with another secret, and verifies that all requests were made. */
    private <T> T replayed(UnaryOperator<ApiClientBuilder> settings, Run<T> run) {
        server.close();
        CassettePlayer player = CassettePlayer.of(file());
        ApiClient client = settings.apply(ApiClient.builder(spec())
                        .secret(Secret.of("another-secret"))
                        .retry(FAST))
                .transport(player)
                .build();
        T result = run.on(client);
        client.closeLater().block(PATIENCE);
        assertThat(player.unused()).isEmpty();
        return result;
    }

    private interface Run<T> {
        T on(ApiClient client);
    }

    private static ApiException failureOf(Mono<?> call) {
        return catchThrowableOfType(ApiException.class, () -> call.block(PATIENCE));
    }

    private static List<Integer> statuses(ApiResponse<?> response) {
        return response.journey().attempts().stream()
                .map(attempt -> attempt.status())
                .toList();
    }

    @Test
    void repeatsCallsWithTheirResultsAndJourneys() {
        server.faults().on("GET", "/things", Fault.status(503), Fault.resetAfterEffect());
        Run<List<Object>> run = client -> {
            ApiResponse<Page<Thing>> first =
                    client.execute(ApiRequest.get("things").as(THINGS)).block(PATIENCE);
            List<Thing> all = client.pages(ApiRequest.get("things").as(THINGS), PAGES)
                    .items()
                    .collectList()
                    .block(PATIENCE);
            ApiException refusal = failureOf(client.execute(ApiRequest.get("refused")));
            return List.of(
                    statuses(first),
                    first.value().items(),
                    all,
                    refusal.status(),
                    refusal.kind(),
                    refusal.requestId(),
                    client.execute(ApiRequest.get("bytes").as(Payload.bytes()))
                            .block(PATIENCE)
                            .value()
                            .length,
                    client.stream(ApiRequest.get("lines").as(Payload.lines(Thing.class)))
                            .collectList()
                            .block(PATIENCE));
        };

        List<Object> live = recorded(UnaryOperator.identity(), run);
        List<Object> repeated = replayed(UnaryOperator.identity(), run);

        assertThat(live.get(0)).isEqualTo(List.of(503, 0, 200));
        assertThat(repeated).isEqualTo(live);
    }

    @Test
    void repeatsCertaintyOfLostConnection() {
        server.faults().on("POST", "/things", Fault.resetAfterEffect());
        Run<ApiException> run =
                client -> failureOf(client.execute(ApiRequest.post("things").body(Map.of("name", "lamp"))));

        recorded(UnaryOperator.identity(), run);

        assertThat(replayed(UnaryOperator.identity(), run))
                .hasKind(ErrorKind.CONNECTION_LOST)
                .hasCertainty(Certainty.MAYBE_PROCESSED)
                .isNotSafeToRepeat();
    }

    @Test
    void repeatsBodyThatBrokeOff() {
        server.faults().on("GET", "/things", Fault.truncateBody(3));
        Run<List<Integer>> run = client ->
                statuses(client.execute(ApiRequest.get("things").as(THINGS)).block(PATIENCE));

        List<Integer> live = recorded(UnaryOperator.identity(), run);

        assertThat(replayed(UnaryOperator.identity(), run)).isEqualTo(live).hasSize(2);
    }

    @Test
    void keepsNoSecretInFile() throws IOException {
        VendorSpec exchanging =
                spec().withCredential(CredentialScheme.bearer().exchangedBy(TokenExchange.clientCredentials("token")));
        Secret pair = Secret.of("client-id-4711:" + KEY);
        Run<Object> run = client -> {
            client.execute(ApiRequest.post("things")
                            .body(Map.of("name", "lamp", "note", "my key is " + KEY))
                            .query("api_key", KEY)
                            .idempotencyKey(IdempotencyKey.of("k-1")))
                    .block(PATIENCE);
            return failureOf(client.execute(ApiRequest.get("refused").header("X-Api-Token", "header-secret-4711")));
        };
        try (CassetteRecorder recorder =
                CassetteRecorder.to(file(), Secret.of(TOKEN.substring(0, 8)), Secret.of(KEY), pair)) {
            ApiClient client = ApiClient.builder(exchanging)
                    .secret(pair)
                    .retry(FAST)
                    .aroundTransport(recorder::tap)
                    .build();
            run.on(client);
            client.closeLater().block(PATIENCE);
        }

        String text = Files.readString(file());
        assertThat(server.requests().of("POST", "/token")).hasSize(1);
        String basic = Base64.getEncoder().encodeToString(pair.reveal().getBytes(StandardCharsets.UTF_8));
        for (String secret : List.of(
                KEY,
                "4711c0ffee",
                TOKEN,
                COOKIE,
                TOKEN.substring(8),
                "hunter2hunter2",
                "feedbeef4711",
                "cafe4711",
                "123456",
                "header-secret-4711",
                basic,
                Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8)),
                "sk_live")) {
            assertThat(text).as("cassette").doesNotContain(secret);
        }
        assertThat(text)
                .contains(
                        "\"/things\"",
                        "\"api_key=****\"",
                        "\"name\" : \"lamp\"",
                        "my key is ****",
                        "\"access_token\" : \"****\"")
                .contains("\"authorization\" : \"****\"", "\"set-cookie\" : \"****\"", "\"x-trace\" : \"****\"")
                .contains("\"x-request-id\" : \"r-1\"");
    }

    @Test
    void repeatsTokenExchangeWithAnotherSecret() {
        VendorSpec exchanging =
                spec().withCredential(CredentialScheme.bearer().exchangedBy(TokenExchange.clientCredentials("token")));
        try (CassetteRecorder recorder = CassetteRecorder.to(file(), Secret.of("my-client:" + KEY))) {
            ApiClient client = ApiClient.builder(exchanging)
                    .secret(Secret.of("my-client:" + KEY))
                    .aroundTransport(recorder::tap)
                    .build();
            client.value(ApiRequest.get("things").as(THINGS)).block(PATIENCE);
            client.closeLater().block(PATIENCE);
        }
        server.close();
        CassettePlayer player = CassettePlayer.of(file());
        ApiClient client = ApiClient.builder(exchanging)
                .secret(Secret.of("any-client:any"))
                .transport(player)
                .build();

        assertThat(client.value(ApiRequest.get("things").as(THINGS))
                        .block(PATIENCE)
                        .items())
                .containsExactly(new Thing("t-1"), new Thing("t-2"));
        assertThat(player.unused()).isEmpty();
        client.closeLater().block(PATIENCE);
    }

    @Test
    void keepsHeadersAndFieldsThatAreAllowed() throws IOException {
        try (CassetteRecorder recorder = CassetteRecorder.to(file(), Secret.of(KEY))
                .keepingHeaders("Set-Cookie", "X-Trace")
                .keepingFields("pin")) {
            ApiClient client = ApiClient.builder(spec())
                    .secret(Secret.of(KEY))
                    .aroundTransport(recorder::tap)
                    .build();
            failureOf(client.execute(ApiRequest.get("refused")));
            client.closeLater().block(PATIENCE);
        }

        assertThat(Files.readString(file()))
                .contains("\"set-cookie\" : \"" + COOKIE + "\"", "\"pin\" : 123456", "\"x-trace\" : \"****\"")
                .doesNotContain(KEY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | things?limit=3 | this one is there with another query",
                "GET  | others         | first GET /things?limit=2",
                "POST | things         | first GET /things?limit=2",
            })
    void refusesRequestThatIsNotOnCassette(String method, String path, String why) {
        recorded(
                UnaryOperator.identity(),
                client -> client.execute(ApiRequest.get("things").query("limit", 2))
                        .block(PATIENCE));

        CassettePlayer player = CassettePlayer.of(file());
        ApiClient client = ApiClient.builder(spec())
                .secret(Secret.of("another-secret"))
                .transport(player)
                .build();
        String[] parts = path.split("\\?limit=", -1);
        ApiRequest<JsonNode> bare = ApiRequest.of(Method.valueOf(method), parts[0]);
        ApiException failure = failureOf(client.execute(parts.length == 1 ? bare : bare.query("limit", parts[1])));

        assertThat(failure)
                .hasKind(ErrorKind.INVALID_REQUEST)
                .hasMessageContaining(method + " /" + parts[0] + ": not on the cassette " + file())
                .hasMessageContaining("one of the 1 requests that are left")
                .hasMessageContaining(why);
        assertThat(player.unused()).containsExactly("GET /things?limit=2");
        client.closeLater().block(PATIENCE);
    }

    @Test
    void refusesOtherBodyAndOneRequestTooMany() {
        Map<String, Object> lamp = Map.of("name", "lamp", "watts", 4);
        Map<String, Object> desk = Map.of("name", "desk", "watts", 4);
        recorded(
                UnaryOperator.identity(),
                client -> client.execute(ApiRequest.post("things").body(lamp)).block(PATIENCE));

        ApiClient client = ApiClient.builder(spec())
                .secret(Secret.of("another-secret"))
                .transport(CassettePlayer.of(file()))
                .build();
        assertThat(failureOf(client.execute(ApiRequest.post("things").body(desk))))
                .hasMessageContaining("this one is there with another body");
        client.execute(ApiRequest.post("things").body(lamp)).block(PATIENCE);
        assertThat(failureOf(client.execute(ApiRequest.post("things").body(lamp))))
                .hasMessageContaining("no more requests, all 1 of it were made");
        client.closeLater().block(PATIENCE);
    }

    @Test
    void givesEqualRequestsTheirAnswersInOrder() {
        server.faults()
                .on(
                        "GET",
                        "/things",
                        Fault.status(200, Map.of(), "application/json", "{\"items\":[{\"id\":\"first\"}]}"));
        Run<List<Thing>> run = client -> Stream.of(1, 2)
                .flatMap(i -> client.value(ApiRequest.get("things").as(THINGS)).block(PATIENCE).items().stream())
                .toList();

        assertThat(recorded(UnaryOperator.identity(), run)).startsWith(new Thing("first"));
        assertThat(replayed(UnaryOperator.identity(), run)).startsWith(new Thing("first"));
    }

    @Test
    void refusesBodyOverLimitWhenClosed() {
        server.faults().on("GET", "/things", Fault.largeBody(200, CassetteRecorder.LONGEST_BODY + 1L));

        assertThatThrownBy(() -> recorded(
                        UnaryOperator.identity(),
                        client -> client.value(ApiRequest.get("things")).block(PATIENCE)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("body of GET /things: over 1048576 bytes");
        assertThat(file()).doesNotExist();
    }

    @Test
    void leavesOutCancelledAttempt() {
        server.faults().on("GET", "/things", Fault.delay(Duration.ofSeconds(5)));
        recorded(UnaryOperator.identity(), client -> {
            var call = client.execute(ApiRequest.get("things")).subscribe();
            call.dispose();
            return client.execute(ApiRequest.get("bytes").as(Payload.bytes())).block(PATIENCE);
        });

        assertThat(CassettePlayer.of(file()).unused()).containsExactly("GET /bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"format\":0,\"exchanges\":[]}                      | format 0 (expected: 1; record the run anew)",
                "{\"exchanges\":[]}                                   | format missing (expected: 1; record the run anew)",
                "{\"format\":1}                                       | exchanges: MISSING (expected: a list",
                "{\"format\":1,\"exchanges\":[{}]}                    | exchange 1: method: missing (expected: a string)",
                "{\"format\":1,\"exchanges\":[{\"request\":{\"method\":\"GET\",\"path\":\"/\"}}]} | exchange 1: outcome: missing (expected: an answer or a failure)",
                "{\"format\":1,\"exchanges\":[{\"request\":{\"method\":\"GET\",\"path\":\"/\"},\"answer\":{\"status\":7}}]} | exchange 1: status: 7 (expected: 100 to 599)",
                "{\"format\":1,                                       | not JSON:",
            })
    void refusesFileThatIsNoCassetteOfThisFormat(String content, String why) throws IOException {
        Path broken = folder.resolve("broken.json");
        Files.writeString(broken, content);

        assertThatThrownBy(() -> CassettePlayer.of(broken))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("cassette " + broken + ": ")
                .hasMessageContaining(why);
    }

    @Test
    void refusesMissingFile() {
        assertThatThrownBy(() -> CassettePlayer.of(folder.resolve("none.json")))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("no such file (expected: one that a CassetteRecorder has written)");
    }

    @Test
    void writesFileForPeople() throws IOException {
        recorded(
                UnaryOperator.identity(),
                client -> client.execute(ApiRequest.post("things")
                                .body(Map.of("name", "lamp"))
                                .query("dry", true))
                        .block(PATIENCE));

        JsonNode file = JsonMapper.builder().build().readTree(Files.readString(file()));
        JsonNode exchange = file.path("exchanges").path(0);
        assertThat(file.path("format").asInt()).isEqualTo(1);
        assertThat(exchange.path("request").path("query").asString()).isEqualTo("dry=true");
        assertThat(exchange.path("request").path("json").path("name").asString())
                .isEqualTo("lamp");
        assertThat(exchange.path("answer").path("status").asInt()).isEqualTo(201);
        assertThat(exchange.path("answer").path("json").path("id").asString()).isEqualTo("t-9");
        assertThat(URI.create("http://x" + exchange.path("request").path("path").asString()))
                .hasPath("/things");
    }
}
