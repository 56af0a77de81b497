package io.penstock.test.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.BufferLeaks;
import io.penstock.test.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Proof that an effect happens at most once, that no success is lost silently, and that each failure is truthful about
 * the effect: see {@code docs/guarantees.md}.
 *
 * <p>Over TLS a part of the list runs. {@code -Dpenstock.proof=long} runs the long list, {@code -Dpenstock.seed=<n>} another random part of it, and
 * {@code -Dpenstock.proof.case=<id>} one case alone. {@code -Dpenstock.proof.vague=true} prints where more could be known.
 */
@Tag("proof")
@ExtendWith(WithoutLogs.class)
class OneEffectProofTest {

    private static final int LANES = Integer.getInteger("penstock.proof.lanes", 24);
    private static final long STEP_NANOS = 500_000;
    private static final int RANDOM_CASES = 40_000;
    /** A case over TLS costs several times as much, most of it for the handshake. */
    private static final int ONE_IN_OVER_TLS = 60;

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.of(directory, "ip:127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({"false, 20000, 200000", "true, 1000, 40000"})
    void causesAtMostOneEffectAndReportsTruthfully(boolean secure, int fewest, int fewestOfAll) throws Exception {
        BufferLeaks leaks = BufferLeaks.watch();
        long began = System.nanoTime();
        Tally tally = new Tally();
        String only = System.getProperty("penstock.proof.case", "");
        boolean everything = System.getProperty("penstock.proof", "").equals("long");

        ExecutorService threads = Executors.newCachedThreadPool();
        try (Lanes lanes = new Lanes(threads, only.isEmpty() ? LANES : 1, secure ? certificate : null)) {
            lanes.runAll(cases(lanes, only, everything, secure), tally);
        } finally {
            threads.shutdownNow();
        }

        List<String> leaked = leaks.found();
        if (Boolean.getBoolean("penstock.proof.vague")) {
            System.out.println(tally.vagueAsText());
        }
        System.out.println(
                (secure ? "over TLS, " : "") + tally.summary(leaked.size(), (System.nanoTime() - began) / 1e9));
        assertThat(tally.findings())
                .as("replay: -Dpenstock.proof.case=<id>%n%s", tally.findingsAsText())
                .isEmpty();
        assertThat(leaked).isEmpty();
        if (only.isEmpty()) {
            assertThat(tally.points()).isGreaterThanOrEqualTo(everything ? fewestOfAll : fewest);
            // A bench that never gets to these proves nothing about them.
            assertThat(tally.outcomes())
                    .containsKeys("Success", "Cancelled", "NOT_SENT", "REJECTED", "MAYBE_PROCESSED", "PROCESSED");
            assertThat(tally.effects()).isGreaterThan(tally.points() / 4);
        }
    }

    private static Stream<ProofCase> cases(Lanes lanes, String only, boolean everything, boolean secure)
            throws Exception {
        if (!only.isEmpty()) {
            return Stream.of(ProofCase.parse(only));
        }
        ProofCases all = new ProofCases(lanes.lengths());
        if (secure) {
            return all.overTls(everything ? 1 : ONE_IN_OVER_TLS);
        }
        if (!everything) {
            return all.shortList();
        }
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("one effect: the long list, -Dpenstock.seed=" + seed);
        return all.longList(seed, RANDOM_CASES);
    }

    /** Works off the cases, as many at a time as there are lanes. */
    private static final class Lanes implements AutoCloseable {
        private final ExecutorService threads;
        private final List<Lane> lanes = new CopyOnWriteArrayList<>();
        private final Future<?> time;
        private volatile boolean closed;

        Lanes(ExecutorService threads, int count, @Nullable TestCertificate certificate) throws IOException {
            this.threads = threads;
            this.time = threads.submit(this::passTime);
            SSLContext tls = certificate == null ? null : certificate.server();
            for (int i = 0; i < count; i++) {
                Lane lane = new Lane(threads, certificate, tls);
                lanes.add(lane);
                lane.warmUp();
            }
        }

        private void passTime() {
            while (!closed) {
                lanes.forEach(Lane::pass);
                LockSupport.parkNanos(STEP_NANOS);
            }
        }

        Map<RequestShape, Integer> lengths() throws IOException, InterruptedException {
            Map<RequestShape, Integer> lengths = new EnumMap<>(RequestShape.class);
            for (RequestShape shape : RequestShape.bytewise()) {
                lengths.put(shape, lanes.get(0).lengthOf(shape));
            }
            return lengths;
        }

        void runAll(Stream<ProofCase> cases, Tally tally) throws Exception {
            Iterator<ProofCase> remaining = cases.iterator();
            List<Future<?>> running = new ArrayList<>();
            for (Lane lane : lanes) {
                running.add(threads.submit(() -> runSome(lane, remaining, tally)));
            }
            for (Future<?> lane : running) {
                lane.get();
            }
            closed = true;
            time.get(); // rethrows an exception of a timer
        }

        private void runSome(Lane lane, Iterator<ProofCase> remaining, Tally tally) {
            while (true) {
                ProofCase next;
                synchronized (remaining) {
                    if (time.isDone() || !remaining.hasNext()) {
                        return;
                    }
                    next = remaining.next();
                }
                try {
                    tally.add(next, lane.run(next));
                } catch (IOException | InterruptedException | RuntimeException e) {
                    tally.broken(next, e);
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Lane lane : lanes) {
                lane.close();
            }
            closed = true;
        }
    }
}
