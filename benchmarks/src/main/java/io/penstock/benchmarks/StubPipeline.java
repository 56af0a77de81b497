package io.penstock.benchmarks;

import io.penstock.body.JsonCodec;
import io.penstock.body.Payload;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.http.Method;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Transport;
import io.penstock.request.Plan;
import io.penstock.request.RetryClass;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Parts of a pipeline around a stub. */
final class StubPipeline {

    static final URI BASE = URI.create("https://api.example.com/v1");

    private StubPipeline() {}

    /** Returns a builder of the bare pipeline. */
    static Pipeline.Builder around(Transport transport) {
        EnvelopeDecoding receiver = decoding(ErrorShape.messageOnly(), 1 << 20);
        return Pipeline.around(transport, receiver, receiver.describe());
    }

    static EnvelopeDecoding decoding(ErrorShape shape, int limit) {
        return new EnvelopeDecoding(
                new JsonCodec(limit), shape, ErrorTable.byStatusOnly(), ApiException::new, limit, null);
    }

    static Plan plan(Payload<?> payload) {
        return new Plan(
                Method.GET,
                URI.create("https://api.example.com/v1/scans"),
                List.of("accept", "application/json"),
                null,
                payload,
                RetryClass.IDEMPOTENT,
                null,
                null,
                null,
                false,
                false,
                0,
                Duration.ofSeconds(60).toNanos(),
                "GET scans");
    }
}
