package io.penstock.benchmarks;

import io.penstock.body.JsonCodec;
import io.penstock.body.Payload;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorShape;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Transport;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import java.net.URI;

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
                new JsonCodec(limit), ErrorModel.byStatusOnly().withShape(shape), limit, null);
    }

    static Plan plan(Payload<?> payload) {
        return Plan.of(ApiRequest.get("scans").as(payload), BASE);
    }
}
