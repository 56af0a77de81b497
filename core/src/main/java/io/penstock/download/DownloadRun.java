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
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
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
import java.util.function.DoubleFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One download: calls, one after the other, until the file is whole. All that blocks runs on {@link
 * Schedulers#boundedElastic()}; heads are looked at on the event loop.
 *
 * <pre>
 *  calls    |--#1 200 "v1"--- x   |--#2 bytes=700-, If-Range "v1": 206 ---- x    |--#3 …
 *  file     0            700      700                                1400        1400
 *  answers                         206 of the same version: go on
 *                                  206 from earlier: what overlaps is left out
 *                                  206 that ends earlier: the rest is asked for
 *                                  200, another version, 206 from later, or any doubt: from the start
 *                                  400, 412, 416, 501: from the start, if a range had been asked for
 * </pre>
 *
 * <p>Bytes are counted as they are stored, before a content coding is undone. What has no strong validator is always
 * downloaded from the start (RFC 9110 §13.1.5).
 *
 * <p>It is taken up again after what is transient, as long as each call brings something, and after a wait of the client's
 * retry policy. What brings nothing has been retried by the call itself.
 */
@Internal
public final class DownloadRun {

    /** Parts of about 64 KiB that may wait for the disk. */
    private static final int PARTS_AHEAD = 4;

    /** Answers to a range that the same request without one may not get: RFC 9110 §15.5.1, §15.5.13, §15.5.17, §15.6.2. */
    private static final Set<Integer> REFUSALS_OF_RANGES = Set.of(400, 412, 416, 501);

    private final ApiRequest<ByteBuffer> request;
    private final DownloadOptions options;
    private final DownloadSource source;
    private final StoredBytes destination;
    private final Scheduler timer;
    private final DoubleFunction<Duration> pause;
    private final LongSupplier leftNanos;
    private final String nameOfAddress;

    private volatile Version version = Version.UNKNOWN;
    private volatile Headers headers = Headers.none();
    private volatile Journey journey = Journey.none();
    /** Whether the parts to come are those of a new start. */
    private volatile boolean fresh;

    private volatile boolean answered;

    /**
     * Of the answer at hand: how many bytes to leave out, because they are there already, and where its range ends. Set with
     * its head, which its parts follow: whoever writes them sees it.
     */
    private long overlap;

    private long end = Long.MAX_VALUE;

    private int calls;
    private int resumes;
    private long receivedByThisCall;
    private long broughtByThisCall;

    /** Whether what is there has come in several answers, and whether answers may be put together at all. */
    private boolean pieced;

    private boolean piecing = true;

    private DownloadRun(
            ApiRequest<ByteBuffer> request,
            URI address,
            DownloadTarget target,
            DownloadOptions options,
            DownloadSource source,
            Scheduler timer,
            DoubleFunction<Duration> pause,
            LongSupplier leftNanos) {
        this.request = request;
        this.leftNanos = leftNanos;
        this.options = options;
        this.source = source;
        this.timer = timer;
        this.pause = pause;
        this.nameOfAddress = nameOf(address);
        this.destination = new StoredBytes(destination(target, address, options), this::limit);
    }

    /**
     * Downloads, when subscribed to: each time from what is there.
     *
     * @param address the absolute URI that the request leads to
     * @param pause how long to wait before it is taken up again, of a random number from 0 to 1
     * @param leftNanos what is left of the deadline
     */
    public static Mono<Download> of(
            ApiRequest<?> request,
            URI address,
            DownloadTarget target,
            DownloadOptions options,
            DownloadSource source,
            Scheduler timer,
            DoubleFunction<Duration> pause,
            LongSupplier leftNanos) {
        if (request.method() != Method.GET) {
            throw ApiException.invalidRequest("download: " + request.method() + " (expected: a GET)");
        }
        ApiRequest<ByteBuffer> parts = request.as(Payload.storedParts());
        return Mono.defer(
                () -> new DownloadRun(parts, address, target, options, source, timer, pause, leftNanos).run());
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

    /** The same for the same address; the address itself may be a secret. */
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

    /** One call, and all that follow it. It loops rather than nests: a thousand calls must not be a thousand levels. */
    private Mono<Void> call() {
        return Mono.defer(this::attempt)
                .repeat(() -> true)
                .takeUntil(whole -> whole)
                .then();
    }

    /** Whether the file is whole. */
    private Mono<Boolean> attempt() {
        return blocking(destination::position).flatMap(from -> {
            if (from > 0 && from == version.total()) {
                return destination.isAtEnd() // a break after the last byte
                        ? Mono.just(true)
                        : broken(corrupt("ends too early"), from);
            }
            receivedByThisCall = 0;
            broughtByThisCall = 0;
            calls++;
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

    /** On the event loop, before the first part. */
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

    /** The answer to a range has to fit what is there in every respect; in doubt the download starts over. */
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

    /** What was there is of another version, so that the next call asks for the whole. */
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

    /** Perhaps only because its pieces do not belong together, although their validator says so. */
    private ApiException corrupt(@Nullable String how) {
        String what =
                "compressed file is corrupt: it " + how + " (expected: " + version.coding() + ", as its head says)";
        if (pieced) {
            piecing = false;
            return new StartOver(what);
        }
        return undecodable(what);
    }

    /** The call has come to its end: with the whole file, or with less than was announced. */
    private boolean ended() throws IOException {
        if (!answered) {
            throw protocol("no answer (expected: one; an operator has swallowed it)");
        }
        if (fresh) {
            destination.begin(version); // a file of no bytes
            fresh = false;
        }
        long total = version.total();
        long there = destination.position();
        if (total >= 0 && there > total) {
            throw protocol("file of " + there + " bytes (expected: " + total + ", as was announced)");
        }
        boolean whole = total < 0 ? end == Long.MAX_VALUE : there == total;
        if (!whole) {
            return !takesUp();
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

    private boolean takesUp() {
        boolean more = broughtByThisCall > 0 && resumes < options.maxResumes();
        if (!more) {
            throw protocol("an answer with less than was asked for, and nothing new (expected: "
                    + (version.total() < 0 ? "the rest" : version.total() + " bytes in all") + ")");
        }
        resumes++;
        return true;
    }

    private Mono<Boolean> broken(ApiException error, long from) {
        boolean again = error instanceof StartOver
                || (from > 0 && REFUSALS_OF_RANGES.contains(error.status()) && isOfTheFile(error));
        boolean goesOn = again || (error.retryability() == Retryability.TRANSIENT && receivedByThisCall > 0);
        boolean leftBehind = again && calls == 1; // by another process: no resume of this download has failed
        boolean unwritten = fresh && from > 0; // the version at hand is not of what is there
        boolean forget = again || unwritten || !version.isTellable() || !piecing;
        Duration wait = pause.apply(ThreadLocalRandom.current().nextDouble());
        boolean tooLate =
                Durations.nanosOf(wait) >= leftNanos.getAsLong(); // what would outlast the deadline is not begun
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
        return SubscriberContext.delay(wait, timer).then(blocking(() -> forget ? startsOver() : false));
    }

    /** Whether the status is the file's server's, and not that of a token exchange in whose place nothing was sent. */
    private static boolean isOfTheFile(ApiException error) {
        List<Journey.Attempt> attempts = error.journey().attempts();
        Failure last =
                attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).failure();
        return last == null || last.certainty() != Certainty.NOT_SENT;
    }

    /** Forgets what is there: a part that could not be gone on from must not be tried again. */
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
        return new Download(path, given, bytes, resumes, headers, journey);
    }
}
