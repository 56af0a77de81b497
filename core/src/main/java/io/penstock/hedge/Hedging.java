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
 * Sends a request that is slower than usual a second time, and takes the answer that comes first; the other send is
 * cancelled. Only what is safe: GET, HEAD, OPTIONS, a POST that is marked as a query, and whatever carries an
 * idempotency key. A PUT or DELETE is not, because of two in parallel nobody knows which comes last.
 *
 * <pre>
 *  first    |---------------------------(cancelled)
 *  delay    |--95th percentile--|
 *  second                       |----200
 *  caller                            200
 * </pre>
 *
 * A second send costs what a retry costs: it is paid for out of the retry budget, passes the breaker and the gate for
 * itself, and is not made while the quota is scarce. It starts on the client's scheduler.
 */
@Internal
public final class Hedging extends SubscribingOperator {

    /** Operations are few; should somebody put ids into templates, the rest shares one window. */
    private static final int MAX_OPERATIONS = 1_000;

    private static final String THE_REST = "";

    final HedgingPolicy policy;
    private final ClassifiedRetry retry;
    private final Predicate<Call> quotaScarce;
    private final ConcurrentMap<String, LatencyWindow> windows = new ConcurrentHashMap<>();

    /**
     * Hedging.
     *
     * @param retry the retry loop around it, whose budget it spends
     * @param quotaScarce whether the quota that a call would spend is nearly used up
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

    /** Called when the delay is over: whether a second send is worth it and can be paid for. */
    boolean mayHedge(Call call) {
        return !quotaScarce.test(call) && retry.budget.available(call.nowNanos()) && retry.budget.withdraw();
    }

    @Override
    public String describe() {
        return policy.toString();
    }
}
