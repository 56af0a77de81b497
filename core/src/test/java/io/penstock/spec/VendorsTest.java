package io.penstock.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.paging.Paging;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class VendorsTest {

    private static final PollPolicy POLLS = PollPolicy.standard();
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void findsNoVendorInCore() {
        assertThat(Vendors.all()).isEmpty();
    }

    @Test
    void describesKeyPlacement() {
        assertThat(KeyPlacement.header("idempotency-key")).hasToString("header idempotency-key");
        assertThat(KeyPlacement.bodyMember("key", "scans", "/packs"))
                .hasToString("body member key of POST scans, POST /packs");
    }

    @Test
    void describesSpecByIdAndAddress() {
        assertThat(VendorSpec.generic("acme", URI.create("https://api.example.com")))
                .hasToString("VendorSpec[acme, https://api.example.com]");
    }

    @Test
    void changesOneValueOfSpecPerWither() {
        VendorSpec plain = VendorSpec.of("acme", "Acme", "https://api.example.com/v1", CredentialScheme.bearer());
        QuotaModel quota = QuotaModel.reported(HeaderFamily.rateLimit())
                .withLimits(DeclaredLimit.perCredential("key", 100, Duration.ofMinutes(1)))
                .countedPerOperation();
        ErrorModel errors = ErrorModel.byStatusOnly()
                .withShape(ErrorShape.nestedError())
                .withTable(new ErrorTable(Map.of("gone", ErrorRule.permanent(ErrorKind.GONE))))
                .withExceptions(AcmeException::new);

        LongOperation export = new LongOperation(
                "export", "exports/{id}", JobShape.at("/s", StateWords.succeeding("ok")), POLLS, HOUR);
        VendorSpec changed = plain.withCredential(CredentialScheme.header("x-key"))
                .withErrors(errors)
                .withQuota(quota)
                .withKeyPlacement(KeyPlacement.header("idempotency-key"))
                .withRetry(RetryPolicy.standard().withMaxAttempts(2))
                .withCircuit(CircuitPolicy.off())
                .withHeader("api-version", "2")
                .withHeader("api-region", "eu")
                .withAttemptTimeout(Duration.ofSeconds(5))
                .withOperations(export)
                .withLists(ListForm.of(Payload.page(JsonNode.class, List.of(), List.of()), Paging.single()));

        assertThat(changed)
                .returns("acme", VendorSpec::id)
                .returns("Acme", VendorSpec::name)
                .returns(URI.create("https://api.example.com/v1"), VendorSpec::baseUri)
                .returns(CredentialScheme.header("x-key"), VendorSpec::credential)
                .returns(errors, VendorSpec::errors)
                .returns(quota, VendorSpec::quota)
                .returns(KeyPlacement.header("idempotency-key"), VendorSpec::keyPlacement)
                .returns(RetryPolicy.standard().withMaxAttempts(2), VendorSpec::retry)
                .returns(CircuitPolicy.off(), VendorSpec::circuit)
                .returns(List.of("api-version", "2", "api-region", "eu"), VendorSpec::headers)
                .returns(Duration.ofSeconds(5), VendorSpec::attemptTimeout)
                .returns(List.of(export), VendorSpec::operations)
                .isEqualTo(changed.withRetry(changed.retry()))
                .hasSameHashCodeAs(changed.withRetry(changed.retry()))
                .isNotEqualTo(changed.withLists())
                .isNotEqualTo(plain);
        assertThat(changed.lists()).hasSize(1);
        assertThat(quota.limits()).hasSize(1);
        assertThat(quota.perOperation()).isTrue();
        assertThat(errors.shape()).isEqualTo(ErrorShape.nestedError());
        assertThat(errors.table().byCode()).containsOnlyKeys("gone");
        assertThat(plain.keyPlacement()).isNull();
    }

    @Test
    void prefersListFormOfPathToGeneralOne() {
        Payload<Page<JsonNode>> payload = Payload.page(JsonNode.class, List.of(), List.of());
        ListForm general = ListForm.of(payload, Paging.single());
        ListForm offsets = ListForm.of(payload, Paging.offset("offset", "limit", "/total"), "**/lamps", "/ux/{by}/lamp")
                .with("limit", 20);
        VendorSpec spec = VendorSpec.generic("acme", URI.create("https://api.example.com"));

        assertThat(spec.withLists(general, offsets).listAt("v1/lamps")).isEqualTo(offsets);
        assertThat(spec.withLists(general, offsets).listAt("/ux/by/lamp/")).isEqualTo(offsets);
        assertThat(spec.withLists(general, offsets).listAt("v1/oldlamps")).isEqualTo(general);
        assertThatThrownBy(() -> spec.withLists(offsets).listAt("v1/orders"))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("list v1/orders: nothing is known of the lists of acme there");
        assertThat(offsets.first(ApiRequest.get("lamps"), String.class).queryValue("limit"))
                .isEqualTo("20");
        assertThat(offsets.first(ApiRequest.get("lamps").query("limit", 5), String.class)
                        .queryValue("limit"))
                .isEqualTo("5");
        assertThatThrownBy(() -> new ListForm(List.of(), payload, Paging.single(), List.of("limit")))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches);
    }

    @Test
    void requiresIdsOfLongOperation() {
        LongOperation report = new LongOperation(
                "report", "scans/{scan}/reports/{id}", JobShape.at("/s", StateWords.succeeding("ok")), POLLS, HOUR);

        assertThat(report.ids()).containsExactly("scan", "id");
        assertThat(report.polling("a", 2).request().resolve(URI.create("https://x.example/v1/")))
                .hasPath("/v1/scans/a/reports/2");
        assertThat(report.polling("a", 2).policy()).isEqualTo(POLLS);
        assertThat(report.polling("a", 2).timing().limit()).isEqualTo(HOUR);
        assertThat(report.at("r/{id}").ids()).containsExactly("id");
        assertThatThrownBy(() -> report.polling("a"))
                .isInstanceOf(ApiException.class)
                .hasMessage("report: 1 id (expected: 2: scan, id)");
        assertThat(report).hasToString("report: GET scans/{scan}/reports/{id} every 5 s ×1.5, at most 20 s, +10 %");
    }

    @Test
    void prefersCertaintyOfRuleToThatOfStatus() {
        ErrorTable table = new ErrorTable(
                Map.of("busy", ErrorRule.transientError(ErrorKind.UNAVAILABLE).withCertainty(Certainty.REJECTED)));

        assertThat(table.rule(500, "busy", false).certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(table.rule(500, "other", false).certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    private static final class AcmeException extends ApiException {
        private static final long serialVersionUID = 1L;

        AcmeException(Failure failure) {
            super(failure);
        }
    }
}
