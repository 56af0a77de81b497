package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.envelope.ErrorModel;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.request.RetryClass;
import io.penstock.retry.RetryPolicy;
import io.penstock.retry.RetryRestriction;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The certainty of an exception, which covers the whole call and not only its last attempt. */
class CertaintyOfCallTest {

    private static final VendorSpec KEYED = Lab.SPEC.withKeyPlacement(KeyPlacement.header("idempotency-key"));

    private final Lab lab = new Lab();

    private ApiException afterwards(ApiRequest<?> request, int... statuses) {
        StubTransport wire =
                new StubTransport(n -> Answer.of(statuses[Math.min(n, statuses.length) - 1], "{\"message\":\"m\"}"));
        return lab.failure(lab.client(KEYED, wire).build().value(request));
    }

    @ParameterizedTest
    @CsvSource({
        "500, 404, NOT_FOUND,      MAYBE_PROCESSED",
        "500, 422, VALIDATION,     MAYBE_PROCESSED",
        "502, 401, AUTHENTICATION, MAYBE_PROCESSED",
        "429, 404, NOT_FOUND,      REJECTED",
        "429, 500, SERVER_ERROR,   MAYBE_PROCESSED",
    })
    void countsEarlierAttemptsInCertainty(int first, int then, ErrorKind kind, Certainty certainty) {
        ApiRequest<?> order = ApiRequest.post("scans").idempotencyKey(IdempotencyKey.of("k"));

        ApiException e = afterwards(order, first, then);

        assertThatObject(e.kind()).isEqualTo(kind);
        assertThat(e.certainty()).isEqualTo(certainty);
        assertThat(e.journey().attempts().get(1).failure())
                .as("certainty of the attempt itself")
                .isNotNull()
                .extracting(Failure::certainty)
                .isEqualTo(then == 500 ? Certainty.MAYBE_PROCESSED : Certainty.REJECTED);
    }

    @Test
    void mentionsEarlierAttemptInMessage() {
        assertThat(afterwards(ApiRequest.delete("scans/1"), 500, 404))
                .hasMessage("404 NOT_FOUND: m; an earlier attempt may have been processed");
    }

    @Test
    void keepsExceptionClassOfVendor() {
        class AcmeException extends ApiException {
            private static final long serialVersionUID = 1L;

            AcmeException(Failure failure) {
                super(failure);
            }
        }
        VendorSpec spec = Lab.SPEC.withErrors(ErrorModel.byStatusOnly().withExceptions(AcmeException::new));
        StubTransport wire = new StubTransport(n -> Answer.of(n == 1 ? 500 : 404, ""));

        ApiException e = lab.failure(lab.client(spec, wire).build().value(ApiRequest.delete("scans/1")));

        assertThat(e).isInstanceOf(AcmeException.class);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(e.journey().attempts()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   ,    500, false",
        "POST,   key, 500, true",
        "POST,   ,    422, true",
        "DELETE, ,    500, true",
        "PATCH,  ,    500, false",
    })
    void reportsWhetherCallIsSafeToRepeat(Method method, String key, int status, boolean safe) {
        ApiRequest<?> request = ApiRequest.of(method, "scans");

        ApiException e = afterwards(key == null ? request : request.idempotencyKey(IdempotencyKey.of(key)), status);

        assertThat(e.safeToRepeat()).isEqualTo(safe);
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH, '\"v1\"',  IDEMPOTENT",
        "PATCH, '*',       UNSAFE",
        "POST,  '\"v1\"',  IDEMPOTENT",
        "POST,  '*',       UNSAFE",
        "PUT,   '\"v1\"',  IDEMPOTENT",
    })
    void treatsPatchAndPostWithEntityTagAsIdempotent(Method method, String tag, RetryClass retryClass) {
        assertThat(ApiRequest.of(method, "scans/1").header("If-Match", tag).retryClass())
                .isEqualTo(retryClass);
    }

    /** A date has a resolution of a second: only an older one is certainly not that of the resource after the change. */
    @ParameterizedTest
    @CsvSource({
        "if-match,            '\"v1\"',                          2",
        "if-match,            '*',                             1",
        "if-unmodified-since, 'Sun, 06 Nov 1994 08:49:37 GMT', 2",
        "if-unmodified-since, 'Fri, 31 Dec 2094 08:49:37 GMT', 1",
        "if-unmodified-since, 'yesterday',                     1",
        "if-none-match,       '\"v1\"',                          1",
    })
    void sendsPostWithVersionAgainAfterLostAnswer(String header, String value, int sends) {
        StubTransport wire = new StubTransport(n -> StubTransport.Answer.of(n == 1 ? 502 : 200, "{}"));
        Lab lab = new Lab();

        lab.client(wire)
                .build()
                .value(ApiRequest.post("scans/1").header(header, value))
                .subscribe(v -> {}, e -> {});
        lab.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(wire.sent).hasSize(sends);
    }

    @Test
    void reportsMaybeProcessedForPatchRefusedAfterLostAnswer() {
        ApiException e = afterwards(ApiRequest.patch("scans/1").header("if-match", "\"v1\""), 502, 412);

        assertThatObject(e.kind()).isEqualTo(ErrorKind.CONFLICT);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void keepsRestrictionsOfVendorUnderOwnRetryPolicy() {
        VendorSpec careful = Lab.SPEC.withRetry(
                RetryPolicy.standard().withRestrictions(RetryRestriction.atMost(1, Set.of(Method.GET), 500)));

        StubTransport once = StubTransport.always(500, "");
        lab.failure(lab.client(careful, once).retry(Lab.STEADY).build().value(ApiRequest.get("orders")));

        assertThat(once.sent).hasSize(1);
    }
}
