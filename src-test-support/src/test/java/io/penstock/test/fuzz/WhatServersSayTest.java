package io.penstock.test.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.BufferLeaks;
import io.penstock.test.proof.WithoutLogs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random answers about waits, quotas, failures, tokens, locations, ranges and pages: every call ends within its
 * deadline, every failure is truthful, no client is blocked for longer than the bound, and nothing is leaked.
 *
 * <p>{@code -Dpenstock.seed=<n>} replays the words of a run, {@code -Dpenstock.fuzz.episode=<n>} those of one episode,
 * and {@code -Dpenstock.fuzz.answers=<n>} asks for more.
 */
@Tag("proof")
@ExtendWith(WithoutLogs.class)
class WhatServersSayTest {

    private static final int LANES = 16;
    private static final int ANSWERS = Integer.getInteger("penstock.fuzz.answers", 50_000);
    private static final int SHOWN = 8;

    @TempDir
    private static Path directory;

    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger episodes = new AtomicInteger();
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Integer> ends = new TreeMap<>();

    @Test
    void endsEveryCallInTimeWithTruthfulFailure() throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        long one = Long.getLong("penstock.fuzz.episode", 0);
        long began = System.nanoTime();
        BufferLeaks leaks = BufferLeaks.watch();
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fuzz");
            thread.setDaemon(true);
            return thread;
        });
        try {
            if (one != 0) {
                add(new Episode(one, threads, directory).play());
            } else {
                AtomicLong next = new AtomicLong();
                List<Future<?>> lanes = new ArrayList<>();
                for (int i = 0; i < LANES; i++) {
                    lanes.add(threads.submit(() -> {
                        while (answers.get() < ANSWERS && faults() < SHOWN) {
                            add(new Episode(
                                            Dice.of(seed, next.getAndIncrement())
                                                    .seed(),
                                            threads,
                                            directory)
                                    .play());
                        }
                        return null;
                    }));
                }
                for (Future<?> lane : lanes) {
                    lane.get();
                }
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.printf(
                "what servers say: %d answers to %d calls in %d episodes, %d faults, -Dpenstock.seed=%d; %s; %.0f s%n",
                answers.get(), calls.get(), episodes.get(), faults(), seed, ends, (System.nanoTime() - began) / 1e9);
        assertThat(faults)
                .as("replay: -Dpenstock.fuzz.episode=<n>%n%s", String.join("\n", faults))
                .isEmpty();
        assertThat(leaks.found()).isEmpty();
        assertThat(one != 0 || answers.get() >= ANSWERS).isTrue();
    }

    private synchronized void add(Episode.Account account) {
        answers.addAndGet(account.answers());
        calls.addAndGet(account.calls());
        episodes.incrementAndGet();
        faults.addAll(account.faults());
        account.ends().forEach((end, count) -> ends.merge(end, count, Integer::sum));
    }

    private synchronized int faults() {
        return faults.size();
    }
}
