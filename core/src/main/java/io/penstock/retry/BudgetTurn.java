package io.penstock.retry;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.pipeline.TurnLine;
import io.penstock.pipeline.Turns;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/** A retry that is queued for budget. */
final class BudgetTurn extends TurnLine.Turn implements Subscription, Runnable {

    private final TurnLine line;
    private final Call call;
    private final ApiException failed;
    private final @Nullable Executor home = Turns.home();
    private final long since;
    /** Set to null on cancel, so that a cancelled call is not retained. */
    private volatile @Nullable RetryLoop loop;

    BudgetTurn(TurnLine line, RetryLoop loop, Call call, ApiException failed) {
        super(call);
        this.line = line;
        this.loop = loop;
        this.call = call;
        this.failed = failed;
        this.since = call.nowNanos();
    }

    void waits() {
        if (!line.enter(this)) {
            giveUp("retry budget used up, and " + line.maxWaiting() + " calls wait for it");
        }
    }

    @Override
    protected void go() {
        Failure refused = Turns.resume(home, call.scheduler(), this);
        if (refused != null) {
            turnAway(refused);
        }
    }

    @Override
    public void run() {
        RetryLoop here = loop;
        if (here != null) {
            call.note("attempt " + (call.attempts().size() + 1) + " waited " + waitedMillis() + " ms for retry budget");
            SubscriberContext.run(here.currentContext(), here::send);
        }
    }

    private long waitedMillis() {
        return (call.nowNanos() - since) / 1_000_000;
    }

    @Override
    protected void expire() {
        giveUp("retry budget used up: waited " + waitedMillis() + " ms for it, "
                + (call.isOutOfTime() ? "until the deadline" : "as long as the request's patience"));
    }

    @Override
    protected void turnAway(Failure why) {
        giveUp(why.message());
    }

    private void giveUp(String why) {
        RetryLoop here = loop;
        if (here != null) {
            call.note("not sent again: " + why);
            SubscriberContext.run(here.currentContext(), () -> here.giveUp(failed));
        }
    }

    @Override
    public void request(long n) {
        // a wait needs no demand
    }

    @Override
    public void cancel() {
        line.leave(this);
        loop = null;
    }
}
