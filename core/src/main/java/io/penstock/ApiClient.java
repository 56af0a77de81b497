package io.penstock;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.body.ServerSentEvent;
import io.penstock.call.CallFlux;
import io.penstock.call.ClientRuntime;
import io.penstock.call.PageCalls;
import io.penstock.call.ResumedEvents;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadRun;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.http.ResponseHead;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.polling.Poll;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.Forecast;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.ListForm;
import io.penstock.spec.VendorSpec;
import io.penstock.timeout.Deadline;
import io.penstock.timeout.Scope;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A client of one API with one credential. Safe to share; keep one for as long as calls are made, it owns a connection
 * pool.
 *
 * <pre>{@code
 * try (ApiClient client = ApiClient.builder(spec).secret(Secret.of(key)).build()) {
 *     Mono<JsonNode> usage = client.value(ApiRequest.get("usage"));
 * }
 * }</pre>
 */
public final class ApiClient implements AutoCloseable {

    private final ClientWiring wiring;
    private final ClientRuntime runtime;
    private final Scheduler scheduler;

    ApiClient(ClientWiring wiring) {
        this.wiring = wiring;
        this.runtime = wiring.runtime();
        this.scheduler = wiring.scheduler;
    }

    ClientWiring wiring() {
        return wiring;
    }

    ClientRuntime runtime() {
        return runtime;
    }

    /** A client of that API, to be configured. */
    public static ApiClientBuilder builder(VendorSpec spec) {
        return new ApiClientBuilder(spec);
    }

    /**
     * Makes a call of a request. Nothing happens before the {@code Mono} is subscribed to; every subscription is a call
     * with a deadline of its own, and all of them carry the same bytes and the same idempotency key.
     *
     * <p>It emits one response with a 2xx status, or with 304 and without a value where the request has {@code If-None-Match} or
     * {@code If-Modified-Since} and nothing has changed (RFC 9110 §15.4.5), on the connection's event loop, or ends with an {@link ApiException},
     * on the event loop, or on the client's scheduler where a time ran out. Cancelling it gives up the connection or the
     * wait; whether the server acted is then unknown. What is retried, and what not, is told by the exception's
     * {@link ApiException#certainty()} and the request's {@link ApiRequest#retryClass()}.
     */
    public <T> Mono<ApiResponse<T>> execute(ApiRequest<T> request) {
        return runtime.execute(request);
    }

    /**
     * Makes a call whose body is read while it arrives, however long it is: {@link ApiRequest#elements elements of an
     * array}, {@link ApiRequest#lines lines}, or {@link Payload#parts() parts} of anything. Nothing happens before something
     * is asked for; every subscription is a call of its own.
     *
     * <p>It emits what has arrived, at the subscriber's demand, which reaches the socket: of what was not asked for about
     * one read of the socket is held, and of a single element at most the client's {@code maxResponseBytes}. It emits on the
     * connection's event loop, or on the thread that asks for more. Cancelling closes the connection.
     *
     * <p>Until the first element everything is as with {@link #execute}: retries, time-outs, deadline; but a 304 is an error with that
     * status, because it is no empty stream. After it nothing is
     * sent again; a body that breaks off, cannot be read or pauses too long while more is asked for (the client's idle
     * time-out) ends it with an {@link ApiException} whose certainty is {@code PROCESSED}. So does the request's own
     * deadline and one around it ({@link Deadline}), whether something is asked for or not; the client's deadline ends with the
     * first element. The place at the gate is free
     * again with the first element, so that calls can be made for each; the connection is not. The circuit counts what happened
     * until the first element.
     */
    public <T> Flux<T> stream(ApiRequest<T> request) {
        return new CallFlux<>(request, runtime);
    }

    /**
     * Server-sent events, over as many calls as it takes: a stream that breaks or ends is taken up again with {@code
     * Last-Event-ID}, where the server has given ids. Each event is emitted as with {@link #stream}; nothing is asked for
     * that nobody wants.
     *
     * <p>The wait before is the longer one of the server's {@code retry} and the client's backoff. It completes where the
     * server answers 204, or ends a stream without a single event or id; it ends with an error where that is not transient,
     * where the client's retries were in vain, or where it broke {@code maxAttempts} times in a row without an event. A
     * stream without ids cannot be resumed: its break is an error, its end the end. The idle time-out takes a silent
     * connection for a broken one; comments count as a sign of life. The
     * request's own deadline, and one around it, hold for all calls and waits together.
     */
    public Flux<ServerSentEvent> events(ApiRequest<?> request) {
        return new ResumedEvents(request.events(), runtime, wiring.retry).events();
    }

    /**
     * Downloads a file of any size, when subscribed to; memory holds a few parts of it. It emits once the file is whole and
     * in its place, on a thread of {@code Schedulers.boundedElastic()}, where all disk work is done.
     *
     * <p>A break is resumed with {@code Range} from what is there, and {@code If-Range} with a strong validator (RFC 9110
     * §8.8.1), so that two versions are never mixed: a strong {@code ETag}, or, where there is none at all, a {@code
     * Last-Modified} that was a minute old when it was told. Without one it starts over, and so it does wherever an answer does
     * not fit what is there: 200, 416, another version, a gap. Bytes of a range that are there already are left out. It goes on
     * as long as each call brings something, up to the option {@code maxResumes}.
     *
     * <p>The file is asked for without a content coding. Where it comes as gzip or deflate nevertheless, because it is stored
     * so, the coding is undone and its end checked; length and ranges count the stored bytes. Another process starts such a
     * file over. Any other coding is {@code UNDECODABLE}.
     *
     * <p>Cancelling, and an error, leave what is there as {@code <name>.part} with its version beside it; downloading to the
     * same place again, in this process or another, goes on from there. Nothing is left where nothing has arrived, and nothing
     * that is left keeps a later download from ending. A file is put into its place in one step. An existing one is replaced
     * only where the options say so: of two downloads to one name the second fails with INVALID_REQUEST and keeps its part.
     * Part and version are never written through a link. A whole file is told by its announced length; where a server announces
     * none, the end of the answer is the end of the file.
     *
     * <p>Redirects are followed where the request allows it, to another origin without credential. A request with a condition
     * downloads what has changed: a 304 is an error with that status, and leaves what is there.
     */
    public Mono<Download> download(ApiRequest<?> request, DownloadTarget target, DownloadOptions options) {
        Duration whole = request.deadline();
        Mono<Download> download = Mono.deferContextual(context -> DownloadRun.of(
                request,
                request.resolve(wiring.baseUri),
                target,
                options,
                new DownloadRun.Fetching(
                        (parts, head, journey) -> new CallFlux<>(parts, runtime, new CallFlux.StreamListener() {
                            @Override
                            public void head(ResponseHead answer) {
                                head.accept(answer);
                            }

                            @Override
                            public void journey(Journey ended) {
                                journey.accept(ended);
                            }
                        }),
                        scheduler,
                        dice -> Duration.ofNanos(wiring.retry.backoff().nanosAfter(1, dice)),
                        leftOf(Scope.of(context)))));
        return whole == null
                ? download
                : download.contextWrite(
                        context -> Scope.ending(whole, scheduler).in(context));
    }

    private static LongSupplier leftOf(@Nullable Scope scope) {
        return scope == null ? () -> Long.MAX_VALUE : scope::remainingNanos;
    }

    /** As {@link #download(ApiRequest, DownloadTarget, DownloadOptions)}, to a path, as {@link DownloadOptions#standard()}. */
    public Mono<Download> download(ApiRequest<?> request, Path file) {
        return download(request, DownloadTarget.file(file), DownloadOptions.standard());
    }

    /** As {@link #execute}, with the decoded value alone; empty where the answer has none, or a condition is answered 304. */
    public <T> Mono<T> value(ApiRequest<T> request) {
        return execute(request).handle((response, sink) -> {
            T value = response.value();
            if (value != null) {
                sink.next(value);
            }
        });
    }

    /**
     * Watches a long operation until it has ended: a cold {@code Flux} of its answers, and the {@code Mono} of its result.
     * Nothing is sent before there is demand; see {@link Poll} for what is repeated, and how it ends.
     */
    public <T> Poll<T> poll(Polling<T> polling) {
        return new Poll<>(polling, runtime);
    }

    /**
     * Reads a list page by page, as its subscriber asks for more; each page is a call as {@link #execute} makes it, but that a
     * 304 is an error with that status, because it is no empty page.
     *
     * @param first asks for the page to begin with
     * @param paging how the next one is asked for
     */
    public <T> Pages<T> pages(ApiRequest<Page<T>> first, Paging paging) {
        return Pages.of(new PageCalls(runtime), first, paging);
    }

    /**
     * Reads a list as its vendor's spec says that it goes on.
     *
     * @param list asks for the list; what it decodes to does not matter
     * @throws ApiException INVALID_REQUEST if the spec knows of no list there
     */
    public <T> Pages<T> pages(ApiRequest<?> list, Class<T> item) {
        ListForm form = wiring.spec.listAt(list.pathTemplate());
        return pages(form.first(list, item), form.paging());
    }

    /**
     * Returns the forecast for the quota that no more particular limit governs: what is left, and when there will be more.
     *
     * @throws ApiException INVALID_CONFIGURATION if the client was built without a gate
     */
    public Forecast quota() {
        return wiring.paced().forecast(wiring.tracking);
    }

    /** Returns the forecast for the quota that a request would spend, as {@link #quota()}. Nothing is sent. */
    public Forecast quota(ApiRequest<?> request) {
        return wiring.paced().forecast(runtime.planning().plan(request), wiring.tracking);
    }

    /** Returns a view of what this client knows and holds now: plans of requests, quotas, circuits, connections. */
    public ClientInspection inspect() {
        return new ClientInspection(wiring);
    }

    /** The API it is a client of. */
    public VendorSpec spec() {
        return wiring.spec;
    }

    /** Where it finds the API. */
    public URI baseUri() {
        return wiring.baseUri;
    }

    /** Gives up all connections when subscribed to; calls made afterwards fail with {@code CLIENT_CLOSED}. */
    public Mono<Void> closeLater() {
        return Mono.defer(wiring::closeLater);
    }

    /** As {@link #closeLater}, without waiting for it. */
    @Override
    public void close() {
        closeLater().subscribe();
    }

    /** API, base URI: no credential. */
    @Override
    public String toString() {
        return "ApiClient[" + wiring.spec.id() + ", " + wiring.baseUri + "]";
    }
}
