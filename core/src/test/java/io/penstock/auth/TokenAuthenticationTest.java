package io.penstock.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.ApiClient;
import io.penstock.ScriptedWire;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

class TokenAuthenticationTest {

    private static final String SECRET = "refresh-token-0123456789";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TokenServer server = new TokenServer();
    private final ApiClient client = ApiClient.builder(spec())
            .transport(server)
            .scheduler(time)
            .secret(Secret.of(SECRET))
            .build();

    private static VendorSpec spec() {
        TokenExchange exchange = new TokenExchange(
                "POST token",
                secret -> ApiRequest.post("token")
                        .body(Map.of("refresh_token", secret.reveal()))
                        .idempotent(),
                (answer, now) -> AccessToken.living(
                        Secret.of(answer.path("token").asString()),
                        answer.path("lives").asString(),
                        now),
                Duration.ofMinutes(5));
        return VendorSpec.of(
                        "token",
                        "Token API",
                        "https://api.example.com/v1",
                        CredentialScheme.bearer().exchangedBy(exchange))
                .withErrors(ErrorModel.byStatusOnly()
                        .withTable(ErrorTable.ofCases(
                                ErrorCase.ofText(401, "refresh", ErrorRule.permanent(ErrorKind.AUTHENTICATION)),
                                ErrorCase.ofStatus(401, ErrorRule.renewable()))));
    }

    /** Issues tokens t1, t2, … that live two hours; refuses the next {@code refusals} calls and answers the others. */
    private final class TokenServer extends ScriptedWire {
        private final List<String> sent = new ArrayList<>();
        private int issued;
        private int accepted;
        private int refusals;
        private Duration slowness = Duration.ZERO;
        private Duration latency = Duration.ZERO;
        private int tokenStatus = 200;
        private String tokenPrefix = "t";
        private boolean echo;

        @Override
        public Mono<Reply> exchange(Attempt call, Receiver receiver) {
            return Mono.defer(() -> {
                List<String> headers = call.addedHeaders();
                String credential = headers.isEmpty() ? "-" : headers.get(1);
                sent.add(call.plan().target() + " " + credential);
                call.dispatched(true);
                boolean tokenCall = call.plan().target().equals("/v1/token");
                return Mono.delay(tokenCall ? slowness : latency, time)
                        .map(tick -> tokenCall ? issue(call, receiver) : answer(call, receiver, credential));
            });
        }

        private Reply issue(Attempt call, Receiver receiver) {
            if (tokenStatus != 200) {
                return reply(call, receiver, tokenStatus, "{\"message\":\"refresh token is wrong\"}");
            }
            issued++;
            return reply(call, receiver, 200, "{\"token\":\"" + tokenPrefix + issued + "\",\"lives\":7200}");
        }

        private Reply answer(Attempt call, Receiver receiver, String credential) {
            if (refusals > 0) {
                refusals--;
                return reply(call, receiver, 401, "{\"message\":\"unauthorized error\"}");
            }
            if (echo) {
                return reply(call, receiver, 400, "{\"message\":\"what is " + credential + "?\"}");
            }
            accepted++;
            return reply(call, receiver, 200, "{\"by\":\"" + credential + "\"}");
        }

        private Reply reply(Attempt call, Receiver receiver, int status, String body) {
            call.answered(status);
            ResponseHead head = new ResponseHead(status, Headers.of("content-length", "1"));
            receiver.onHead(call, head);
            ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
            try {
                return receiver.onBody(call, head, bytes, true);
            } finally {
                bytes.release();
            }
        }
    }

    private final List<Object> results = new ArrayList<>();

    private Disposable call() {
        return client.value(ApiRequest.get("things")).map(JsonNode::toString).subscribe(results::add, results::add);
    }

    private ApiException failure() {
        assertThat(results).hasSize(1).first().isInstanceOf(ApiException.class);
        return (ApiException) results.get(0);
    }

    @Test
    void sharesOneExchangeAmongWaitingCalls() {
        server.slowness = Duration.ofSeconds(1);
        for (int i = 0; i < 50; i++) {
            call();
        }
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(results).hasSize(50).containsOnly("{\"by\":\"Bearer t1\"}");
        assertThat(server.issued).isEqualTo(1);
        assertThat(server.sent.get(0)).isEqualTo("/v1/token -");
    }

    @Test
    void failsCallWhenExchangeAnswersWithoutBody() {
        server.tokenStatus = 204;
        call();
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThatObject(failure().kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure().certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(server.sent).containsExactly("/v1/token -");
    }

    @Test
    void startsNewExchangeAfterFailedOne() {
        server.tokenStatus = 401;
        client.value(ApiRequest.get("things"))
                .onErrorResume(e -> {
                    server.tokenStatus = 200;
                    return client.value(ApiRequest.get("things"));
                })
                .map(JsonNode::toString)
                .subscribe(results::add, results::add);
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(results).containsExactly("{\"by\":\"Bearer t1\"}");
    }

    @Test
    void renewsTokenInBackgroundBeforeItExpires() {
        call();
        time.advanceTimeBy(Duration.ofMinutes(114));
        call();
        time.advanceTimeBy(Duration.ofMinutes(2));
        assertThat(server.issued).isEqualTo(1);
        call();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(results).hasSize(3).containsOnly("{\"by\":\"Bearer t1\"}");
        assertThat(server.issued).as("renewed beside the call").isEqualTo(2);
        call();
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(results)
                .containsExactly(
                        "{\"by\":\"Bearer t1\"}",
                        "{\"by\":\"Bearer t1\"}",
                        "{\"by\":\"Bearer t1\"}",
                        "{\"by\":\"Bearer t2\"}");
    }

    @Test
    void replacesRefusedTokenAndRepeatsCallAtOnce() {
        call();
        time.advanceTimeBy(Duration.ofSeconds(1));
        server.refusals = 1;
        call();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(results).last().isEqualTo("{\"by\":\"Bearer t2\"}");
        assertThat(server.issued).isEqualTo(2);
    }

    @Test
    void repeatsUnsafeCallAfterRefusedToken() {
        server.refusals = 1;
        client.value(ApiRequest.post("things")).subscribe(results::add, results::add);
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(results).hasSize(1).first().hasToString("{\"by\":\"Bearer t2\"}");
    }

    @Test
    void failsCallAfterSecondRefusal() {
        server.refusals = 2;
        call();
        time.advanceTimeBy(Duration.ofMinutes(1));

        assertThatObject(failure().kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure().retryability()).isEqualTo(Retryability.AFTER_RENEWAL);
        assertThat(failure().journey().attempts()).hasSize(2);
        assertThat(failure().journey().timeline()).contains("with a fresh credential");
        assertThat(server.issued).isEqualTo(2);
    }

    @Test
    void fetchesOneTokenForCallsRefusedTogether() {
        call();
        time.advanceTimeBy(Duration.ofSeconds(1));
        server.refusals = 10;
        server.latency = Duration.ofMillis(100);
        server.slowness = Duration.ofSeconds(1);
        for (int i = 0; i < 10; i++) {
            call();
        }
        time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(results.subList(1, 11)).containsOnly("{\"by\":\"Bearer t2\"}");
        assertThat(server.issued).isEqualTo(2);
    }

    @Test
    void failsCallUnsentWhenExchangeIsRefused() {
        server.tokenStatus = 401;
        call();
        time.advanceTimeBy(Duration.ofMinutes(1));

        assertThatObject(failure().kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure().certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure()).hasMessageContaining("no token");
        assertThat(server.sent).containsExactly("/v1/token -");
        assertThat(failure().toString() + failure().journey().timeline()).doesNotContain(SECRET);
    }

    @Test
    void retriesFailedExchangeWithoutMultiplyingAttempts() {
        server.tokenStatus = 500;
        call();
        time.advanceTimeBy(Duration.ofMinutes(2));

        assertThatObject(failure().kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(server.sent).hasSize(5);
        server.tokenStatus = 200;
        call();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(results).last().isEqualTo("{\"by\":\"Bearer t1\"}");
    }

    @Test
    void endsCallAtDeadlineDuringTokenFetch() {
        server.slowness = Duration.ofSeconds(20);
        client.value(ApiRequest.get("things").deadline(Duration.ofSeconds(2))).subscribe(results::add, results::add);
        time.advanceTimeBy(Duration.ofMillis(2100));

        assertThatObject(failure().kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(failure().certainty()).isEqualTo(Certainty.NOT_SENT);
    }

    @Test
    void continuesSharedFetchWhenOneCallIsCancelled() {
        server.slowness = Duration.ofSeconds(1);
        Disposable first = call();
        call();
        first.dispose();
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(results).containsExactly("{\"by\":\"Bearer t1\"}");
        assertThat(server.issued).isEqualTo(1);
        assertThat(server.accepted).isEqualTo(1);
    }

    @Test
    void fetchesNoTokenForAnonymousCall() {
        client.value(ApiRequest.get("things").anonymous()).subscribe(results::add, results::add);
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(server.sent).containsExactly("/v1/things -");
    }

    @Test
    void explainsTokenExchangeWithoutSecret() {
        assertThat(client.inspect().explain(ApiRequest.get("things")))
                .contains("authorization: Bearer <token by POST token>, to https://api.example.com only")
                .doesNotContain(SECRET);
        assertThat(server.sent).isEmpty();
    }

    @Test
    void masksTokenEchoedByServer() {
        server.tokenPrefix = "access-token-0123456789-";
        server.echo = true;
        call();
        time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(server.sent).anyMatch(line -> line.contains("access-token-0123456789-1"));
        assertThat(failure()
                        + failure().bodyExcerpt()
                        + failure().serverMessage()
                        + failure().fieldErrors())
                .contains("****")
                .doesNotContain("access-token-0123456789-1");
    }
}
