package io.penstock.ratelimit;

import io.penstock.pipeline.Attempt;
import io.penstock.request.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * All calls that spend of the same quota: its windows, and the line of those who wait.
 *
 * <p>A permit is a unit of every window and a place, taken together or not at all. Whoever finds everything free and nobody
 * waiting takes it with a few compare-and-sets; everybody else stands in the {@link WaitingLine}. What was taken is
 * remembered by the call itself, because a server may name another policy while it is under way.
 *
 * <p>A call that is made for one that holds a place ({@link Attempt#isNested}) takes units but no place, and does not stand
 * behind others: they may wait for what it is to bring. Where no unit would come back before those under way have ended, it
 * overdraws.
 */
final class Partition {

    /** What came of asking for a permit. */
    enum Answer {
        TAKEN,
        FROZEN,
        THAWING,
        NO_PLACE,
        NO_QUOTA,
        NO_PUBLISHED_QUOTA
    }

    /** Whoever names more is not describing a quota. */
    private static final int MOST_POLICIES = 16;

    private static final double MOST_JITTER = 0.05;
    private static final int TOO_MANY_REQUESTS = 429;
    /** For a refusal that says nothing of when. */
    static final long USUAL_BLOCK_NANOS = 1_000_000_000L;

    private final String name;
    private final Concurrency concurrency;
    private final Scheduler scheduler;
    private final List<DeclaredWindow> declared;
    private final boolean reports;
    private final RefusalCooldown cooldown;
    private final WaitingLine line;

    /** Replaced as a whole, under this object's lock, when the server names a policy for the first time, or no more. */
    private volatile ReportedWindow[] reported;

    /** The declared and the reported ones. */
    private volatile Window[] windows;

    private final long silenceNanos;

    private final DoubleSupplier dice;
    private final Function<Plan, Partition> router;
    /** When it was last asked for a permit; a little wrong does no harm. */
    private long usedAt;

    /** What a server reports of a quota. */
    enum Reports {
        /** Nothing, ever. */
        NONE,
        /** Perhaps something: as long as nothing has been heard, nobody waits for it. */
        UNKNOWN,
        /** What is left: until it has been heard, one call goes ahead. */
        EXPECTED
    }

    /**
     * A partition.
     *
     * @param router knows the partition of a plan, which another answer may have changed
     */
    Partition(
            String name,
            Function<Plan, Partition> router,
            Reports reports,
            List<DeclaredWindow> declared,
            Concurrency concurrency,
            Scheduler scheduler,
            GatePolicy policy,
            DoubleSupplier dice) {
        this.dice = dice;
        this.router = router;
        this.name = name;
        this.reports = reports != Reports.NONE;
        this.silenceNanos = policy.longestSilence().toNanos();
        this.declared = declared;
        this.concurrency = concurrency;
        this.scheduler = scheduler;
        this.cooldown = new RefusalCooldown(now());
        this.line = new WaitingLine(this, scheduler, policy.maxWaiting());
        this.reported = reports == Reports.NONE
                ? new ReportedWindow[0]
                : new ReportedWindow[] {new ReportedWindow(now(), reports == Reports.EXPECTED, silenceNanos)};
        this.windows = windows(reported);
    }

    private Window[] windows(ReportedWindow[] ofTheServer) {
        List<Window> all = new ArrayList<>(declared);
        all.addAll(List.of(ofTheServer));
        return all.toArray(new Window[0]);
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** The partition of a call that waits. */
    Partition of(Waiter waiter) {
        Attempt call = waiter.callIfHere();
        return call == null ? this : router.apply(call.plan());
    }

    long usedAt() {
        return usedAt;
    }

    /** Whether nobody waits, and nothing is under way that the server counts. */
    boolean isIdle() {
        boolean idle = !line.isOccupied();
        for (ReportedWindow window : reported) {
            idle &= window.underWay() == 0;
        }
        return idle;
    }

    WaitingLine line() {
        return line;
    }

    /**
     * A permit, if there is one.
     *
     * @param inLine whether the line is to be called when a place is free
     */
    Answer tryTake(AdmittedCall call, long now, boolean inLine) {
        usedAt = now;
        if (!cooldown.allows(now)) {
            return cooldown.waitNanos(now) > 0 ? Answer.FROZEN : Answer.THAWING;
        }
        boolean nested = call.isNested();
        if (!nested && !(inLine ? concurrency.tryAcquireOr(line) : concurrency.tryAcquire())) {
            return Answer.NO_PLACE;
        }
        Window[] all = windows;
        for (int i = 0; i < all.length; i++) {
            if (!all[i].tryTake(now) && !overdrawn(all[i], nested, now)) {
                giveBack(all, i);
                if (!nested) {
                    concurrency.release();
                }
                return i < declared.size() ? Answer.NO_PUBLISHED_QUOTA : Answer.NO_QUOTA;
            }
        }
        cooldown.passed(now);
        call.spends(all);
        return Answer.TAKEN;
    }

    private static boolean overdrawn(Window window, boolean nested, long now) {
        boolean overdraws = nested && !window.refillsByItself(now);
        if (overdraws) {
            window.overdraw();
        }
        return overdraws;
    }

    private static void giveBack(Window[] all, int count) {
        for (int i = 0; i < count; i++) {
            all[i].giveBack();
        }
    }

    /**
     * A permit comes back, from any thread, exactly once.
     *
     * @param streaming whether the body of the answer goes on: how long that takes says nothing of the server
     */
    void release(AdmittedCall permit, boolean streaming) {
        try {
            settle(permit, streaming);
        } finally {
            if (!permit.isNested()) {
                concurrency.release();
            }
            line.drainIfOccupied();
        }
    }

    private void settle(AdmittedCall permit, boolean streaming) {
        Window[] spent = permit.spent();
        Attempt call = permit.call();
        if (!call.isDispatched()) {
            giveBack(spent, spent.length);
            return;
        }
        if (permit.isUnjudged()) {
            // The answer could not be read to its end: its head has to do.
            permit.judge(call.status() == TOO_MANY_REQUESTS);
            if (permit.isRefused()) {
                QuotaReport report = permit.report();
                long pause = Math.max(USUAL_BLOCK_NANOS, report == null ? 0 : report.emptyForNanos());
                refused(pause, false, report, call.attemptStartedNanos());
            } else {
                heard(permit.report(), call.attemptStartedNanos());
            }
        }
        long now = now();
        for (Window window : spent) {
            window.ended(now, call.status() != 0);
        }
        int status = permit.isRefused() ? TOO_MANY_REQUESTS : call.status();
        if (status != 0 && !permit.isRefused()) {
            cooldown.served();
        }
        if (!streaming) {
            concurrency.observed(now - call.attemptStartedNanos(), status, now);
        }
    }

    /** Another partition counts the request of a permit, because the server does. */
    void handOver(AdmittedCall permit, Partition to) {
        for (Window window : permit.spent()) {
            if (window instanceof ReportedWindow) {
                window.giveBack();
            }
        }
        Window[] theirs = to.windows;
        for (Window window : theirs) {
            if (window instanceof ReportedWindow) {
                window.overdraw();
            }
        }
        permit.spends(theirs);
    }

    /**
     * An answer has come; its call still holds its permit.
     *
     * @param report what it says of the quota, or null if it says nothing
     * @param startedNanos when its request was admitted
     */
    void heard(@Nullable QuotaReport report, long startedNanos) {
        if (!reports) {
            return;
        }
        long now = now();
        ReportedWindow[] known = reported;
        if (known.length == 1 && (report == null || isAlone(report, known[0]))) {
            known[0].heard(report, now, startedNanos);
        } else if (report == null) {
            for (ReportedWindow window : known) {
                window.heard(null, now, startedNanos);
            }
        } else {
            heardOfEach(report, now, startedNanos);
        }
        if (report != null && report.remaining() > 0 && report.remaining() >= report.limit() / 2) {
            cooldown.heardMore(startedNanos, now, report.remaining());
        }
        line.drainIfOccupied();
    }

    private static boolean isAlone(QuotaReport report, ReportedWindow window) {
        return report.others().isEmpty() && Objects.equals(report.policy(), window.policy());
    }

    /** Of several policies each has its window. One that is no longer named when its window has ended is forgotten. */
    private synchronized void heardOfEach(QuotaReport report, long now, long startedNanos) {
        List<ReportedWindow> kept = new ArrayList<>(reported.length + 1);
        for (ReportedWindow window : reported) {
            QuotaReport its = report.of(window.policy());
            if (its != null) {
                window.heard(its, now, startedNanos);
                kept.add(window);
            } else if (window.isUntold()) {
                // What the server says first gives the window its name, and keeps those under way counted.
                window.heard(window.named(report), now, startedNanos);
                kept.add(window);
            } else if (!window.isAwaited(startedNanos)) {
                window.heard(null, now, startedNanos);
                kept.add(window);
            }
        }
        adopt(report, kept, now, startedNanos);
        for (QuotaReport other : report.others()) {
            adopt(other, kept, now, startedNanos);
        }
        reported = kept.toArray(new ReportedWindow[0]);
        windows = windows(reported);
    }

    private void adopt(QuotaReport report, List<ReportedWindow> kept, long now, long startedNanos) {
        boolean known = kept.stream().anyMatch(window -> Objects.equals(window.policy(), report.policy()));
        if (!known && kept.size() < MOST_POLICIES) {
            ReportedWindow window =
                    new ReportedWindow(now, startedNanos, report.policy(), concurrency.used(), silenceNanos);
            window.heard(report, now, startedNanos);
            kept.add(window);
        }
    }

    /**
     * The server has refused: nobody goes before that time has passed, and then not all at once.
     *
     * @param asked whether it said itself how long
     * @param report what it says of its policies; where one of them is used up, the others need not be
     * @param startedNanos when the request was admitted that it refused
     */
    void refused(long forNanos, boolean asked, @Nullable QuotaReport report, long startedNanos) {
        long now = now();
        long left = report == null ? -1 : report.remaining();
        RefusalCooldown.Refusals refusals = cooldown.another(left);
        long pause = refusals.pauseNanos(forNanos, asked, left);
        // Where a line is waiting, other clients have one too, and would all come back at the same moment.
        double jitter = line.isOccupied() ? MOST_JITTER * dice.getAsDouble() : 0;
        long until = now + Math.min(silenceNanos, pause + (long) (pause * jitter));
        cooldown.until(until, asked, refusals.width(left));
        ReportedWindow[] known = reported;
        boolean named = false;
        for (ReportedWindow window : known) {
            named |= isUsedUp(report, window);
        }
        for (ReportedWindow window : known) {
            QuotaReport its = report == null ? null : report.of(window.policy());
            if (its != null && its.remaining() > 0) {
                window.heard(its, now, startedNanos);
            } else if (!named || isUsedUp(report, window)) {
                window.refused(until, now);
            }
        }
        line.drainIfOccupied();
    }

    /** How long a single answer may silence the client. */
    long silenceNanos() {
        return silenceNanos;
    }

    private static boolean isUsedUp(@Nullable QuotaReport report, ReportedWindow window) {
        QuotaReport its = report == null ? null : report.of(window.policy());
        return its != null && its.remaining() == 0;
    }

    /** How long a call that came now would wait; {@link Window#NEVER} where nobody can tell. */
    long waitNanos(long now, int ahead) {
        long wait = answeredWaitNanos(now, ahead);
        for (int i = 0; i < declared.size(); i++) { // no iterator for each who waits
            wait = Math.max(wait, declared.get(i).waitNanos(now, ahead));
        }
        return wait;
    }

    /** The same as far as the server's answers are the reason, and no published limit is. */
    long answeredWaitNanos(long now, int ahead) {
        long wait = cooldown.waitNanos(now);
        for (ReportedWindow window : reported) {
            wait = Math.max(wait, window.waitNanos(now, ahead));
        }
        return wait;
    }

    /** The largest number of calls that could ever be sent at once, as far as is known. */
    int mostAtOnce() {
        long most = Integer.MAX_VALUE;
        for (DeclaredWindow window : declared) {
            most = Math.min(most, window.limit().permits());
        }
        for (ReportedWindow window : reported) {
            most = window.limit() < 0 ? most : Math.min(most, window.limit());
        }
        return (int) most;
    }

    List<DeclaredWindow> declared() {
        return declared;
    }

    /** Name, and what is known of the quota that binds first: for journeys. */
    String describe() {
        ReportedWindow binding = null;
        for (ReportedWindow window : reported) {
            if (window.limit() >= 0 && (binding == null || window.available() < binding.available())) {
                binding = window;
            }
        }
        if (binding == null) {
            return name;
        }
        String policy = binding.policy() == null ? "" : "/" + binding.policy();
        return name + policy + " " + binding.available() + "/" + binding.limit();
    }

    @Override
    public String toString() {
        return name;
    }
}
