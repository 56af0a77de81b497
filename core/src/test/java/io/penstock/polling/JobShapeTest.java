package io.penstock.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JobShapeTest {

    private static final StateWords WORDS =
            StateWords.succeeding("succeeded", "done").failing("failed").cancelling("cancelled");
    private static final JobShape SHAPE = JobShape.at("/job/state", WORDS)
            .withPercent("/job/percent")
            .withExpectedAt("/eta")
            .withReason("/why");

    private static PollStatus read(String json) {
        return SHAPE.apply(JsonMapper.shared().readTree(json));
    }

    @ParameterizedTest
    @CsvSource({
        "succeeded, SUCCEEDED",
        "done, SUCCEEDED",
        "Done, SUCCEEDED",
        "failed, FAILED",
        "cancelled, CANCELLED",
        "running, RUNNING",
        "WAITING FOR THE FIRST RUN, RUNNING",
        "calibrating, RUNNING",
        "'', RUNNING"
    })
    void treatsUnknownStateAsRunning(String word, PollState state) {
        PollStatus status = read("{\"job\":{\"state\":\"" + word + "\"}}");

        assertThatObject(status.state()).isEqualTo(state);
        assertThat(status.word()).isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "\"succeeded\"",
                "{\"job\":null}",
                "{\"job\":{\"state\":null}}",
                "{\"job\":{\"state\":{\"succeeded\":true}}}"
            })
    void treatsMissingStateAsRunning(String json) {
        assertThat(read(json)).isEqualTo(PollStatus.of(PollState.RUNNING));
    }

    @Test
    void readsProgressReasonAndExpectedEnd() {
        PollStatus status = read(
                "{\"job\":{\"state\":\"failed\",\"percent\":\"40\"},\"eta\":\"2026-11-25T18:00:00.5+01:00\",\"why\":\"x\"}");

        assertThat(status.progress()).isEqualTo(0.4);
        assertThat(status.expectedAt()).isEqualTo(Instant.parse("2026-11-25T17:00:00.5Z"));
        assertThat(status.reason()).isEqualTo("x");
    }

    /** The client's clock may be virtual and begin in 1970. */
    @ParameterizedTest
    @CsvSource({"70, 1970", "26, 2026", "69, 2069"})
    void readsYearOfTwoDigitsWithoutClock(String digits, int year) {
        PollStatus status = read("{\"eta\":\"Friday, 06-Nov-" + digits + " 08:49:37 GMT\"}");

        assertThat(status.expectedAt()).isEqualTo(Instant.parse(year + "-11-06T08:49:37Z"));
    }

    @Test
    void ignoresNonsenseAndClampsProgress() {
        PollStatus status = read("{\"job\":{\"percent\":\"half\"},\"eta\":\"soon\",\"why\":\" \"}");

        assertThat(status).isEqualTo(PollStatus.of(PollState.RUNNING));
        assertThat(read("{\"job\":{\"percent\":140}}").progress()).isEqualTo(1);
        assertThat(read("{\"job\":{\"percent\":-1}}").progress()).isZero();
        assertThat(read("{\"job\":{\"percent\":\"NaN\"}}").progress()).isNull();
    }

    @Test
    void refusesInvalidPointersAndWords() {
        refused(() -> JobShape.at("status", WORDS), "state: status (expected: a JSON pointer");
        refused(() -> SHAPE.withReason("why"), "reason: why");
        refused(() -> StateWords.succeeding(), "succeeded: no word");
        refused(() -> StateWords.succeeding("done").failing("DONE"), "state \"done\": stands for two ends");
        refused(() -> StateWords.succeeding(" "), "blank");
    }

    @Test
    void refusesInvalidPolling() {
        Polling<?> polling = Polling.whileAccepted(ApiRequest.get("jobs/1"));

        assertThatThrownBy(() -> Polling.whileAccepted(ApiRequest.post("jobs")))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessage("polling: POST jobs (expected: a request that changes nothing, such as a GET)");
        assertThat(Polling.whileAccepted(ApiRequest.post("jobs").idempotent()).request())
                .isNotNull();
        assertThatThrownBy(() -> polling.within(Duration.ZERO)).hasMessageContaining("time limit PT0S");
        assertThatThrownBy(() -> polling.within(Duration.ofDays(400))).hasMessageContaining("at most 365 days");
        assertThatThrownBy(() -> polling.absentFor(Duration.ofSeconds(-1))).hasMessageContaining("absence PT-1S");
        assertThatThrownBy(() -> polling.startingAfter(Duration.ofSeconds(-1)))
                .hasMessageContaining("first poll after PT-1S");
        assertThat(polling.resumed().timing().firstAfter())
                .isEqualTo(polling.policy().interval().min());
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable made, String told) {
        assertThatThrownBy(made)
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining(told);
    }

    @Test
    void acceptsRepeatedWordOfSameState() {
        StateWords words = StateWords.succeeding("done", "done", "DONE").failing("bad", "bad");

        assertThat(words.of("done")).isEqualTo(PollState.SUCCEEDED);
        assertThat(words.of("bad")).isEqualTo(PollState.FAILED);
        assertThat(words.cancelling("gone", "gone").of("gone")).isEqualTo(PollState.CANCELLED);
    }

    /** A server that knows the key would repeat its first answer, whatever the state of the operation. */
    @Test
    void refusesToPollRequestWithIdempotencyKey() {
        ApiRequest<JsonNode> keyed = ApiRequest.post("jobs").idempotencyKey(IdempotencyKey.of("k-1"));

        assertThatThrownBy(() -> Polling.of(keyed, SHAPE))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("POST jobs has an idempotency key (expected: a request that changes nothing");
    }
}
