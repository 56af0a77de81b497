package io.penstock.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Plans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class CircuitRefusalTest {

    private final ApiException refused = new ApiException(
            Failure.of(ErrorKind.CIRCUIT_OPEN, Certainty.NOT_SENT, Retryability.TRANSIENT, "circuit api is open")
                    .withRetryAfter(Duration.ofMillis(400)));
    private final ApiException lost = new ApiException(
            Failure.of(ErrorKind.CONNECTION_LOST, Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT, "reset"));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Call call = Call.start(Plans.get(), time);
    private int asked;

    private ApiException outcome(Exchange wire) {
        List<Throwable> errors = new ArrayList<>();
        new ClassifiedRetry(RetryPolicy.standard(), () -> 0.5)
                .apply(call, attempt -> {
                    asked++;
                    return wire.exchange(attempt);
                })
                .subscribe(r -> {}, errors::add);
        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(errors).singleElement().isInstanceOf(ApiException.class);
        return (ApiException) errors.get(0);
    }

    @Test
    void givesUpOnRefusedCallAndNamesNextTrial() {
        ApiException e = outcome(attempt -> Mono.error(refused));

        assertThat(e).isSameAs(refused);
        assertThat(asked).isEqualTo(1);
        assertThat(call.retryAt()).isEqualTo(Instant.ofEpochMilli(400));
        assertThat(call.attempts()).singleElement().satisfies(a -> {
            assertThat(a.decision()).isEqualTo("the circuit is open");
            assertThat(a.waitNanos()).isZero();
        });
    }

    @Test
    void reportsOriginalErrorWhenRetryIsRefused() {
        ApiException e = outcome(attempt -> Mono.error(Attempt.of(attempt).number() == 1 ? lost : refused));

        assertThat(e).isSameAs(lost);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(asked).isEqualTo(2);
        assertThat(call.retryAt()).isEqualTo(Instant.ofEpochMilli(1_400));
        assertThat(call.attempts()).hasSize(1);
        assertThat(call.notes()).containsExactly("not sent again: circuit api is open");
    }
}
