package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Key conflicts of an API that distinguishes them, with the statuses of the draft of the Idempotency-Key header. */
class KeyConflictsTest {

    private static final VendorSpec SPEC = Lab.SPEC
            .withErrors(ErrorModel.byStatusOnly()
                    .withTable(ErrorTable.ofCases(
                            ErrorCase.ofStatus(409, ErrorRule.keyInProgress()),
                            ErrorCase.ofStatus(422, ErrorRule.keyReused()))))
            .withKeyPlacement(KeyPlacement.header("idempotency-key"));
    private static final ApiRequest<JsonNode> ORDER =
            ApiRequest.post("orders").idempotencyKey(IdempotencyKey.of("nightly"));

    private final Lab lab = new Lab();
    private StubTransport wire = StubTransport.always(201, "{}");

    private ApiClient client(VendorSpec spec, Function<Integer, Integer> statuses) {
        wire = new StubTransport(n -> Answer.of(statuses.apply(n), "{}"));
        return lab.client(spec, wire).build();
    }

    @Test
    void retriesWithSameKeyWhileKeyIsInProgress() {
        ApiResponse<JsonNode> response =
                lab.value(client(SPEC, n -> n < 3 ? 409 : 201).execute(ORDER));

        assertThat(response.status()).isEqualTo(201);
        assertThat(wire.sent).hasSize(3).allMatch(sent -> "nightly".equals(sent.header("idempotency-key")));
        assertThat(response.journey().elapsed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(response.journey().attempts().get(0).decision()).contains("keyed: the server acts once");
    }

    @Test
    void reportsMaybeProcessedWhenKeyStaysInProgress() {
        ApiException e = lab.failure(client(SPEC, n -> 409).value(ORDER));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.KEY_IN_PROGRESS);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(e.retryability()).isEqualTo(Retryability.TRANSIENT);
        assertThat(e.safeToRepeat()).isTrue();
        assertThat(wire.sent).hasSize(5);
    }

    @Test
    void givesUpBeforeKeyInProgressExpires() {
        VendorSpec forgetful =
                SPEC.withKeyPlacement(KeyPlacement.header("idempotency-key").expiringAfter(Duration.ofMillis(1500)));

        ApiException e = lab.failure(client(forgetful, n -> 409).value(ORDER));

        assertThat(wire.sent).hasSize(2);
        assertThat(e.journey().attempts().get(1).decision()).contains("forgets the idempotency key");
    }

    @Test
    void failsReusedKeyWithRemedyAndWithoutRetry() {
        ApiException e = lab.failure(client(SPEC, n -> 422).value(ORDER));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.KEY_REUSED);
        assertThat(e.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(e.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(e.remedy()).contains("derive the key").contains("withNewIdempotencyKey()");
        assertThat(e).hasMessageContaining("422 KEY_REUSED");
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void reportsPlainConflictWithoutKeyRules() {
        VendorSpec silent = Lab.SPEC.withKeyPlacement(KeyPlacement.header("idempotency-key"));

        ApiException e = lab.failure(client(silent, n -> 409).value(ORDER));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.CONFLICT);
        assertThat(wire.sent).hasSize(1);
    }
}
