package io.penstock.pipeline;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * The operators in their order, composed around a transport once per client. Composition costs nothing per call: an
 * operator with nothing to do passes the call on, and only operators that wait for something insert a subscriber.
 *
 * @hidden
 */
@Internal
public final class Pipeline implements Exchange {

    private final Exchange entry;
    private final Map<Stage, List<String>> descriptions;

    private Pipeline(Exchange entry, Map<Stage, List<String>> descriptions) {
        this.entry = entry;
        this.descriptions = descriptions;
    }

    /** Returns a builder for a pipeline that ends in the given transport, whose responses go to the given receiver. */
    public static Builder around(Transport transport, Receiver receiver, String receiverDescription) {
        return new Builder(transport, receiver, receiverDescription);
    }

    @Override
    public Mono<Reply> exchange(Call call) {
        return entry.exchange(call);
    }

    @Override
    public void subscribe(Call call, CoreSubscriber<? super Reply> actual) {
        entry.subscribe(call, actual);
    }

    /** Returns a line for every stage, from the caller to the wire. An empty stage shows a dash. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (Stage stage : Stage.values()) {
            List<String> lines = descriptions.getOrDefault(stage, List.of("–"));
            for (String line : lines) {
                if (text.length() > 0) {
                    text.append(System.lineSeparator());
                }
                text.append(String.format(Locale.ROOT, "  %-28s%s", stage.label(), line));
            }
        }
        return text.toString();
    }

    /**
     * A builder for pipelines. Operators are ordered by stage, and within a stage by insertion.
     *
     * @hidden
     */
    public static final class Builder {

        private final Map<Stage, List<Operator>> operators = new EnumMap<>(Stage.class);
        private final Map<Stage, String> passive = new EnumMap<>(Stage.class);
        private final Transport transport;
        private final Receiver receiver;
        private final String receiverDescription;

        private Builder(Transport transport, Receiver receiver, String receiverDescription) {
            this.transport = transport;
            this.receiver = receiver;
            this.receiverDescription = receiverDescription;
        }

        /** Adds an operator at a stage. It is also registered as {@link SendCheck} if it implements that. */
        public Builder with(Stage stage, Operator operator) {
            operators.computeIfAbsent(stage, s -> new ArrayList<>()).add(operator);
            return this;
        }

        /** Adds the description of a stage without an operator: the receiver does its work. */
        public Builder describing(Stage stage, String description) {
            passive.put(stage, description);
            return this;
        }

        /** Returns the finished pipeline. */
        public Pipeline build() {
            List<SendCheck> checks = new ArrayList<>();
            Map<Stage, List<String>> descriptions = new EnumMap<>(Stage.class);
            List<Operator> outsideIn = new ArrayList<>();
            operators.forEach((stage, list) -> {
                for (Operator operator : list) {
                    outsideIn.add(operator);
                    descriptions.computeIfAbsent(stage, s -> new ArrayList<>()).add(operator.describe());
                    if (operator instanceof SendCheck check) {
                        checks.add(check);
                    }
                }
            });
            passive.forEach((stage, description) -> descriptions.put(stage, List.of(description)));
            descriptions.put(Stage.TRANSPORT, List.of(transport.describe()));
            descriptions.put(Stage.DECODING, List.of(receiverDescription));
            Exchange next = new Sent(
                    transport,
                    checks.isEmpty() ? receiver : new CheckedReceiver(checks.toArray(new SendCheck[0]), receiver));
            for (int i = outsideIn.size() - 1; i >= 0; i--) {
                next = outsideIn.get(i).around(next);
            }
            return new Pipeline(next, descriptions);
        }
    }

    /** The innermost exchange. It sends an attempt, unless a check refuses it after all waits. */
    private record Sent(Transport transport, Receiver receiver) implements SubscribingExchange {
        @Override
        public void subscribe(Call call, CoreSubscriber<? super Reply> actual) {
            Attempt attempt = Attempt.of(call);
            ApiException refusal = receiver.refusal(attempt);
            if (refusal != null) {
                Operators.error(actual, refusal);
                return;
            }
            Mono<Reply> reply;
            try {
                reply = transport.exchange(attempt, receiver);
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                Operators.error(actual, e);
                return;
            }
            reply.subscribe(SubscriberContext.<Reply>restoring(actual));
        }
    }

    /** A receiver that consults the checks before anything is sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record CheckedReceiver(SendCheck[] checks, Receiver receiver) implements Receiver {
        @Override
        public @Nullable ApiException refusal(Attempt attempt) {
            for (SendCheck check : checks) {
                ApiException refusal = check.refusal(attempt);
                if (refusal != null) {
                    attempt.withheld();
                    return refusal;
                }
            }
            return null;
        }

        @Override
        public void onHead(Attempt attempt, ResponseHead head) {
            receiver.onHead(attempt, head);
        }

        @Override
        public @Nullable BodyReader reader(Attempt attempt, ResponseHead head) {
            return receiver.reader(attempt, head);
        }

        @Override
        public int limit(Attempt attempt, ResponseHead head) {
            return receiver.limit(attempt, head);
        }

        @Override
        public Reply onBody(Attempt attempt, ResponseHead head, ByteBuf body, boolean complete) {
            return receiver.onBody(attempt, head, body, complete);
        }
    }
}
