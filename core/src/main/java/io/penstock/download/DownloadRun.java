package io.penstock.download;

import io.penstock.annotation.Internal;
import io.penstock.body.ContentDecoder;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.Progress;
import io.penstock.http.ResponseHead;
import io.penstock.request.ApiRequest;
import io.penstock.request.Durations;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One download: consecutive calls until the file is complete. Everything that blocks runs on
 * {@link Schedulers#boundedElastic()}; heads are checked on the event loop.
 *
 * <pre>
 *  calls    |--#1 200 "v1"--- x   |--#2 bytes=700-, If-Range "v1": 206 ---- x    |--#3 …
 *  file     0            700      700                                1400        1400
 *  answers                         206 of the same version: continue
 *                                  206 from earlier: skip the overlap
 *                                  206 that ends earlier: request the rest
 *                                  200, another version, 206 from later, or any doubt: start over
 *                                  400, 412, 416, 501: start over, if a range was requested
 * </pre>
 *
 * <p>Bytes are counted as they are stored, before a content coding is decoded. Without a strong validator, a download
 * always starts over (RFC 9110 §13.1.5).
 *
 * <p>The download is resumed after transient failures and short ranges, as long as each call brings something, and
 * after a wait from the client's retry policy. A call that brings nothing was already retried on its own. The time that
 * a short range took counts towards the wait after it: a server that limits its ranges is asked at a bounded pace, and
 * large ranges follow each other without delay.
 *
 * @hidden
 */
@Internal
public final class DownloadRun {

    /** The number of parts of about 64 KiB that may wait for the disk. */
    private static final int PARTS_AHEAD = 4;

    /** The statuses that may refuse only the range and not the file: RFC 9110 §15.5.1, §15.5.13, §15.5.17, §15.6.2. */
    private static final Set<Integer> REFUSALS_OF_RANGES = Set.of(400, 412, 416, 501);

    private final ApiRequest<ByteBuffer> request;
    private final DownloadOptions options;
    private final DownloadSource source;
    private final StoredBytes destination;
    private final Scheduler timer;
    private final Function<Duration, Mono<Long>> waiting;
    private final DoubleFunction<Duration> pause;
    private final LongSupplier leftNanos;
    private final String nameOfAddress;

    private volatile Version version = Version.UNKNOWN;
    private volatile Headers headers = Headers.none();
    private volatile Journey journey = Journey.none();
    /** Whether the next parts belong to a new start. */
    private volatile boolean fresh;

    private volatile boolean answered;

    /**
     * The number of bytes of the current response to skip, because they are already there, and the end of its range.
     * Both are set with the head and are visible to the writing thread, because the parts follow the head.
     */
    private long overlap;

    private long end = Long.MAX_VALUE;

    private int calls;
    private long calledNanos;
    private int resumes;
    private long receivedByThisCall;
    private long broughtByThisCall;

    /** Whether the bytes so far came in several responses, and whether responses may be combined at all. */
    private boolean pieced;

    private boolean piecing = true;

    private DownloadRun(
            ApiRequest<ByteBuffer> request,
            URI address,
            DownloadTarget target,
            DownloadOptions options,
            Fetching fetching) {
        this.request = request;
        this.options = options;
        this.source = fetching.source;
        this.timer = fetching.timer;
        this.waiting = fetching.waiting;
        this.pause = fetching.pause;
        this.leftNanos = fetching.leftNanos;
        this.nameOfAddress = nameOf(address);
        this.destination = new StoredBytes(destination(target, address, options), this::limit);
    }

    /**
     * The rules for fetching and resuming the parts of a download.
     *
     * @param source sends the request for a part
     * @param timer the clock
     * @param waiting waits for a time, or less if the client is closed
     * @param pause the wait before a resume, as a function of a random number from 0 to 1
     * @param leftNanos the time left until the deadline
     * @hidden
     */
    @Internal
    public record Fetching(
            DownloadSource source,
            Scheduler timer,
            Function<Duration, Mono<Long>> waiting,
            DoubleFunction<Duration> pause,
            LongSupplier leftNanos) {}

    /**
     * Returns a download that starts at each subscription, from the bytes that are already there.
     *
     * @param address the absolute URI of the request
     */
    public static Mono<Download> of(
            ApiRequest<?> request, URI address, DownloadTarget target, DownloadOptions options, Fetching fetching) {
        if (request.method() != Method.GET) {
            throw ApiException.invalidRequest("download: " + request.method() + " (expected: a GET)");
        }
        ApiRequest<ByteBuffer> parts = request.as(Payload.storedParts());
        return Mono.defer(() -> new DownloadRun(parts, address, target, options, fetching).run());
    }

    private static Destination destination(DownloadTarget target, URI address, DownloadOptions options) {
        if (target instanceof DownloadTarget.File file) {
            return PartFile.of(file.path(), options.replaceExisting());
        }
        if (target instanceof DownloadTarget.Directory directory) {
            return PartFile.in(directory.path(), "download-" + digest(address), options.replaceExisting());
        }
        return new ChannelDestination(((DownloadTarget.Channel) target).channel());
    }

    /** Returns a digest, the same for the same address, which itself may be a secret. */
    private static String digest(URI address) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(address.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String nameOf(URI address) {
        String path = address.getPath();
        String name = path == null ? null : FileName.sanitised(path);
        return name == null ? "download" : name;
    }

    private Mono<Download> run() {
        return blocking(() -> {
                    version = destination.open();
                    return version;
                })
                .then(Mono.defer(this::call))
                .then(blocking(this::finish))
                .onErrorResume(e -> blocking(this::closed)
                        .onErrorResume(unclosed -> {
                            e.addSuppressed(unclosed);
                            return Mono.empty();
                        })
                        .then(Mono.error(e)))
                .doOnCancel(() -> Schedulers.boundedElastic().schedule(this::closed));
    }

    private boolean closed() {
        try {
            destination.close();
        } catch (IOException e) {
            throw PartFile.failure("closing " + destination, e);
        }
        return true;
    }

    private <R> Mono<R> blocking(Callable<R> task) {
        return Mono.fromCallable(() -> {
                    try {
                        return task.call();
                    } catch (IOException e) {
                        throw PartFile.failure("writing " + destination, e);
                    }
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** Runs all calls in a loop, without nesting: a thousand calls must not take a thousand levels of operators. */
    private Mono<Void> call() {
        return Mono.defer(this::attempt)
                .repeat(() -> true)
                .takeUntil(whole -> whole)
                .then();
    }

    /** Makes one call; emits whether the file is complete. */
    private Mono<Boolean> attempt() {
        return blocking(destination::position).flatMap(from -> {
            if (from > 0 && from == version.total()) {
                return destination.isAtEnd() // an interruption after the last byte
                        ? Mono.just(true)
                        : broken(corrupt("ends too early"), from);
            }
            receivedByThisCall = 0;
            broughtByThisCall = 0;
            calls++;
            calledNanos = timer.now(TimeUnit.NANOSECONDS);
            answered = false;
            fresh = from == 0;
            return source.open(ranged(from), head -> answered(head, from), told -> journey = told)
                    .publishOn(Schedulers.boundedElastic(), PARTS_AHEAD)
                    .doOnNext(this::write)
                    .then(blocking(this::ended))
                    .onErrorResume(ApiException.class, error -> broken(error, from));
        });
    }

    private ApiRequest<ByteBuffer> ranged(long from) {
        String validator = version.validator();
        if (from == 0 || validator == null || !piecing) {
            return request;
        }
        return request.withHeader("range", "bytes=" + from + "-").withHeader("if-range", validator);
    }

    /** Checks the head, on the event loop and before the first part. */
    private void answered(ResponseHead head, long from) {
        answered = true;
        headers = head.headers();
        overlap = 0;
        end = Long.MAX_VALUE;
        if (head.status() != 206) {
            starts(length(headers));
            return;
        }
        ContentRange range = ContentRange.parse(headers.first("content-range"));
        if (from == 0) {
            if (range == null) {
                throw protocol("206 without a Content-Range that makes sense");
            }
            if (range.first() != 0) {
                throw protocol("206 from byte " + range.first() + " (expected: from 0, as the whole was asked for)");
            }
            starts(range.total());
            end = range.last() + 1;
        } else {
            goesOn(range, from);
        }
    }

    /**
     * Continues at the requested position. The response must match the bytes that are there in every respect; in doubt
     * the download starts over.
     */
    private void goesOn(@Nullable ContentRange range, long from) {
        if (range == null) {
            throw new StartOver("206 without a Content-Range that makes sense");
        }
        long length = length(headers);
        if (range.first() > from || range.last() < from || (length >= 0 && length != range.length())) {
            throw new StartOver("206 with bytes " + range.first() + " to " + range.last() + " in a body of "
                    + (length < 0 ? "unknown" : length) + " bytes (expected: from " + from + ")");
        }
        if (!version.isThatOf(headers, range.total())) {
            throw new StartOver("another version: " + version.total() + " bytes before, " + range.total() + " now");
        }
        limit(range.total());
        version = version.withTotal(range.total());
        overlap = from - range.first();
        end = range.last() + 1;
        pieced = true;
    }

    private void starts(long total) {
        limit(total);
        Version started = Version.of(headers, total);
        if (started.coding() != null && !ContentDecoder.isDecoded(started.coding())) {
            throw undecodable("file in the content coding " + started.coding() + " (expected: none, as was asked for)");
        }
        version = started;
        fresh = true;
        pieced = false;
    }

    private void limit(long bytes) {
        if (bytes > options.maxBytes()) {
            throw new ApiException(Failure.of(
                    ErrorKind.RESPONSE_TOO_LARGE,
                    Certainty.PROCESSED,
                    Retryability.PERMANENT,
                    "file of " + bytes + " bytes (expected: at most " + options.maxBytes()
                            + "; raise the option maxBytes)"));
        }
    }

    private static long length(Headers headers) {
        String length = headers.first("content-length");
        return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : -1;
    }

    private static ApiException undecodable(String what) {
        return new ApiException(Failure.of(ErrorKind.UNDECODABLE, Certainty.PROCESSED, Retryability.PERMANENT, what));
    }

    private static ApiException protocol(String what) {
        return new ApiException(
                Failure.of(ErrorKind.PROTOCOL_VIOLATION, Certainty.PROCESSED, Retryability.PERMANENT, what));
    }

    /** The error for existing bytes of another version; the next call requests the whole file. */
    private static final class StartOver extends ApiException {
        private static final long serialVersionUID = 1L;

        StartOver(String why) {
            super(Failure.of(ErrorKind.CONFLICT, Certainty.PROCESSED, Retryability.TRANSIENT, why));
        }
    }

    private void write(ByteBuffer part) {
        try {
            if (fresh) {
                destination.begin(version);
                fresh = false;
            }
            receivedByThisCall += part.remaining();
            int known = (int) Math.min(overlap, part.remaining());
            overlap -= known;
            part.position(part.position() + known);
            long there = destination.position() + part.remaining();
            if (there > end) {
                throw new StartOver("206 with bytes behind byte " + (end - 1) + ", where its range ends");
            }
            broughtByThisCall += part.remaining();
            destination.write(part);
            options.listener().accept(new Progress(there, version.total(), resumes));
        } catch (StoredBytes.CorruptCoding e) {
            throw corrupt(e.getMessage());
        } catch (IOException e) {
            throw PartFile.failure("writing " + destination, e);
        }
    }

    /**
     * Returns the error for corrupt data; possibly its pieces do not belong together even though their validators
     * match.
     */
    private ApiException corrupt(@Nullable String how) {
        String what =
                "compressed file is corrupt: it " + how + " (expected: " + version.coding() + ", as its head says)";
        if (pieced) {
            piecing = false;
            return new StartOver(what);
        }
        return undecodable(what);
    }

    /** Ends a call that must have completed the file; returns true. */
    private boolean ended() throws IOException {
        if (!answered) {
            throw protocol("no answer (expected: one; an operator has swallowed it)");
        }
        if (fresh) {
            destination.begin(version); // an empty file
            fresh = false;
        }
        long total = version.total();
        long there = destination.position();
        if (total >= 0 && there > total) {
            String what = "file of " + there + " bytes (expected: " + total + ", as was announced)";
            if (pieced) {
                piecing = false;
                throw new StartOver(what); // a piece may be of another file
            }
            throw protocol(what);
        }
        boolean whole = total < 0 ? end == Long.MAX_VALUE : there == total;
        if (!whole) {
            throw tooShort();
        }
        if (destination.isAtEnd()) {
            return true;
        }
        if (total < 0 && !headers.contains("transfer-encoding")) {
            // RFC 9112 §6.3: such a body ends with the connection, so a lost connection looks like its end.
            throw new ApiException(Failure.of(
                    ErrorKind.CONNECTION_LOST,
                    Certainty.PROCESSED,
                    Retryability.TRANSIENT,
                    "connection lost inside a compressed file without length"));
        }
        throw corrupt("ends too early");
    }

    private ApiException tooShort() {
        String what = "an answer with less than was asked for";
        String expected = version.total() < 0 ? "the rest" : version.total() + " bytes in all";
        if (broughtByThisCall == 0) {
            return protocol(what + ", and nothing new (expected: " + expected + ")");
        }
        if (resumes >= options.maxResumes()) {
            return protocol(what + ", and no resume left (expected: " + expected + " within maxResumes: "
                    + options.maxResumes() + "; raise the option maxResumes)");
        }
        return new ShortRange(what + " (expected: " + expected + ")");
    }

    /** The error for a response that ended early but brought something; the next call requests the rest. */
    private static final class ShortRange extends ApiException {
        private static final long serialVersionUID = 1L;

        ShortRange(String what) {
            super(Failure.of(ErrorKind.PROTOCOL_VIOLATION, Certainty.PROCESSED, Retryability.TRANSIENT, what));
        }
    }

    private Mono<Boolean> broken(ApiException error, long from) {
        boolean again = error instanceof StartOver
                || (from > 0 && REFUSALS_OF_RANGES.contains(error.status()) && isOfTheFile(error));
        boolean goesOn = again || (error.retryability() == Retryability.TRANSIENT && receivedByThisCall > 0);
        boolean leftBehind = again && calls == 1; // by another process: no resume of this download has failed
        boolean unwritten = fresh && from > 0; // the current version is not that of the stored bytes
        boolean forget = again || unwritten || !version.isTellable() || !piecing;
        long pauseNanos =
                Durations.nanosOf(pause.apply(ThreadLocalRandom.current().nextDouble()));
        long spentNanos = error instanceof ShortRange ? timer.now(TimeUnit.NANOSECONDS) - calledNanos : 0;
        long waitNanos = Math.max(0, pauseNanos - Math.max(0, spentNanos));
        boolean tooLate = waitNanos >= leftNanos.getAsLong(); // a wait beyond the deadline is not started
        if (!goesOn || tooLate || (resumes >= options.maxResumes() && !leftBehind)) {
            return again
                    ? blocking(this::startsOver)
                            .onErrorResume(kept -> {
                                error.addSuppressed(kept);
                                return Mono.empty();
                            })
                            .then(Mono.error(error))
                    : Mono.error(error);
        }
        if (!leftBehind) {
            resumes++;
        }
        return waiting.apply(Duration.ofNanos(waitNanos)).then(blocking(() -> forget ? startsOver() : false));
    }

    /**
     * Returns whether the status comes from the file's server, not from a token exchange that failed before the request
     * was sent.
     */
    private static boolean isOfTheFile(ApiException error) {
        List<Journey.Attempt> attempts = error.journey().attempts();
        Failure last =
                attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).failure();
        return last == null || last.certainty() != Certainty.NOT_SENT;
    }

    /** Discards the stored bytes: a part that could not be continued must not be tried again. */
    private boolean startsOver() throws IOException {
        version = Version.UNKNOWN;
        destination.begin(version);
        return false;
    }

    private Download finish() throws IOException {
        long bytes = destination.size();
        String told = FileName.of(headers);
        String given = told == null ? version.name() : told;
        Path path = destination.finish(given == null ? nameOfAddress : given);
        return new Download(path, given, bytes, resumes, new Download.LastCall(headers, journey));
    }
}
