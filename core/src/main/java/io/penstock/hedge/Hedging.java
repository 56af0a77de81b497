package io.penstock.hedge;

import io.penstock.annotation.Internal;
import io.penstock.http.Method;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SubscribingExchange;
import io.penstock.pipeline.SubscribingOperator;
import io.penstock.request.Plan;
import io.penstock.request.RetryClass;
import io.penstock.retry.ClassifiedRetry;
import io.penstock.upload.UploadBody;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import reactor.core.CoreSubscriber;

/**
 * An operator that sends a slow request a second time, takes the first response, and cancels the other send. Only safe
 * requests are hedged: GET, HEAD, OPTIONS, a POST that is marked as a query, and any request with an idempotency key.
 * Other PUT and DELETE requests are not, because the order of two parallel ones is unknown.
 *
 * <pre>
 *  first    |---------------------------(cancelled)
 *  delay    |--95th percentile--|
 *  second                       |----200
 *  caller                            200
 * </pre>
 *
 * A second send costs as much as a retry: it is charged to the retry budget, passes the circuit breaker and the
 * admission gate on its own, and does not happen while the quota is scarce. It starts on the client's scheduler.
 *
 * @hidden
 */
@Internal
public final class Hedging extends SubscribingOperator {

    /** The maximum number of latency windows. If ids end up in operation names, further operations share one window. */
    private static final int MAX_OPERATIONS = 1_000;

    private static final String THE_REST = "";

    final HedgingPolicy policy;
    private final ClassifiedRetry retry;
    private final Predicate<Call> quotaScarce;
    private final ConcurrentMap<String, LatencyWindow> windows = new ConcurrentHashMap<>();

    /**
     * Creates the hedging operator.
     *
     * @param retry the retry loop around it, whose budget it spends
     * @param quotaScarce whether the quota that a call would use is nearly exhausted
     */
    public Hedging(HedgingPolicy policy, ClassifiedRetry retry, Predicate<Call> quotaScarce) {
        this.policy = policy;
        this.retry = retry;
        this.quotaScarce = quotaScarce;
    }

    @Override
    public Exchange around(Exchange next) {
        return (SubscribingExchange) (call, actual) -> subscribe(Attempt.of(call), next, actual);
    }

    private void subscribe(Attempt call, Exchange next, CoreSubscriber<? super Reply> actual) {
        if (fits(call)) {
            actual.onSubscribe(new HedgeRace(actual, this, window(call.plan()), call, next));
        } else {
            next.subscribe(call, actual);
        }
    }

    private static boolean fits(Call call) {
        Plan plan = call.plan();
        Method method = plan.method();
        boolean changesNothing = method == Method.GET
                || method == Method.HEAD
                || method == Method.OPTIONS
                || (method == Method.POST && plan.retryClass() == RetryClass.IDEMPOTENT);
        boolean cheap = !(plan.body() instanceof UploadBody); // two uploads at once would slow each other down
        return cheap
                && (changesNothing || plan.retryClass() == RetryClass.KEYED)
                && !call.isSentOnce()
                && !plan.payload().isStreamed();
    }

    LatencyWindow window(Plan plan) {
        String name =
                windows.size() < MAX_OPERATIONS || windows.containsKey(plan.operation()) ? plan.operation() : THE_REST;
        return windows.computeIfAbsent(name, n -> new LatencyWindow(policy.percentile()));
    }

    /** Returns whether a second send makes sense and the budget covers it. Called when the delay is over. */
    boolean mayHedge(Call call) {
        return !quotaScarce.test(call) && retry.budget.available(call.nowNanos()) && retry.budget.withdraw();
    }

    /** Returns what a second send was charged that did not happen after all. */
    void notHedged() {
        retry.budget.unused();
    }

    @Override
    public String describe() {
        return policy.toString();
    }
}
