package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiRequest.Pending;
import io.penstock.request.ApiResponse;
import io.penstock.spec.LongOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Resources that are not ready yet, by a rule of the API: the responses before the result are no results and no errors. */
class PendingTest {

    /** A result that no response before it could be decoded as. */
    record Report(String title, int pages) {}

    private static final ApiRequest<Report> REPORT =
            ApiRequest.get("reports/{id}").path("id", "r-1").as(Report.class);
    private static final Pending ACCEPTED = Pending.onStatus(202);
    private static final Pending NOT_READY =
            Pending.onStatus(404, 409).withMember("/error/code", "not_ready", "queued");
    private static final PollPolicy EVERY_SECOND =
            PollPolicy.every(Duration.ofSeconds(1)).steady().withJitter(0);
    private static final LongOperation OPERATION =
            new LongOperation("report", "reports/{id}", ACCEPTED, EVERY_SECOND, Duration.ofMinutes(10));
    private static final String RESULT = "{\"title\":\"t\",\"pages\":3}";

    private final Lab lab = new Lab();
    private final List<Long> sentAt = new ArrayList<>();

    private static Answer answer(int status, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of("content-type", "application/json", "content-length", "1"));
        all.addAll(List.of(headers));
        return new Answer(status, body, Headers.of(all.toArray(new String[0])));
    }

    /** Answers so first, twice, and then with the result. */
    private ApiClient client(Answer first) {
        return lab.client(new StubTransport(n -> {
                    sentAt.add(lab.time.now(TimeUnit.SECONDS));
                    return n <= 2 ? first : answer(200, RESULT);
                }))
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "202 | {\"status\":\"working\"}",
                "202 | not even JSON",
                "202 | {\"title\":7}",
            })
    void doesNotDecodeBodyBeforeResult(int status, String body) {
        Report report = lab.value(client(answer(status, body))
                .poll(OPERATION.pollingResult(REPORT.payload(), "r-1"))
                .result());

        assertThat(report).isEqualTo(new Report("t", 3));
        assertThat(sentAt).containsExactly(0L, 1L, 2L);
    }

    @Test
    void pollsNoSoonerThanResponseAsks() {
        Answer accepted = answer(202, "", "retry-after", "30");

        lab.value(client(accepted)
                .poll(OPERATION.pollingResult(REPORT.payload(), "r-1"))
                .result());

        assertThat(sentAt).containsExactly(0L, 30L, 60L);
    }

    @ParameterizedTest
    @CsvSource({"404, not_ready", "409, QUEUED"})
    void takesErrorForPendingByItsCode(int status, String code) {
        Answer early = answer(status, "{\"error\":{\"code\":\"" + code + "\"}}");

        Report report = lab.value(client(early)
                .poll(Polling.whilePending(REPORT, NOT_READY).withPolicy(EVERY_SECOND))
                .result());

        assertThat(report.pages()).isEqualTo(3);
        assertThat(sentAt).containsExactly(0L, 1L, 2L);
    }

    @Test
    void passesOtherErrorsOn() {
        Answer gone = answer(404, "{\"error\":{\"code\":\"no_such_report\"}}");

        ApiException e = lab.failure(
                client(gone).poll(Polling.whilePending(REPORT, NOT_READY)).result());

        assertThatObject(e.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(sentAt).hasSize(1);
    }

    @Test
    void takesSuccessForPendingByMember() {
        Answer running = answer(200, "{\"state\":\"Running\"}");
        Pending rule = Pending.whileMember("/state", "queued", "running");

        Report report = lab.value(client(running)
                .poll(Polling.whilePending(REPORT, rule).withPolicy(EVERY_SECOND))
                .result());

        assertThat(report.title()).isEqualTo("t");
        assertThat(sentAt).hasSize(3);
    }

    @Test
    void takesSuccessForPendingByHeader() {
        Answer running = answer(200, "", "x-job-state", "running");
        Pending rule = Pending.whileHeader("X-Job-State", "RUNNING");

        Report report = lab.value(client(running)
                .poll(Polling.whilePending(REPORT, rule).withPolicy(EVERY_SECOND))
                .result());

        assertThat(report.title()).isEqualTo("t");
        assertThat(sentAt).hasSize(3);
    }

    @Test
    void emitsTreesOfPendingResponses() {
        Polling<JsonNode> polling = OPERATION.polling("r-1");

        List<JsonNode> seen =
                lab.value(client(answer(202, "{\"at\":1}")).poll(polling).collectList());

        assertThat(seen).extracting(JsonNode::toString).containsExactly("{\"at\":1}", "{\"at\":1}", RESULT);
    }

    @Test
    void neitherRetriesNorDecodesPendingResponseOfPlainCall() {
        ApiResponse<Report> response = lab.value(
                client(answer(409, "{\"error\":{\"code\":\"not_ready\"}}")).execute(REPORT.pendingWhile(NOT_READY)));

        assertThat(response.status()).isEqualTo(409);
        assertThat(response.value()).isNull();
        assertThat(sentAt).hasSize(1);
    }

    @Test
    void prefersFailureSignToPendingStatus() {
        ErrorModel errors = new ErrorModel(ErrorShape.nestedError(), ErrorTable.byStatusOnly(), ApiException::new);
        StubTransport wire = StubTransport.always(202, "{\"error\":{\"message\":\"broken\"}}");
        ApiClient client = lab.client(Lab.SPEC.withErrors(errors), wire).build();

        ApiException e = lab.failure(client.execute(REPORT.pendingWhileAccepted()));

        assertThat(e.serverMessage()).isEqualTo("broken");
    }

    @Test
    void isPartOfSpec() {
        LongOperation found = Lab.SPEC.withOperations(OPERATION).operations().get(0);

        assertThat(found).isEqualTo(OPERATION);
        assertThat(found.ids()).containsExactly("id");
        assertThat(found.polling("r-1").policy()).isEqualTo(EVERY_SECOND);
        assertThat(found.pollingResult(REPORT.payload(), "r-1").timing().limit())
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void refusesRulesThatMakeNoSense() {
        assertThatThrownBy(() -> new Pending(Set.of(), null, null))
                .hasMessageContaining("pending: every response (expected: a status, a header or a member)");
        assertThatThrownBy(() -> Pending.onStatus(304))
                .hasMessageContaining("pending: status 304 (expected: 200 to 599");
        assertThatThrownBy(() -> Pending.onStatus(20)).hasMessageContaining("pending: status 20 (expected: 200 to 599");
        assertThatThrownBy(() -> Pending.whileMember("state", "queued"))
                .hasMessageContaining("pending: state (expected: a JSON pointer");
        assertThatThrownBy(() -> Pending.whileHeader("x state", null))
                .hasMessageContaining("pending: header name x state");
        assertThatThrownBy(() -> new LongOperation.Response(Payload.tree(), null, null))
                .hasMessageContaining("response of an operation: shape null, pending null (expected: one of the two)");
        LongOperation stated = new LongOperation(
                "job", "jobs/{id}", JobShape.at("/s", StateWords.succeeding("ok")), EVERY_SECOND, Duration.ofHours(1));
        assertThatThrownBy(() -> stated.pollingResult(REPORT.payload(), 1))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("job: its state is in its body (expected: polling(payload, reading, ids)");
    }
}
