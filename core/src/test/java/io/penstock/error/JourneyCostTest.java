package io.penstock.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Reply;
import io.penstock.request.Plan;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Bytes that the journey of a successful call allocates, a figure that does not depend on the load of the machine. */
class JourneyCostTest {

    private static final int CALLS = 20_000;
    private static final int MOST_BYTES = 200;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @SuppressWarnings("unused") // keeps the journeys from being optimised away
    private Object sink = new Object();

    private long bytesOf(Runnable work) {
        for (int i = 0; i < CALLS; i++) {
            work.run();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            work.run();
        }
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }

    @Test
    void allocatesAtMostTwoHundredBytesForSuccessfulCall() {
        Plan plan = Plans.get();
        Scheduler scheduler = Schedulers.parallel();
        Reply reply = Plans.reply(200, "value");

        long without = bytesOf(() -> {
            Call call = Call.start(plan, scheduler);
            sink = call;
            sink = call.attempt(1);
        });
        long with = bytesOf(() -> {
            Call call = Call.start(plan, scheduler);
            Attempt attempt = call.attempt(1);
            sink = attempt;
            attempt.ended(reply, null, null, 0);
            sink = Journey.of(call, null, null);
        });

        System.out.println("journey of a happy call: " + (with - without) + " B");
        assertThat(with - without).isBetween(1L, (long) MOST_BYTES);
    }
}
