package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A decoding that refuses every response, seen by the tracking. */
class TrackedReceiverTest {

    private static final Duration WAIT = Duration.ofSeconds(7);

    private final RateLimitTracking tracking = new RateLimitTracking(HeaderFamily.xRateLimit(), List.of());
    private final Attempt attempt =
            Call.start(Plans.get(), VirtualTimeScheduler.create()).attempt(1);
    private final ResponseHead head = new ResponseHead(200, Headers.of("x-ratelimit-remaining", "5"));
    private ApiException refusal = new ApiException(
            Failure.of(ErrorKind.RATE_LIMITED, Certainty.REJECTED, Retryability.TRANSIENT, "an error inside a success")
                    .withRetryAfter(WAIT));
    private List<Quota> seenByDecoding = List.of();

    private final class Refusing implements Receiver, BodyReader {
        @Override
        public void onHead(Attempt attempt, ResponseHead head) {
            seenByDecoding = tracking.quotas();
        }

        @Override
        public BodyReader reader(Attempt attempt, ResponseHead head) {
            return this;
        }

        @Override
        public int limit(Attempt call, ResponseHead head) {
            return 7;
        }

        @Override
        public Reply onBody(Attempt attempt, ResponseHead head, ByteBuf body, boolean complete) {
            throw refusal;
        }

        @Override
        public void read(ByteBuf part, Consumer<Object> elements) {
            throw refusal;
        }

        @Override
        public void end(Consumer<Object> elements) {
            throw refusal;
        }
    }

    private final Receiver receiver = tracking.around(new Refusing());

    private @Nullable Object blockedUntil() {
        return tracking.quotas().stream()
                .map(Quota::blockedUntil)
                .filter(time -> time != null)
                .findAny()
                .orElse(null);
    }

    @Test
    void readsQuotaBeforeDecodingSeesHead() {
        receiver.onHead(attempt, head);

        assertThat(seenByDecoding).singleElement().matches(quota -> quota.remaining() == 5);
        assertThat(receiver.limit(attempt, head)).isEqualTo(7);
    }

    @Test
    void tracksRefusalInWholeBody() {
        assertThatThrownBy(() -> receiver.onBody(attempt, head, Unpooled.EMPTY_BUFFER, true))
                .isSameAs(refusal);

        assertThat(blockedUntil()).isNotNull();
    }

    @Test
    void tracksRefusalInPartOfStream() {
        BodyReader reader = receiver.reader(attempt, head);

        assertThatThrownBy(() -> reader.read(Unpooled.EMPTY_BUFFER, element -> {}))
                .isSameAs(refusal);

        assertThat(blockedUntil()).isNotNull();
    }

    @Test
    void tracksRefusalAtEndOfStream() {
        BodyReader reader = receiver.reader(attempt, head);

        assertThatThrownBy(() -> reader.end(element -> {})).isSameAs(refusal);

        assertThat(blockedUntil()).isNotNull();
    }

    @Test
    void ignoresFailureOfAnotherCall() {
        refusal = refusal.conclude(Journey.of(attempt, null, null), null, false);
        assertThat(refusal.journey()).isNotEqualTo(Journey.none());

        assertThatThrownBy(() -> receiver.onBody(attempt, head, Unpooled.EMPTY_BUFFER, true))
                .isSameAs(refusal);

        assertThat(blockedUntil()).isNull();
    }
}
