package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.StubTransport.Answer;
import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Successes and sends of a client with default settings against servers that fail in well-known ways. */
class PatienceFiguresTest {

    private static final VendorSpec SPEC = VendorSpec.generic("acme", URI.create("https://api.example.com/v1"));
    private static final Duration STEP = Duration.ofMillis(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<ApiResponse<?>> answers = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private Duration firstAnswer = Duration.ZERO;

    private long now() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    private ApiClient client(StubTransport wire) {
        return ApiClient.builder(SPEC)
                .transport(wire.taking(Duration.ofMillis(5)))
                .scheduler(time)
                .build();
    }

    /** Makes a number of calls, all at once or spread over a time, and advances the time until all have ended. */
    private void calls(ApiClient client, int number, Duration over, Duration deadline) {
        ApiRequest<?> request = ApiRequest.get("usage").deadline(deadline);
        long began = now();
        int begun = 0;
        while (answers.size() + errors.size() < number) {
            long due = over.isZero() ? number : number * (now() - began) / over.toNanos();
            for (; begun < Math.min(number, due); begun++) {
                client.execute(request).subscribe(answers::add, errors::add);
            }
            time.advanceTimeBy(STEP);
            if (firstAnswer.isZero() && !answers.isEmpty()) {
                firstAnswer = Duration.ofNanos(now() - began);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void losesNoCallInOutageOfTwoSeconds(int overSeconds) {
        long from = TimeUnit.SECONDS.toNanos(overSeconds / 4);
        long until = from + TimeUnit.SECONDS.toNanos(2);
        StubTransport wire = new StubTransport(n -> Answer.of(now() >= from && now() < until ? 503 : 200, "{}"));
        calls(client(wire), 400, Duration.ofSeconds(overSeconds), Duration.ofSeconds(60));

        assertThat(errors).isEmpty();
        assertThat(wire.sent.size()).isLessThanOrEqualTo(480);
        assertThat(firstAnswer).isLessThan(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource({"10, 5", "10, 20", "10, 50", "30, 5", "30, 20", "50, 10", "70, 50", "100, 5", "100, 50"})
    void losesNoCallAtLimitThatRefusesWithoutHint(int perSecond, int burst) {
        double[] excess = new double[1];
        long[] at = new long[1];
        StubTransport wire = new StubTransport(n -> {
            double level = Math.max(0, excess[0] - perSecond * (now() - at[0]) / 1e9) + 1;
            if (level > burst + 1) {
                return Answer.of(503, "{}");
            }
            excess[0] = level;
            at[0] = now();
            return Answer.of(200, "{}");
        });
        calls(client(wire), 200, Duration.ZERO, Duration.ofSeconds(30));

        assertThat(errors).isEmpty();
        assertThat(wire.sent.size()).isLessThanOrEqualTo(260);
    }

    @Test
    void losesNoCallAtServerWithTwoSlots() {
        long[] free = new long[2];
        StubTransport wire = new StubTransport(n -> {
            int slot = free[0] <= now() ? 0 : free[1] <= now() ? 1 : -1;
            if (slot >= 0) {
                free[slot] = now() + TimeUnit.MILLISECONDS.toNanos(500);
            }
            return Answer.of(slot >= 0 ? 200 : 503, "{}");
        });
        calls(client(wire), 20, Duration.ZERO, Duration.ofSeconds(60));

        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 0", "4, 5", "5, 5"})
    void sendsEveryFirstAttemptWhenMostFailAtRandom(long seed, int overSeconds) {
        Random random = new Random(seed);
        StubTransport wire = new StubTransport(n -> Answer.of(random.nextDouble() < 0.8 ? 503 : 200, "{}"));
        calls(client(wire), 500, Duration.ofSeconds(overSeconds), Duration.ofSeconds(20));

        assertThat(wire.sent.size()).isBetween(520, 600);
        assertThat(errors)
                .as("every call was sent")
                .allMatch(error -> error instanceof ApiException failed
                        && failed.journey().attempts().get(0).status() == 503);
        assertThat(answers.size()).isGreaterThan(80);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void losesAtMostTwoCallsWhenQuarterOfSendsFails(long seed) {
        Random random = new Random(seed);
        StubTransport wire = new StubTransport(n -> Answer.of(random.nextDouble() < 0.25 ? 502 : 200, "{}"));
        calls(client(wire), 300, Duration.ZERO, Duration.ofSeconds(60));

        assertThat(errors)
                .extracting(e -> ((ApiException) e).journey().notes().toString())
                .hasSizeLessThanOrEqualTo(2);
    }
}
