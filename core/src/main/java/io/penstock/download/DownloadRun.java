package io.penstock.download;

import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Headers;
import io.penstock.Journey;
import io.penstock.Method;
import io.penstock.Retryability;
import io.penstock.envelope.Payload;
import io.penstock.pipeline.ResponseHead;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleFunction;
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
 *                                  200, or another version: from the start
 *                                  416: from the start, if a range had been asked for
 * </pre>
 *
 * <p>It is taken up again after what is transient, as long as each call brings something, and after a wait of the client's
 * retry policy. What brings nothing has been retried by the call itself.
 */
public final class DownloadRun {

    /** Parts of about 64 KiB that may wait for the disk. */
    private static final int PARTS_AHEAD = 4;

    private final ApiRequest<ByteBuffer> request;
    private final DownloadOptions options;
    private final DownloadSource source;
    private final Destination destination;
    private final Scheduler timer;
    private final DoubleFunction<Duration> pause;
    private final String nameOfAddress;

    private volatile Version version = Version.UNKNOWN;
    private volatile Headers headers = Headers.none();
    private volatile Journey journey = Journey.none();
    /** Whether the parts to come are those of a new start. */
    private volatile boolean fresh;

    private int resumes;
    private long broughtByThisCall;

    private DownloadRun(
            ApiRequest<ByteBuffer> request,
            URI address,
            DownloadTarget target,
            DownloadOptions options,
            DownloadSource source,
            Scheduler timer,
            DoubleFunction<Duration> pause) {
        this.request = request;
        this.options = options;
        this.source = source;
        this.timer = timer;
        this.pause = pause;
        this.nameOfAddress = nameOf(address);
        this.destination = destination(target, address, options);
    }

    /**
     * Downloads, when subscribed to: each time from what is there.
     *
     * @param address the absolute URI that the request leads to
     * @param pause how long to wait before it is taken up again, of a random number from 0 to 1
     */
    public static Mono<Download> of(
            ApiRequest<?> request,
            URI address,
            DownloadTarget target,
            DownloadOptions options,
            DownloadSource source,
            Scheduler timer,
            DoubleFunction<Duration> pause) {
        if (request.method() != Method.GET) {
            throw ApiException.invalidRequest("download: " + request.method() + " (expected: a GET)");
        }
        ApiRequest<ByteBuffer> parts = request.as(Payload.parts());
        return Mono.defer(() -> new DownloadRun(parts, address, target, options, source, timer, pause).run());
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
                .onErrorResume(e -> blocking(this::closed).then(Mono.error(e)))
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
                return Mono.just(true); // a break after the last byte
            }
            broughtByThisCall = 0;
            fresh = from == 0;
            return source.open(ranged(from), head -> answered(head, from), told -> journey = told)
                    .publishOn(Schedulers.boundedElastic(), PARTS_AHEAD)
                    .doOnNext(this::write)
                    .then(blocking(this::ended))
                    .onErrorResume(ApiException.class, error -> broken(error, from));
        });
    }

    private ApiRequest<ByteBuffer> ranged(long from) {
        if (from == 0) {
            return request;
        }
        ApiRequest<ByteBuffer> ranged = request.header("range", "bytes=" + from + "-");
        String tag = version.strongTag();
        return tag == null ? ranged : ranged.header("if-range", tag);
    }

    /** On the event loop, before the first part. */
    private void answered(ResponseHead head, long from) {
        headers = head.headers();
        if (head.status() != 206) {
            starts(length(head.headers()));
            return;
        }
        ContentRange range = ContentRange.parse(head.headers().first("content-range"));
        if (range == null) {
            throw protocol("206 without a Content-Range that makes sense");
        }
        if (from == 0 && range.first() == 0) {
            starts(range.total());
        } else if (range.first() != from) {
            throw protocol("206 from byte " + range.first() + " (expected: from " + from + ", as was asked for)");
        } else if (!version.isThatOf(head.headers(), range.total())) {
            throw new StartOver("another version: " + version.total() + " bytes before, " + range.total() + " now");
        } else {
            limit(range.total());
            version = version.withTotal(range.total());
        }
    }

    private void starts(long total) {
        limit(total);
        version = Version.of(headers, total);
        fresh = true;
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
            long size = destination.position() + part.remaining();
            limit(size);
            broughtByThisCall += part.remaining();
            destination.write(part);
            options.listener().accept(new Progress(size, version.total(), resumes));
        } catch (IOException e) {
            throw PartFile.failure("writing " + destination, e);
        }
    }

    /** The call has come to its end: with the whole file, or with less than was announced. */
    private boolean ended() throws IOException {
        if (fresh) {
            destination.begin(version); // a file of no bytes
            fresh = false;
        }
        long total = version.total();
        long there = destination.position();
        if (total >= 0 && there > total) {
            throw protocol("file of " + there + " bytes (expected: " + total + ", as was announced)");
        }
        return total < 0 || there == total || !takesUp();
    }

    private boolean takesUp() {
        boolean more = broughtByThisCall > 0 && resumes < options.maxResumes();
        if (!more) {
            throw protocol("an answer with less than was asked for, and nothing new (expected: " + version.total()
                    + " bytes in all)");
        }
        resumes++;
        return true;
    }

    private Mono<Boolean> broken(ApiException error, long from) {
        boolean range = error.status() == 416 && from > 0;
        boolean again = error instanceof StartOver || range;
        boolean goesOn = again || (error.retryability() == Retryability.TRANSIENT && broughtByThisCall > 0);
        if (!goesOn || resumes >= options.maxResumes()) {
            return Mono.error(error);
        }
        resumes++;
        Duration wait = pause.apply(ThreadLocalRandom.current().nextDouble());
        boolean forget = again || !version.isTellable();
        return Mono.delay(wait, timer).then(blocking(() -> {
            if (forget) {
                version = Version.UNKNOWN;
                destination.begin(version);
            }
            return false;
        }));
    }

    private Download finish() throws IOException {
        long bytes = destination.position();
        String told = FileName.of(headers);
        String given = told == null ? version.name() : told;
        Path path = destination.finish(given == null ? nameOfAddress : given);
        return new Download(path, given, bytes, resumes, headers, journey);
    }
}
