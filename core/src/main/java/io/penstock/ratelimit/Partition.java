package io.penstock.ratelimit;

import io.penstock.pipeline.Attempt;
import io.penstock.request.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * All calls that spend the same quota: its windows, and the line of waiting calls.
 *
 * <p>A permit is a unit of every window and a place, taken together or not at all. If everything is free and no call
 * waits, a call takes it with a few compare-and-sets; otherwise the call enters the {@link WaitingLine}. The call
 * itself remembers the windows that it took units from, because the server may name another policy while the call is
 * under way.
 *
 * <p>A call made for one that holds a place ({@link Attempt#isNested}) takes units but no place, and does not wait
 * behind others, since they may wait for its result. If no unit would come back before the calls under way have ended,
 * it overdraws.
 */
final class Partition {

    /** The result of a request for a permit. */
    enum Answer {
        TAKEN,
        FROZEN,
        THAWING,
        NO_PLACE,
        NO_QUOTA,
        NO_PUBLISHED_QUOTA
    }

    /** The bound on policies of one quota; a server that names more does not describe a quota. */
    private static final int MOST_POLICIES = 16;

    private static final double MOST_JITTER = 0.05;
    private static final int TOO_MANY_REQUESTS = 429;
    /** The pause after a refusal that does not say how long to wait. */
    static final long USUAL_BLOCK_NANOS = 1_000_000_000L;

    private final String name;
    private final Concurrency concurrency;
    private final Scheduler scheduler;
    private final List<DeclaredWindow> declared;
    private final boolean reports;
    private final RefusalCooldown cooldown;
    private final WaitingLine line;

    /**
     * The reported windows. Replaced as a whole, under this object's lock, when the server names a policy for the first
     * time or stops naming one.
     */
    private volatile ReportedWindow[] reported;

    /** The declared and the reported windows. */
    private volatile Window[] windows;

    private final long silenceNanos;
    /** Whether a rate is learned from refusals if the server does not report its quota. */
    private final boolean learns;
    /** The rate learned from refusals; null before the first one, and if the server reports its quota. */
    private volatile @Nullable LearnedRate learned;

    private final DoubleSupplier dice;
    private final Function<Plan, Partition> router;
    /** When a permit was last requested. Not synchronized: a slightly wrong value does no harm. */
    private long usedAt;

    /** The ways in which servers report a quota. */
    enum Reports {
        /** It never reports anything. */
        NONE,
        /** It may report something. No call waits for the first report. */
        UNKNOWN,
        /** It reports the remaining units. Until the first report, one call goes ahead. */
        EXPECTED
    }

    /**
     * The parts that all partitions of a gate share.
     *
     * @param router finds the partition of a plan, which another response may have changed
     * @param dice the jitter of waits, evenly between 0 and 1
     */
    record Common(
            Function<Plan, Partition> router,
            Concurrency concurrency,
            Scheduler scheduler,
            GatePolicy policy,
            DoubleSupplier dice) {}

    Partition(String name, Reports reports, List<DeclaredWindow> declared, Common common) {
        this.dice = common.dice;
        this.router = common.router;
        this.name = name;
        this.reports = reports != Reports.NONE;
        this.silenceNanos = common.policy.longestSilence().toNanos();
        this.declared = declared;
        this.learns = common.policy.learning() && declared.isEmpty();
        this.concurrency = common.concurrency;
        this.scheduler = common.scheduler;
        this.cooldown = new RefusalCooldown(now());
        this.line = new WaitingLine(this, scheduler, common.policy.maxWaiting());
        this.reported = reports == Reports.NONE
                ? new ReportedWindow[0]
                : new ReportedWindow[] {new ReportedWindow(now(), reports == Reports.EXPECTED, silenceNanos)};
        this.windows = windows(reported);
    }

    private Window[] windows(ReportedWindow[] ofTheServer) {
        List<Window> all = new ArrayList<>(declared);
        all.addAll(List.of(ofTheServer));
        LearnedRate rate = learned;
        if (rate != null) {
            all.add(rate);
        }
        return all.toArray(new Window[0]);
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Returns the current partition of a call that waits. */
    Partition of(Waiter waiter) {
        Attempt call = waiter.callIfHere();
        return call == null ? this : router.apply(call.plan());
    }

    long usedAt() {
        return usedAt;
    }

    /** Returns whether no call waits and no request that the server counts is under way. */
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
     * Takes a permit if there is one.
     *
     * @param inLine whether the line is to be called when a place is free
     */
    Answer tryTake(AdmittedCall call, long now, boolean inLine) {
        usedAt = now;
        if (!cooldown.allows(now)) {
            LearnedRate rate = learned;
            if (rate != null) {
                rate.wanted();
            }
            return cooldown.waitNanos(now) > 0 ? Answer.FROZEN : Answer.THAWING;
        }
        boolean nested = call.isNested();
        if (!nested && !(inLine ? concurrency.tryAcquireOr(line) : concurrency.tryAcquire())) {
            return Answer.NO_PLACE;
        }
        Window[] all = windows;
        int units = call.taken();
        for (int i = 0; i < all.length; i++) {
            if (!all[i].tryTake(now, units) && !(nested && overdrawn(all[i], units, now))) {
                giveBack(all, i, units);
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

    private static boolean overdrawn(Window window, int units, long now) {
        boolean overdraws = !window.refillsByItself(now);
        if (overdraws) {
            window.overdraw(units);
        }
        return overdraws;
    }

    private static void giveBack(Window[] all, int count, int units) {
        for (int i = 0; i < count; i++) {
            all[i].giveBack(units);
        }
    }

    /**
     * Returns a permit. Called exactly once per permit, from any thread.
     *
     * @param streaming whether the body of the response is still arriving; its duration then reveals nothing about the
     *     server
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
            giveBack(spent, spent.length, permit.taken());
            return;
        }
        if (permit.isUnjudged()) {
            // The response could not be read to its end, so its head decides.
            permit.judge(call.status() == TOO_MANY_REQUESTS);
            if (permit.isRefused()) {
                QuotaReport report = permit.report();
                long pause = Math.max(USUAL_BLOCK_NANOS, report == null ? 0 : report.emptyForNanos());
                refused(pause, false, report, permit);
            } else {
                heard(permit.report(), permit);
            }
        }
        long now = now();
        for (Window window : spent) {
            window.ended(now, call.status() != 0, permit.taken(), permit.units());
        }
        int status = permit.isRefused() ? TOO_MANY_REQUESTS : call.status();
        if (status != 0 && !permit.isRefused()) {
            cooldown.served();
            LearnedRate rate = learned;
            if (rate != null) {
                rate.served(permit, now);
            }
        }
        if (!streaming) {
            concurrency.observed(now - call.attemptStartedNanos(), status, now);
        }
    }

    /** Moves the units of a permit to another partition, because the server counts the request there. */
    void handOver(AdmittedCall permit, Partition to) {
        for (Window window : permit.spent()) {
            if (!(window instanceof DeclaredWindow)) { // those are the same in both
                window.giveBack(permit.taken());
            }
        }
        Window[] theirs = to.windows;
        for (Window window : theirs) {
            if (!(window instanceof DeclaredWindow)) {
                window.overdraw(permit.taken());
            }
        }
        permit.spends(theirs);
    }

    /**
     * Handles a response whose call still holds its permit.
     *
     * @param report what the response reports about the quota, or null if it reports nothing
     * @param request when its request was admitted, and what it cost
     */
    void heard(@Nullable QuotaReport report, Spent request) {
        if (!reports) {
            return;
        }
        long now = now();
        if (learned != null && isTold(report)) {
            learn(null);
        }
        ReportedWindow[] known = reported;
        if (known.length == 1 && (report == null || isAlone(report, known[0]))) {
            known[0].heard(report, now, request);
        } else if (report == null) {
            for (ReportedWindow window : known) {
                window.heard(null, now, request);
            }
        } else {
            heardOfEach(report, now, request);
        }
        if (report != null && report.remaining() > 0 && report.remaining() >= report.limit() / 2) {
            cooldown.heardMore(request.startedNanos(), now, report.remaining());
        }
        line.drainIfOccupied();
    }

    private static boolean isTold(@Nullable QuotaReport report) {
        return report != null && (report.limit() >= 0 || report.remaining() >= 0);
    }

    private synchronized void learn(@Nullable LearnedRate rate) {
        learned = rate;
        windows = windows(reported);
    }

    /** Returns whether nothing but refusals tells the quota. */
    private boolean isSilent(@Nullable QuotaReport report) {
        boolean silent = learns && !isTold(report);
        for (ReportedWindow window : reported) {
            silent &= window.isUntold();
        }
        return silent;
    }

    private static boolean isAlone(QuotaReport report, ReportedWindow window) {
        return report.others().isEmpty() && Objects.equals(report.policy(), window.policy());
    }

    /** Updates the window of each policy. A window whose policy is no longer named is dropped when it has ended. */
    private synchronized void heardOfEach(QuotaReport report, long now, Spent request) {
        List<ReportedWindow> kept = new ArrayList<>(reported.length + 1);
        for (ReportedWindow window : reported) {
            QuotaReport its = report.of(window.policy());
            if (its != null) {
                window.heard(its, now, request);
                kept.add(window);
            } else if (window.isUntold()) {
                // The first report gives the window its name. The requests under way stay counted.
                window.heard(window.named(report), now, request);
                kept.add(window);
            } else if (!window.isAwaited(request.startedNanos())) {
                window.heard(null, now, request);
                kept.add(window);
            }
        }
        adopt(report, kept, now, request);
        for (QuotaReport other : report.others()) {
            adopt(other, kept, now, request);
        }
        reported = kept.toArray(new ReportedWindow[0]);
        windows = windows(reported);
    }

    private void adopt(QuotaReport report, List<ReportedWindow> kept, long now, Spent request) {
        boolean known = kept.stream().anyMatch(window -> Objects.equals(window.policy(), report.policy()));
        if (!known && kept.size() < MOST_POLICIES) {
            ReportedWindow window =
                    new ReportedWindow(now, request.startedNanos(), report.policy(), concurrency.used(), silenceNanos);
            window.heard(report, now, request);
            kept.add(window);
        }
    }

    /**
     * Handles a refusal: no call goes before the given time has passed, and then not all of them at once.
     *
     * @param asked whether the server itself stated the time
     * @param report what the refusal reports about its policies; if one of them is used up, the others need not be
     * @param request when the refused request was admitted, and what it cost
     */
    void refused(long forNanos, boolean asked, @Nullable QuotaReport report, Spent request) {
        long now = now();
        long left = report == null ? -1 : report.remaining();
        RefusalCooldown.Refusals refusals = cooldown.another(left);
        boolean silent = isSilent(report);
        LearnedRate rate = learned;
        if (silent && rate != null && rate.isLearning(now)) {
            refusedAtRate(rate, forNanos, asked, request.startedNanos());
            return;
        }
        long pause = refusals.pauseNanos(forNanos, asked, left);
        // If calls wait here, calls of other clients probably wait too, and would all come back at the same moment.
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
                window.heard(its, now, request);
            } else if (!named || isUsedUp(report, window)) {
                window.refused(until, now);
            }
        }
        if (silent) {
            beginToLearn(rate, now);
        }
        line.drainIfOccupied();
    }

    private void beginToLearn(@Nullable LearnedRate rate, long now) {
        if (rate == null) {
            learn(new LearnedRate(now));
        } else {
            rate.refusedAgain(now);
        }
    }

    /** Handles a refusal by a server that only refuses. It tells a rate, and the pause after it is shorter than usual. */
    private void refusedAtRate(LearnedRate rate, long forNanos, boolean asked, long startedNanos) {
        long now = now();
        long pause = rate.refused(startedNanos, now, USUAL_BLOCK_NANOS);
        boolean published = asked || forNanos != USUAL_BLOCK_NANOS;
        if (published || pause > 0) {
            double jitter = line.isOccupied() ? MOST_JITTER * dice.getAsDouble() : 0;
            long longest = published ? Math.max(forNanos, pause) : pause;
            long until = now + Math.min(silenceNanos, longest + (long) (longest * jitter));
            cooldown.until(until, asked, RefusalCooldown.Refusals.WIDEST);
        }
        line.drainIfOccupied();
    }

    /** Returns the rate learned from refusals, in requests per second; 0 if none is known. */
    double learnedPerSecond() {
        LearnedRate rate = learned;
        return rate == null ? 0 : rate.perSecond();
    }

    /** Returns the longest time for which a single response may silence the client. */
    long silenceNanos() {
        return silenceNanos;
    }

    private static boolean isUsedUp(@Nullable QuotaReport report, ReportedWindow window) {
        QuotaReport its = report == null ? null : report.of(window.policy());
        return its != null && its.remaining() == 0;
    }

    /**
     * Returns how many units go before the last one of a call that costs the given number, which is at most all that a window
     * has.
     *
     * @param others the units of the calls before it
     */
    int ahead(int others, long units) {
        return units <= 1 ? others : (int) Math.min(Integer.MAX_VALUE, others + Math.min(units, mostAtOnce()) - 1);
    }

    /**
     * Returns how long a call of one unit that came now would wait behind the given number of units; {@link Window#NEVER} if
     * it cannot be told.
     */
    long waitNanos(long now, int ahead) {
        LearnedRate rate = learned;
        long wait = toldWaitNanos(now, ahead);
        return rate == null ? wait : Math.max(wait, rate.waitNanos(now, ahead));
    }

    /** Returns that wait as far as responses and published limits cause it, without the learned rate. */
    long toldWaitNanos(long now, int ahead) {
        long wait = answeredWaitNanos(now, ahead);
        for (int i = 0; i < declared.size(); i++) { // no iterator for each waiting call
            wait = Math.max(wait, declared.get(i).waitNanos(now, ahead));
        }
        return wait;
    }

    /** Returns the part of that wait that the server's responses cause, without published limits. */
    long answeredWaitNanos(long now, int ahead) {
        long wait = cooldown.waitNanos(now);
        for (ReportedWindow window : reported) {
            wait = Math.max(wait, window.waitNanos(now, ahead));
        }
        return wait;
    }

    /** Returns the largest number of calls that could ever be sent at once, as far as it is known. */
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

    /** Returns when all units of the published limits are back; 0 if they are. */
    long declaredFullInNanos(long now) {
        long wait = 0;
        for (DeclaredWindow window : declared) {
            wait = Math.max(wait, window.waitNanos(now, window.limit().permits() - 1));
        }
        return wait;
    }

    List<DeclaredWindow> declared() {
        return declared;
    }

    /** Returns the name and the state of the quota that binds first, for journeys. */
    String describe() {
        ReportedWindow binding = null;
        for (ReportedWindow window : reported) {
            if (window.limit() >= 0 && (binding == null || window.available() < binding.available())) {
                binding = window;
            }
        }
        if (binding == null) {
            double rate = learnedPerSecond();
            return rate == 0 ? name : name + String.format(Locale.ROOT, ", learned rate %.3g/s", rate);
        }
        String policy = binding.policy() == null ? "" : "/" + binding.policy();
        return name + policy + " " + binding.available() + "/" + binding.limit();
    }

    @Override
    public String toString() {
        return name;
    }
}
