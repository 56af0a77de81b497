package io.penstock;

import io.penstock.StubTransport.Answer;
import io.penstock.polling.JobShape;
import io.penstock.polling.Poll;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.testng.annotations.Test;
import reactor.core.CoreSubscriber;
import tools.jackson.databind.JsonNode;

/** The TCK of Reactive Streams on a publisher whose polls follow each other as fast as possible. */
public class PollTckTest extends PublisherTck<JsonNode> {

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

    /** Fails at the first demand. The TCK expects an error without demand, so the first request is made for it. */
    @Override
    public Publisher<JsonNode> createFailedPublisher() {
        Poll<JsonNode> unresolved = poll(ApiRequest.get("jobs/{missing}"), 1);
        return subscriber -> unresolved.subscribe(new AskingOnce(subscriber));
    }

    private record AskingOnce(Subscriber<? super JsonNode> actual) implements CoreSubscriber<JsonNode> {
        @Override
        public void onSubscribe(Subscription subscription) {
            actual.onSubscribe(subscription);
            subscription.request(1);
        }

        @Override
        public void onNext(JsonNode state) {
            actual.onNext(state);
        }

        @Override
        public void onError(Throwable error) {
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }

    // A poll is not multicast: each subscriber makes its own polls and sees the states of that time.

    @Override
    @Test(enabled = false)
    public void
            optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne() {}

    @Override
    @Test(enabled = false)
    public void
            optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront() {}

    @Override
    @Test(enabled = false)
    public void
            optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected() {}
}
