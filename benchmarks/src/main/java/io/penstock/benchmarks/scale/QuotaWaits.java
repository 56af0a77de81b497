package io.penstock.benchmarks.scale;

import io.penstock.ApiClient;
import io.penstock.benchmarks.StubTransport;
import io.penstock.benchmarks.scale.Measurements.Wait;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** A simulation of callers who arrive at random times at a published limit: the real gate, in virtual time. */
final class QuotaWaits {

    private static final double[] USES = {0.5, 0.8, 0.95};
    private static final long SEED = 11;
    private static final int MOST_CALLS = 50_000;
    private static final Duration DEADLINE = Duration.ofDays(1);

    /**
     * The start of the virtual time. It is a real date: the client would read epoch seconds near zero as seconds from
     * now.
     */
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private QuotaWaits() {}

    /**
     * Simulates, for every vendor that publishes a limit, the limits without paths, which apply to all other requests.
     */
    static List<Wait> all(int windows) {
        List<Wait> waits = new ArrayList<>();
        for (Vendor vendor : ServiceLoader.load(Vendor.class)) {
            VendorSpec spec = vendor.spec();
            for (DeclaredLimit limit : spec.quota().limits()) {
                if (limit.paths().isEmpty()) {
                    for (double use : USES) {
                        waits.add(simulate(spec.name() + ", " + limit, limit, use, windows));
                    }
                }
            }
        }
        return waits;
    }

    private static Wait simulate(String name, DeclaredLimit limit, double use, int windows) {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        time.advanceTimeTo(BEGIN);
        Histogram waits = new Histogram(3);
        SplittableRandom random = new SplittableRandom(SEED);
        double rate = use * limit.permits() / limit.per().toNanos();
        int calls = (int) Math.min(MOST_CALLS, use * limit.permits() * windows);
        try (ApiClient client = client(limit, time)) {
            ApiRequest<JsonNode> request = ApiRequest.get("items/1");
            long next = time.now(TimeUnit.NANOSECONDS);
            for (int i = 0; i < calls; i++) {
                next += (long) (-Math.log(1 - random.nextDouble()) / rate);
                time.advanceTimeTo(Instant.ofEpochSecond(0, next));
                long came = time.now(TimeUnit.NANOSECONDS);
                var unused = client.execute(request)
                        .subscribe(reply -> waits.recordValue(time.now(TimeUnit.NANOSECONDS) - came));
            }
            time.advanceTimeBy(limit.per().multipliedBy(2));
        }
        time.dispose();
        if (waits.getTotalCount() != calls) {
            throw new IllegalStateException(
                    name + ": " + waits.getTotalCount() + " of " + calls + " calls came through");
        }
        return new Wait(
                name,
                limit.permits(),
                limit.per().toMillis() / 1e3,
                use,
                calls,
                waits.getMean() / 1e9,
                waits.getValueAtPercentile(50) / 1e9,
                waits.getValueAtPercentile(99) / 1e9);
    }

    private static ApiClient client(DeclaredLimit limit, VirtualTimeScheduler time) {
        VendorSpec spec = VendorSpec.generic("scale", URI.create("http://api.example.com/"))
                .withQuota(QuotaModel.declared(limit));
        return ApiClient.builder(spec)
                .transport(new StubTransport("{\"id\":1}"))
                .scheduler(time)
                .gate(GatePolicy.standard().withMaxWaiting(1_000_000))
                .deadline(DEADLINE)
                .build();
    }
}
