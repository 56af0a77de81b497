package io.penstock;

import io.penstock.StubTransport.Answer;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import tools.jackson.databind.JsonNode;

/** Reactive Streams' own tests of a publisher: polls that follow each other as fast as they can. */
public class PollTckTest extends PublisherVerification<JsonNode> {

    public PollTckTest() {
        super(new TestEnvironment(300, 50));
    }

    private static Poll<JsonNode> poll(ApiRequest<JsonNode> request, long states) {
        StubTransport wire =
                new StubTransport(n -> Answer.of(200, "{\"status\":\"" + (n < states ? "running" : "done") + "\"}"));
        ApiClient client = ApiClient.builder(Lab.SPEC).transport(wire).build();
        return client.poll(Polling.of(request, JobShape.at("/status", StateWords.succeeding("done")))
                .withPolicy(PollPolicy.every(Duration.ofNanos(1)).steady().withJitter(0)));
    }

    @Override
    public Publisher<JsonNode> createPublisher(long elements) {
        return poll(ApiRequest.get("jobs/1"), elements);
    }

    @Override
    public Publisher<JsonNode> createFailedPublisher() {
        return null; // it fails where it is asked for something, and the TCK wants an error without
    }

    @Override
    public long maxElementsFromPublisher() {
        return 10_000; // the last answer of an operation is always one
    }
}
