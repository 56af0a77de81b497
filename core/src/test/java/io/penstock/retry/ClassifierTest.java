package io.penstock.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.request.RetryClass;
import io.penstock.retry.Classifier.Sent;
import io.penstock.retry.Classifier.Situation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClassifierTest {

    private static final RetryPolicy POLICY = RetryPolicy.standard();
    private static final long BACKOFF = Duration.ofMillis(900).toNanos();
    private static final long REMAINING = Duration.ofSeconds(60).toNanos();

    private static Failure failure(
            Certainty certainty, Retryability retryability, @Nullable Duration hint, int maxAttempts) {
        Failure f = Failure.of(ErrorKind.UNAVAILABLE, certainty, retryability, "503 unavailable");
        return Failure.of(f.kind(), f.certainty(), f.retryability(), f.message())
                .withStatus(503)
                .withRetryAfter(hint)
                .withMaxAttempts(maxAttempts);
    }

    private static Failure passing(Certainty certainty) {
        return failure(certainty, Retryability.TRANSIENT, null, 0);
    }

    private static Failure hinted(Duration hint) {
        return failure(Certainty.REJECTED, Retryability.TRANSIENT, hint, 0);
    }

    private static Decision decide(RetryClass retryClass, Failure failure, int attempt) {
        return Classifier.decide(failure, situation(retryClass, failure.certainty(), attempt), POLICY);
    }

    private static Situation situation(RetryClass retryClass, Certainty certainty, int attempt) {
        return new Situation(
                new Sent(retryClass, Method.GET, certainty, attempt, false), REMAINING, BACKOFF, Long.MAX_VALUE, true);
    }

    private static Situation left(
            Certainty certainty, long remainingNanos, long keyHoldsNanos, boolean sentOnce, boolean budget) {
        return new Situation(
                new Sent(RetryClass.KEYED, Method.POST, certainty, 1, sentOnce),
                remainingNanos,
                BACKOFF,
                keyHoldsNanos,
                budget);
    }

    /** Returns the cells of the table in the class comment. */
    static Stream<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (RetryClass retryClass : RetryClass.values()) {
            for (Certainty certainty : Certainty.values()) {
                for (Retryability retryability : Retryability.values()) {
                    boolean couldActTwice = retryClass == RetryClass.UNSAFE
                            && (certainty == Certainty.MAYBE_PROCESSED || certainty == Certainty.PROCESSED);
                    boolean resend = retryability == Retryability.TRANSIENT && !couldActTwice;
                    cells.add(arguments(retryClass, certainty, retryability, resend));
                }
            }
        }
        return cells.stream();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void decidesEachCellOfTable(RetryClass retryClass, Certainty certainty, Retryability retryability, boolean resend) {
        Decision decision = decide(retryClass, failure(certainty, retryability, null, 0), 1);

        if (resend) {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            Decision.Resend.class,
                            r -> assertThat(r.waitNanos()).isEqualTo(BACKOFF));
        } else {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            Decision.GiveUp.class,
                            g -> assertThat(g.retryInNanos()).isEqualTo(-1));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            IDEMPOTENT | NOT_SENT        | TRANSIENT    | the server did not act; backoff
            IDEMPOTENT | REJECTED        | TRANSIENT    | the server did not act; backoff
            IDEMPOTENT | MAYBE_PROCESSED | TRANSIENT    | idempotent; backoff
            IDEMPOTENT | PROCESSED       | TRANSIENT    | idempotent; backoff
            KEYED      | NOT_SENT        | TRANSIENT    | the server did not act; backoff
            KEYED      | MAYBE_PROCESSED | TRANSIENT    | keyed: the server acts once; backoff
            UNSAFE     | REJECTED        | TRANSIENT    | the server did not act; backoff
            UNSAFE     | MAYBE_PROCESSED | TRANSIENT    | no idempotency key: sending it again could act twice
            UNSAFE     | PROCESSED       | PERMANENT    | sending it again cannot help
            IDEMPOTENT | REJECTED        | AFTER_ACTION | somebody has to act first
            """)
    void namesRuleOfDecision(RetryClass retryClass, Certainty certainty, Retryability retryability, String rule) {
        assertThat(decide(retryClass, failure(certainty, retryability, null, 0), 1)
                        .rule())
                .isEqualTo(rule);
    }

    @ParameterizedTest
    @CsvSource({"4, 0, true", "5, 0, false", "6, 0, false", "1, 2, true", "2, 2, false", "4, 9, true", "5, 9, false"})
    void limitsAttemptsToSmallerOfPolicyAndFailure(int attempt, int failureMax, boolean resend) {
        Decision decision = decide(
                RetryClass.IDEMPOTENT,
                failure(Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT, null, failureMax),
                attempt);

        assertThat(decision).isInstanceOf(resend ? Decision.Resend.class : Decision.GiveUp.class);
    }

    @Test
    void namesCountWhenAttemptsAreUsedUp() {
        assertThat(decide(RetryClass.IDEMPOTENT, passing(Certainty.MAYBE_PROCESSED), 5))
                .isEqualTo(new Decision.GiveUp("attempt 5 of 5", -1));
    }

    @Test
    void keepsServerHintWhenAttemptsAreUsedUp() {
        Duration hint = Duration.ofSeconds(7);

        assertThat(decide(RetryClass.IDEMPOTENT, hinted(hint), 5))
                .isEqualTo(new Decision.GiveUp("attempt 5 of 5", hint.toNanos()));
    }

    @ParameterizedTest
    @CsvSource({"0, 900", "899, 900", "900, 900", "901, 901", "30000, 30000"})
    void waitsForLongerOfHintAndBackoff(long hintMillis, long waitMillis) {
        Decision decision = decide(RetryClass.UNSAFE, hinted(Duration.ofMillis(hintMillis)), 1);

        assertThat(decision)
                .isEqualTo(new Decision.Resend(
                        Duration.ofMillis(waitMillis).toNanos(),
                        hintMillis > 900
                                ? "the server did not act; server's hint"
                                : "the server did not act; backoff"));
    }

    @Test
    void reportsHintAboveMaximumInsteadOfWaiting() {
        Duration hint = POLICY.maxHint().plusNanos(1);

        assertThat(decide(RetryClass.IDEMPOTENT, hinted(hint), 1))
                .isEqualTo(new Decision.GiveUp(
                        "the server asks for 30 s, more than the 30 s this client waits", hint.toNanos()));
    }

    @ParameterizedTest
    @CsvSource({"901, true", "900, false", "899, false", "0, false", "-5, false"})
    void refusesWaitBeyondDeadline(long remainingMillis, boolean resend) {
        Decision decision = Classifier.decide(
                passing(Certainty.NOT_SENT),
                left(Certainty.NOT_SENT, Duration.ofMillis(remainingMillis).toNanos(), Long.MAX_VALUE, false, true),
                POLICY);

        assertThat(decision)
                .isEqualTo(
                        resend
                                ? new Decision.Resend(BACKOFF, "the server did not act; backoff")
                                : new Decision.GiveUp("the wait would overrun the deadline", BACKOFF));
    }

    @Test
    void givesUpAndNamesWaitWhenBudgetIsEmpty() {
        assertThat(Classifier.decide(
                        passing(Certainty.NOT_SENT),
                        left(Certainty.MAYBE_PROCESSED, REMAINING, Long.MAX_VALUE, false, false),
                        POLICY))
                .isEqualTo(new Decision.GiveUp("retry budget used up", BACKOFF));
    }

    @ParameterizedTest
    @EnumSource(RetryClass.class)
    void ignoresEmptyBudgetWhenRetryCannotHelp(RetryClass retryClass) {
        Failure failure = failure(Certainty.REJECTED, Retryability.PERMANENT, null, 0);

        Situation poor = new Situation(
                new Sent(retryClass, Method.POST, Certainty.REJECTED, 1, false),
                REMAINING,
                BACKOFF,
                Long.MAX_VALUE,
                false);

        assertThat(Classifier.decide(failure, poor, POLICY).rule()).isEqualTo("sending it again cannot help");
    }

    @Test
    void saturatesHintBeyondRangeOfClock() {
        Failure failure = hinted(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(decide(RetryClass.IDEMPOTENT, failure, 1))
                .isInstanceOfSatisfying(
                        Decision.GiveUp.class, g -> assertThat(g.retryInNanos()).isEqualTo(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @EnumSource(RetryClass.class)
    void remembersUncertaintyOfEarlierAttempt(RetryClass retryClass) {
        Decision decision = Classifier.decide(
                hinted(Duration.ofSeconds(1)), situation(retryClass, Certainty.MAYBE_PROCESSED, 2), POLICY);

        assertThat(decision)
                .isInstanceOf(retryClass == RetryClass.UNSAFE ? Decision.GiveUp.class : Decision.Resend.class);
    }

    @ParameterizedTest
    @CsvSource({"901, true", "900, false", "10, false"})
    void givesUpWhenKeyExpiresBeforeWaitEnds(long holdsMillis, boolean resend) {
        Decision decision = Classifier.decide(
                passing(Certainty.MAYBE_PROCESSED),
                left(
                        Certainty.MAYBE_PROCESSED,
                        REMAINING,
                        Duration.ofMillis(holdsMillis).toNanos(),
                        false,
                        true),
                POLICY);

        assertThat(decision).isInstanceOf(resend ? Decision.Resend.class : Decision.GiveUp.class);
        assertThat(decision.rule()).contains(resend ? "keyed" : "forgets the idempotency key");
    }

    @Test
    void leavesRepetitionToEnclosingCall() {
        assertThat(Classifier.decide(
                        hinted(Duration.ofSeconds(3)),
                        left(Certainty.MAYBE_PROCESSED, REMAINING, Long.MAX_VALUE, true, true),
                        POLICY))
                .isEqualTo(new Decision.GiveUp(
                        "sent once: what encloses this call repeats it",
                        Duration.ofSeconds(3).toNanos()));
    }

    /** POST only with a hint, PUT and DELETE never on 500, GET on 504 at most twice. */
    @ParameterizedTest
    @CsvSource({
        "POST,   503, 1, ,    false",
        "POST,   503, 1, 1,   true",
        "POST,   500, 1, ,    true",
        "PUT,    500, 1, 1,   false",
        "DELETE, 500, 1, ,    false",
        "DELETE, 503, 1, ,    true",
        "GET,    500, 1, ,    true",
        "GET,    504, 1, ,    true",
        "GET,    504, 2, ,    false",
        "GET,    0,   2, ,    true",
        "PATCH,  0,   1, ,    false",
        "PATCH,  500, 1, ,    false",
    })
    void appliesRestrictionsOfVendor(Method method, int status, int attempt, @Nullable Integer hint, boolean resend) {
        RetryPolicy policy = POLICY.withRestrictions(
                RetryRestriction.onlyWithHint(Set.of(Method.POST), 429, 503),
                RetryRestriction.atMost(1, Set.of(Method.PUT, Method.DELETE), 500),
                RetryRestriction.atMost(2, Set.of(Method.GET), 504),
                RetryRestriction.atMost(1, Set.of(Method.PATCH)));
        Decision decision = refused(RetryClass.IDEMPOTENT, method, status, attempt, hint, policy);

        assertThat(decision).isInstanceOf(resend ? Decision.Resend.class : Decision.GiveUp.class);
        if (!resend) {
            assertThat(decision.rule()).startsWith("the vendor's restriction: ").contains(method.name());
        }
    }

    private static Decision refused(
            RetryClass retryClass, Method method, int status, int attempt, @Nullable Integer hint, RetryPolicy policy) {
        Failure failure = failure(
                        Certainty.REJECTED, Retryability.TRANSIENT, hint == null ? null : Duration.ofSeconds(hint), 0)
                .withStatus(status);
        Situation now = new Situation(
                new Sent(retryClass, method, Certainty.REJECTED, attempt, false),
                REMAINING,
                BACKOFF,
                Long.MAX_VALUE,
                true);
        return Classifier.decide(failure, now, policy);
    }

    /** GET on 429 and 503; POST without a key on 429; PATCH after no error answer; a lost body (200) is no error answer. */
    @ParameterizedTest
    @CsvSource({
        "GET,   IDEMPOTENT, 429, true",
        "GET,   IDEMPOTENT, 503, true",
        "GET,   IDEMPOTENT, 500, false",
        "GET,   IDEMPOTENT, 408, false",
        "GET,   IDEMPOTENT, 200, true",
        "GET,   IDEMPOTENT, 0,   true",
        "HEAD,  IDEMPOTENT, 500, true",
        "POST,  UNSAFE,     429, true",
        "POST,  UNSAFE,     503, false",
        "POST,  UNSAFE,     0,   true",
        "POST,  KEYED,      429, true",
        "POST,  KEYED,      503, true",
        "PATCH, UNSAFE,     429, false",
        "PATCH, KEYED,      503, false",
        "PATCH, UNSAFE,     0,   true",
    })
    void appliesRestrictionsThatListAllowedRetries(Method method, RetryClass retryClass, int status, boolean resend) {
        RetryPolicy policy = POLICY.withRestrictions(
                RetryRestriction.onlyOn(Set.of(Method.GET), 429, 503),
                RetryRestriction.onlyOn(Set.of(Method.POST), 429).withoutKey(),
                RetryRestriction.onlyUnanswered(Set.of(Method.PATCH)));

        Decision decision = refused(retryClass, method, status, 1, null, policy);

        assertThat(decision).isInstanceOf(resend ? Decision.Resend.class : Decision.GiveUp.class);
        if (!resend) {
            assertThat(decision.rule()).startsWith("the vendor's restriction: " + method);
        }
    }

    @Test
    void describesRestrictionByWhatItForbids() {
        assertThat(List.of(
                        RetryRestriction.atMost(2, Set.of(Method.GET), 504),
                        RetryRestriction.atMost(1, Set.of(Method.PUT)),
                        RetryRestriction.onlyWithHint(Set.of(Method.POST), 503, 429),
                        RetryRestriction.onlyOn(Set.of(Method.PUT, Method.DELETE), 429, 503),
                        RetryRestriction.onlyOn(Set.of(Method.POST), 429).withoutKey(),
                        RetryRestriction.onlyUnanswered(Set.of(Method.POST))))
                .extracting(Object::toString)
                .containsExactly(
                        "GET on 504 at most 2 sends",
                        "PUT at most 1 sends",
                        "POST on 429, 503 only with a hint",
                        "PUT, DELETE only on 429, 503",
                        "POST without a key only on 429",
                        "POST not after an error answer");
    }
}
