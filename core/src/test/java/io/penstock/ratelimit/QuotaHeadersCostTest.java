package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.penstock.Figures;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Schedulers;

/** Allocations of reading quota headers, which do not depend on the machine's load. */
class QuotaHeadersCostTest {

    private static final int READS = 50_000;
    private static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final Figures FIGURES = new Figures("reading quota headers");

    private static final String[] USUAL = {
        "Date", "Fri, 20 Nov 2026 12:00:00 GMT",
        "Content-Type", "application/json",
        "Content-Length", "179",
        "Connection", "keep-alive",
        "Cache-Control", "no-store",
        "Strict-Transport-Security", "max-age=31536000",
        "X-Request-Id", "req_01HZX"
    };

    @Nullable
    @SuppressWarnings("unused") // keeps the reports from being optimised away
    private QuotaReport sink;

    private final Call call = Call.start(Plans.get(), Schedulers.immediate());

    @AfterAll
    static void printFigures() {
        FIGURES.print();
    }

    private static Headers with(String... more) {
        String[] all = new String[USUAL.length + more.length];
        System.arraycopy(USUAL, 0, all, 0, USUAL.length);
        System.arraycopy(more, 0, all, USUAL.length, more.length);
        return Headers.of(all);
    }

    private void read(HeaderFamily family, Headers headers) {
        for (int i = 0; i < READS; i++) {
            sink = QuotaHeaders.read(family, headers, NOW, call);
        }
    }

    @ParameterizedTest
    @CsvSource({"auto, false, 0", "named, false, 0", "auto, true, 80", "named, true, 80"})
    void allocatesNothingWithoutHeadersAndLittleWithThem(String family, boolean present, long mostBytes) {
        HeaderFamily of = "auto".equals(family) ? HeaderFamily.auto() : HeaderFamily.xRateLimit();
        Headers headers = present
                ? with("X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "7", "X-RateLimit-Reset", "30")
                : with();
        for (int i = 0; i < 10; i++) {
            read(of, headers);
        }

        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        read(of, headers);
        bytes = (THREADS.getCurrentThreadAllocatedBytes() - bytes) / READS;

        FIGURES.add(family + (present ? ", present " : ", absent ") + bytes + " B");
        assertThat(sink != null).isEqualTo(present);
        assertThat(bytes).isLessThanOrEqualTo(mostBytes);
    }

    @Test
    void remembersReportInOneMoreObject() {
        RateLimitTracking tracking = new RateLimitTracking(HeaderFamily.xRateLimit(), List.of());
        Attempt attempt = call.attempt(1);
        ResponseHead head = new ResponseHead(
                200, with("X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "7", "X-RateLimit-Reset", "30"));
        for (int i = 0; i < 10; i++) {
            track(tracking, attempt, head);
        }

        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        track(tracking, attempt, head);
        bytes = (THREADS.getCurrentThreadAllocatedBytes() - bytes) / READS;

        FIGURES.add("remembered " + bytes + " B");
        assertThat(tracking.quotas())
                .singleElement()
                .satisfies(quota -> assertThat(quota.remaining()).isEqualTo(7));
        assertThat(bytes).isLessThanOrEqualTo(80 + 32);
    }

    private static void track(RateLimitTracking tracking, Attempt attempt, ResponseHead head) {
        for (int i = 0; i < READS; i++) {
            tracking.onHead(attempt, head);
        }
    }
}
