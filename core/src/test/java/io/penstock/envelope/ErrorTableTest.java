package io.penstock.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTableTest {

    @ParameterizedTest
    @CsvSource({
        "400, false, VALIDATION, PERMANENT, REJECTED",
        "401, false, AUTHENTICATION, PERMANENT, REJECTED",
        "402, false, PAYMENT_REQUIRED, AFTER_ACTION, REJECTED",
        "403, false, PERMISSION, PERMANENT, REJECTED",
        "404, false, NOT_FOUND, PERMANENT, REJECTED",
        "405, false, VALIDATION, PERMANENT, REJECTED",
        "408, false, TIMEOUT, TRANSIENT, MAYBE_PROCESSED",
        "409, false, CONFLICT, PERMANENT, REJECTED",
        "410, false, GONE, PERMANENT, REJECTED",
        "412, false, CONFLICT, PERMANENT, REJECTED",
        "413, false, VALIDATION, PERMANENT, REJECTED",
        "422, false, VALIDATION, PERMANENT, REJECTED",
        "425, false, UNAVAILABLE, TRANSIENT, REJECTED",
        "429, false, RATE_LIMITED, TRANSIENT, REJECTED",
        "429, true, RATE_LIMITED, TRANSIENT, REJECTED",
        "451, false, VALIDATION, PERMANENT, REJECTED",
        "500, false, SERVER_ERROR, TRANSIENT, MAYBE_PROCESSED",
        "500, true, SERVER_ERROR, TRANSIENT, MAYBE_PROCESSED",
        "501, false, SERVER_ERROR, PERMANENT, REJECTED",
        "502, false, SERVER_ERROR, TRANSIENT, MAYBE_PROCESSED",
        "503, false, UNAVAILABLE, TRANSIENT, MAYBE_PROCESSED",
        "503, true, UNAVAILABLE, TRANSIENT, REJECTED",
        "504, true, SERVER_ERROR, TRANSIENT, MAYBE_PROCESSED",
        "505, false, SERVER_ERROR, PERMANENT, REJECTED",
        "599, false, SERVER_ERROR, TRANSIENT, MAYBE_PROCESSED",
        "302, false, UNEXPECTED_STATUS, PERMANENT, MAYBE_PROCESSED",
        "200, false, UNEXPECTED_STATUS, PERMANENT, MAYBE_PROCESSED"
    })
    void decidesByStatusWithoutKnownCode(
            int status, boolean waitHint, ErrorKind kind, Retryability retryability, Certainty certainty) {
        ErrorRule rule = new ErrorRule(kind, retryability, certainty, null);

        assertThat(ErrorTable.byStatusOnly().rule(status, null, waitHint)).isEqualTo(rule);
        assertThat(ErrorTable.byStatusOnly().rule(status, "never_heard_of", waitHint))
                .isEqualTo(rule);
    }

    private static final ErrorRule BUSY =
            ErrorRule.transientError(ErrorKind.UNAVAILABLE).withMaxAttempts(3);
    private static final ErrorRule TOP_UP = ErrorRule.afterAction(ErrorKind.PAYMENT_REQUIRED, "top up");
    private final ErrorTable table = new ErrorTable(Map.of("busy", BUSY, "empty", TOP_UP));

    @Test
    void prefersKnownCodeToStatus() {
        assertThat(table.rule(500, "empty", false)).isEqualTo(TOP_UP);
        assertThat(table.rule(200, "empty", false)).isEqualTo(TOP_UP);
    }

    @ParameterizedTest
    @CsvSource({
        "500, false, MAYBE_PROCESSED",
        "503, true, REJECTED",
        "503, false, MAYBE_PROCESSED",
        "429, false, REJECTED"
    })
    void takesMissingCertaintyFromStatus(int status, boolean waitHint, Certainty certainty) {
        assertThat(table.rule(status, "busy", waitHint))
                .isEqualTo(new ErrorRule(ErrorKind.UNAVAILABLE, Retryability.TRANSIENT, certainty, null)
                        .withMaxAttempts(3));
    }

    @Test
    void copiesItsRules() {
        Map<String, ErrorRule> rules = new HashMap<>(Map.of("busy", BUSY));
        ErrorTable copied = new ErrorTable(rules);
        rules.clear();

        assertThat(copied.byCode()).containsOnlyKeys("busy");
        assertThatThrownBy(() -> copied.byCode().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void buildsRuleFromKindAndRemedy() {
        assertThat(ErrorRule.permanent(ErrorKind.GONE).withRemedy("make a new one"))
                .isEqualTo(new ErrorRule(ErrorKind.GONE, Retryability.PERMANENT, Certainty.REJECTED, "make a new one"));
    }

    @ParameterizedTest
    @CsvSource({
        "200, VALIDATION",
        "226, VALIDATION",
        "404, GONE",
        "500, CONFLICT",
        "501, UNAVAILABLE",
        "599, UNAVAILABLE"
    })
    void appliesStatusClassAfterSpecificCases(int status, ErrorKind kind) {
        ErrorTable byClass = ErrorTable.ofCases(
                ErrorCase.ofStatus(404, ErrorRule.permanent(ErrorKind.GONE)),
                ErrorCase.ofStatus(500, ErrorRule.permanent(ErrorKind.CONFLICT)),
                ErrorCase.ofStatusClass(2, ErrorRule.permanent(ErrorKind.VALIDATION)),
                ErrorCase.ofStatusClass(5, ErrorRule.permanent(ErrorKind.UNAVAILABLE)));

        assertThatObject(byClass.rule(status, null, false).kind()).isEqualTo(kind);
        assertThatObject(byClass.rule(401, null, false).kind()).isEqualTo(ErrorKind.AUTHENTICATION);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 6, 200})
    void refusesInvalidStatusClass(int firstDigit) {
        assertThatThrownBy(() -> ErrorCase.ofStatusClass(firstDigit, TOP_UP))
                .isInstanceOf(ApiException.class)
                .hasMessage("status class: " + firstDigit + " (expected: 1 to 5)");
    }

    @Test
    void recognisesRateLimitBehind403() {
        ErrorRule ask = ErrorRule.permanent(ErrorKind.PERMISSION).withRemedy("ask for more rights");
        ErrorRule keyless = ErrorRule.permanent(ErrorKind.AUTHENTICATION);
        ErrorTable advising = ErrorTable.ofCases(
                ErrorCase.ofText(403, "no key", keyless),
                ErrorCase.ofText(403, "not yours", ask),
                ErrorCase.ofStatus(403, ask));

        assertThat(advising.rule(403, null, false)).isEqualTo(ask);
        assertThatObject(advising.rule(403, null, true).kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThatObject(advising.rule(said(null), false, true).kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(advising.rule(said("no key"), true, false)).isEqualTo(keyless);
        assertThat(advising.rule(said("not yours"), true, false)).isEqualTo(ask);
    }

    private static ErrorCase.Answer said(@Nullable String message) {
        return new ErrorCase.Answer(403, null, message, List.of(), Headers.none());
    }

    private static ErrorCase.Answer answer(int status, @Nullable String code, String... headers) {
        return new ErrorCase.Answer(status, code, null, List.of(), Headers.of(headers));
    }

    @Test
    void prefersCasesThatNameCodeOrHeaderToRuleOfCode() {
        ErrorRule gone = ErrorRule.permanent(ErrorKind.GONE);
        ErrorRule busy = ErrorRule.transientError(ErrorKind.UNAVAILABLE);
        ErrorRule conflict = ErrorRule.permanent(ErrorKind.CONFLICT);
        ErrorRule validation = ErrorRule.permanent(ErrorKind.VALIDATION);
        ErrorTable table = new ErrorTable(
                Map.of("locked", conflict),
                List.of(
                        ErrorCase.ofStatus(409, validation),
                        ErrorCase.ofCode("locked", busy).withStatus(423),
                        ErrorCase.ofHeader("x-state", "archived", gone),
                        ErrorCase.ofHeader("x-queue", busy).withStatus(5)));

        assertThat(table.rule(answer(409, "locked"), false, false)).isEqualTo(conflict);
        assertThat(table.rule(answer(409, "other"), false, false)).isEqualTo(validation);
        assertThatObject(table.rule(answer(423, "locked"), false, false).kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(table.rule(answer(409, "locked", "X-State", "Archived"), false, false))
                .isEqualTo(gone);
        assertThat(table.rule(answer(409, "locked", "x-state", "open"), false, false))
                .isEqualTo(conflict);
        assertThatObject(table.rule(answer(500, "locked", "x-queue", "full"), false, false)
                        .kind())
                .isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(table.rule(answer(409, "locked", "x-queue", "full"), false, false))
                .isEqualTo(conflict);
    }

    /** A 403 whose meaning a header tells is what the header says, whatever is left of a quota. */
    @Test
    void leaves403ToCaseThatNamesHeader() {
        ErrorRule ask = ErrorRule.permanent(ErrorKind.PERMISSION);
        ErrorTable table = ErrorTable.ofCases(ErrorCase.ofHeader("x-missing-scope", ask));

        assertThat(table.rule(answer(403, null, "x-missing-scope", "write"), true, true))
                .isEqualTo(ask);
    }

    @Test
    void rejectsRuleOrCaseThatCannotBe() {
        assertThatThrownBy(() -> ErrorCase.ofHeader(" ", ErrorRule.renewable()))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("header without a name");
        assertThatThrownBy(() -> ErrorRule.renewable().withLeastWait(Duration.ZERO))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("leastWait: PT0S");
        assertThatThrownBy(() -> ErrorRule.renewable().withMaxAttempts(-1))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("maxAttempts: -1");
    }
}
