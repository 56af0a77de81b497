package io.penstock;

import io.penstock.StubTransport.Answer;
import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An API whose tokens come from {@code POST token}: token-1, token-2, … What it answers there can be scripted. */
final class TokenServer {

    static final String SECRET = "refresh-0123456789abcdef";

    /** The vendor's own exception. */
    static final class AcmeException extends ApiException {
        private static final long serialVersionUID = 1L;

        AcmeException(Failure failure) {
            super(failure);
        }
    }

    /** What comes instead of tokens, one after the other. */
    private final Deque<Answer> script = new ArrayDeque<>();

    private final Set<String> revoked = new HashSet<>();
    private final StubTransport wire = new StubTransport((n, call) -> answer(call));

    @Nullable
    String life = "61";

    final List<Long> exchangedAt = new ArrayList<>();
    int exchanges;
    private int issued;
    private @Nullable Answer down;
    private @Nullable String brokenMethod;

    static Answer answer(int status, String body, String... headers) {
        String[] all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 4, headers.length);
        all[0] = "content-type";
        all[1] = "application/json";
        all[2] = "content-length";
        all[3] = "1";
        return new Answer(status, body, Headers.of(all));
    }

    static VendorSpec spec(Duration renewBefore) {
        TokenExchange exchange = new TokenExchange(
                "POST token",
                secret -> ApiRequest.post("token").body(Map.of("refresh_token", secret.reveal())),
                (answer, now) -> AccessToken.living(
                        Secret.of(answer.path("access_token").asString()),
                        answer.path("expires_in").isMissingNode()
                                ? null
                                : answer.path("expires_in").asString(),
                        now),
                renewBefore);
        return Lab.SPEC
                .withCredential(CredentialScheme.bearer().exchangedBy(exchange))
                .withErrors(ErrorModel.byStatusOnly()
                        .withTable(ErrorTable.ofCases(ErrorCase.ofStatus(401, ErrorRule.renewable())))
                        .withExceptions(AcmeException::new));
    }

    /** The next exchange is answered so. */
    TokenServer then(Answer answer) {
        script.add(answer);
        return this;
    }

    /** From now on every exchange is answered so; as usual for null. */
    void down(@Nullable Answer answer) {
        down = answer;
    }

    /** Calls with that method are answered 502. */
    void breakAnswersTo(String method) {
        brokenMethod = method;
    }

    void revoke(String token) {
        revoked.add(token);
    }

    StubTransport wire() {
        return wire;
    }

    /** How often a token was sent to the API. */
    long uses(String token) {
        return wire.sent.stream()
                .filter(s -> ("Bearer " + token).equals(s.header("authorization")))
                .count();
    }

    private Answer answer(Attempt call) {
        if (!call.plan().target().endsWith("/token")) {
            if (call.plan().method().name().equals(brokenMethod)) {
                return answer(502, "{}");
            }
            String token = call.addedHeaders().get(1).substring("Bearer ".length());
            return revoked.contains(token)
                    ? answer(401, "{\"message\":\"revoked\"}")
                    : answer(200, "{\"by\":\"" + token + "\"}");
        }
        exchanges++;
        exchangedAt.add(call.scheduler().now(TimeUnit.MILLISECONDS));
        Answer scripted = script.poll();
        if (scripted != null) {
            return scripted;
        }
        Answer broken = down;
        if (broken != null) {
            return broken;
        }
        issued++;
        return answer(
                200,
                "{\"access_token\":\"token-" + issued + "\"" + (life == null ? "" : ",\"expires_in\":" + life) + "}");
    }
}
