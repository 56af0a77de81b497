package io.penstock.ratelimit;

import io.netty.buffer.ByteBuf;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A receiver that shows every head to the tracking before the decoding sees it, and every failure that the decoding
 * makes of a response.
 */
record TrackedReceiver(RateLimitTracking tracking, Receiver decoding) implements Receiver {

    @Override
    public @Nullable ApiException refusal(Attempt attempt) {
        return decoding.refusal(attempt);
    }

    @Override
    public void onHead(Attempt attempt, ResponseHead head) {
        tracking.onHead(attempt, head);
        decoding.onHead(attempt, head);
    }

    @Override
    public @Nullable BodyReader reader(Attempt attempt, ResponseHead head) {
        BodyReader reader = decoding.reader(attempt, head);
        return reader == null ? null : new TrackedReader(this, attempt, head, reader);
    }

    @Override
    public int limit(Attempt attempt, ResponseHead head) {
        return decoding.limit(attempt, head);
    }

    @Override
    public Reply onBody(Attempt attempt, ResponseHead head, ByteBuf body, boolean complete) {
        try {
            return decoding.onBody(attempt, head, body, complete);
        } catch (ApiException e) {
            failed(attempt, head, e);
            throw e;
        }
    }

    /** Reports a failure. One with a journey belongs to another call, made while this response was read. */
    private void failed(Attempt attempt, ResponseHead head, ApiException error) {
        if (error.journey() == Journey.none()) {
            tracking.onFailure(attempt, head, error.failure());
        }
    }

    /** A reader that reports failures found while a successful response is read. */
    private record TrackedReader(TrackedReceiver receiver, Attempt attempt, ResponseHead head, BodyReader reader)
            implements BodyReader {
        @Override
        public boolean opensWithHead() {
            return reader.opensWithHead();
        }

        @Override
        public void read(ByteBuf part, Consumer<Object> elements) {
            try {
                reader.read(part, elements);
            } catch (ApiException e) {
                receiver.failed(attempt, head, e);
                throw e;
            }
        }

        @Override
        public void end(Consumer<Object> elements) {
            try {
                reader.end(elements);
            } catch (ApiException e) {
                receiver.failed(attempt, head, e);
                throw e;
            }
        }
    }
}
