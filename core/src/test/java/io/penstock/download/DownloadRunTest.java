package io.penstock.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.request.ApiRequest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Downloads from a server whose ranges hold a single byte each. */
class DownloadRunTest {

    private static final int SIZE = 4;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final AtomicInteger calls = new AtomicInteger();
    private final ImmediateTimer timer = new ImmediateTimer();

    /** A timer that records each delay and ends it at once. */
    private static final class ImmediateTimer implements Scheduler {
        final List<Long> delaysMillis = new CopyOnWriteArrayList<>();
        final AtomicLong nowMillis = new AtomicLong(1_000_000);

        @Override
        public Disposable schedule(Runnable task) {
            task.run();
            return Disposables.disposed();
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            delaysMillis.add(unit.toMillis(delay));
            return schedule(task);
        }

        @Override
        public long now(TimeUnit unit) {
            return unit.convert(nowMillis.get(), TimeUnit.MILLISECONDS);
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException();
        }
    }

    private Mono<Download> download(DownloadOptions options, long callMillis) {
        DownloadSource source = (request, head, journey) -> Flux.defer(() -> {
            int at = calls.getAndIncrement() % SIZE;
            timer.nowMillis.addAndGet(callMillis);
            head.accept(new ResponseHead(
                    206, Headers.of("etag", "\"v1\"", "content-range", "bytes " + at + "-" + at + "/" + SIZE)));
            return Flux.just(ByteBuffer.wrap(new byte[] {(byte) at}));
        });
        return DownloadRun.of(
                ApiRequest.get("file"),
                URI.create("https://api.example.com/file"),
                DownloadTarget.channel(Channels.newChannel(file)),
                options,
                new DownloadRun.Fetching(
                        source,
                        timer,
                        wait -> Mono.delay(wait, timer),
                        dice -> Duration.ofSeconds(1),
                        () -> Long.MAX_VALUE));
    }

    @Test
    void waitsBeforeEachResumeAfterShortRange() {
        Download done = download(DownloadOptions.standard(), 0).block();

        assertThat(file.toByteArray()).containsExactly(0, 1, 2, 3);
        assertThat(done.resumes()).isEqualTo(SIZE - 1);
        assertThat(calls).hasValue(SIZE);
        assertThat(timer.delaysMillis).containsExactly(1_000L, 1_000L, 1_000L);
    }

    @Test
    void countsTimeOfShortRangeTowardsItsWait() {
        download(DownloadOptions.standard(), 400).block();
        download(DownloadOptions.standard(), 5_000).block();

        assertThat(timer.delaysMillis).containsExactly(600L, 600L, 600L, 0L, 0L, 0L);
    }

    @Test
    void namesLimitOfResumesThatShortRangesUsedUp() {
        assertThatThrownBy(() -> download(DownloadOptions.standard().withMaxResumes(2), 0)
                        .block())
                .matches(ErrorKind.PROTOCOL_VIOLATION::matches)
                .hasMessageContaining("maxResumes: 2")
                .hasMessageNotContaining("nothing new");
        assertThat(calls).hasValue(3);
    }
}
