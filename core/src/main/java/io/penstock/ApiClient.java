package io.penstock;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.body.ServerSentEvent;
import io.penstock.call.CallFlux;
import io.penstock.call.ClientRuntime;
import io.penstock.call.PageCalls;
import io.penstock.call.ResumedEvents;
import io.penstock.circuit.CircuitState;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadRun;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.http.ResponseHead;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.pipeline.CallListener;
import io.penstock.pipeline.ConnectionStats;
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
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A client of one API with one credential. It is thread-safe and owns a connection pool: create one and keep it.
 *
 * <pre>{@code
 * try (ApiClient client = ApiClient.builder(spec).secret(Secret.of(key)).build()) {
 *     Mono<JsonNode> usage = client.value(ApiRequest.get("usage"));
 * }
 * }</pre>
 */
public final class ApiClient implements AutoCloseable {

    private static final Duration LONGEST_CLOSE = Duration.ofDays(1);

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

    /** Returns a builder for a client of the given API. */
    public static ApiClientBuilder builder(VendorSpec spec) {
        return new ApiClientBuilder(spec);
    }

    /**
     * Sends a request and emits its response. Every subscription is a call of its own with its own deadline; all of
     * them send the same bytes and the same idempotency key.
     *
     * <p>Emits one response with a 2xx status, on the connection's event loop. If the request has {@code If-None-Match}
     * or {@code If-Modified-Since}, it may also be a 304 without a value (RFC 9110 §15.4.5). Otherwise it fails with an
     * {@link ApiException}, on the event loop, or on the client's scheduler if a time limit has passed. Cancelling
     * closes the connection or ends the wait; whether the server acted is then unknown. The request's {@link
     * ApiRequest#retryClass()} and the failure's {@link ApiException#certainty()} decide whether an attempt is retried.
     */
    public <T> Mono<ApiResponse<T>> execute(ApiRequest<T> request) {
        return runtime.execute(request);
    }

    /**
     * Sends a request and emits parts of the response body while it arrives: {@link ApiRequest#elements elements of an
     * array}, {@link ApiRequest#lines lines}, or {@link Payload#parts() parts} of any body. Nothing is sent before the
     * first element is requested. Every subscription is a call of its own.
     *
     * <p>The subscriber's demand reaches the socket. At most about one read of the socket and one element are buffered;
     * an element may have up to {@code maxResponseBytes}. Elements are emitted on the connection's event loop or on the
     * requesting thread. Cancelling closes the connection.
     *
     * <p>Until the first element, retries, timeouts and the deadline are those of {@link #execute}, except that a 304
     * is an error, because it is not an empty stream. After the first element nothing is sent again. A body that breaks
     * off, cannot be decoded or pauses for longer than the idle timeout while more is requested fails with an {@link
     * ApiException} whose certainty is {@code PROCESSED}. So does one that exceeds the request's own deadline or a
     * surrounding {@link Deadline}, with or without demand; the client's deadline ends with the first element.
     *
     * <p>The place at the gate is free again with the first element, so that a call can be made for each element. The
     * connection stays in use. The circuit counts the outcome up to the first element.
     */
    public <T> Flux<T> stream(ApiRequest<T> request) {
        return new CallFlux<>(request, runtime);
    }

    /**
     * Emits server-sent events, and resumes the stream in a new call with {@code Last-Event-ID} when it breaks or ends,
     * if the server has sent ids. Demand, threads and cancel are those of {@link #stream}.
     *
     * <p>Before each new call it waits for the server's {@code retry} or the client's backoff, whichever is longer. It
     * completes when the server responds with 204, or ends a stream that had neither an event nor an id. It fails if a
     * failure is not transient, if the client's retries are exhausted, or if the stream broke {@code maxAttempts} times
     * in a row without an event. A stream without ids cannot be resumed: it completes when the body ends, and fails
     * when it breaks. The idle timeout treats a silent connection as broken; comments count as activity. The request's
     * own deadline and a surrounding one cover all calls and waits.
     */
    public Flux<ServerSentEvent> events(ApiRequest<?> request) {
        Integer attempts = request.maxAttempts();
        return new ResumedEvents(
                        request.events(),
                        runtime,
                        attempts == null ? wiring.retry : wiring.retry.withMaxAttempts(attempts))
                .events();
    }

    /**
     * Downloads a file of any size, with a few parts of it in memory at a time. It emits when the file is complete and
     * in its place, on a thread of {@code Schedulers.boundedElastic()}, where all disk work is done.
     *
     * <p>An interrupted download is resumed with {@code Range}, and with a strong validator in {@code If-Range} (RFC
     * 9110 §8.8.1), so that two versions are never mixed. The validator is a strong {@code ETag}, or, if the response
     * has no {@code ETag}, a {@code Last-Modified} at least one minute older than the response. Without a validator the
     * download starts over. It also starts over if a response does not continue the file: 200, 416, another version, a
     * gap. Bytes that are stored already are skipped. The download goes on as long as each call adds bytes, up to
     * {@code maxResumes}.
     *
     * <p>The request forbids a content coding. If the response comes as gzip or deflate nevertheless, it is decoded and
     * its end is checked; length and ranges count encoded bytes. Another process starts such a file over. Any other
     * coding is {@code UNDECODABLE}.
     *
     * <p>Cancelling or an error leaves the bytes in {@code <name>.part}, with their version in a file beside it. A
     * later download to the same place, in this process or another, continues from there. Nothing is left if no byte
     * has arrived, and no leftover prevents a later download. The finished file is moved into its place in one step. An
     * existing file is replaced only if the options allow it: of two downloads to one name, the second fails with
     * INVALID_REQUEST and keeps its part. Part and version are never written through a link. The announced length
     * decides whether a file is complete; without one, the end of the response does.
     *
     * <p>Redirects are followed if the request allows it, without the credential to another origin. A conditional
     * request downloads a changed file; a 304 is an error and leaves the stored bytes alone.
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
                        wait -> runtime.active().pause(wait, scheduler),
                        dice -> Duration.ofNanos(wiring.retry.backoff().nanosAfter(1, dice)),
                        leftOf(Scope.of(context)))));
        Mono<Download> limited = whole == null
                ? download
                : download.contextWrite(
                        context -> Scope.ending(whole, scheduler).in(context));
        return runtime.reported(CallListener.Kind.DOWNLOAD, request, limited);
    }

    private static LongSupplier leftOf(@Nullable Scope scope) {
        return scope == null ? () -> Long.MAX_VALUE : scope::remainingNanos;
    }

    /**
     * Downloads to a path, with {@link DownloadOptions#standard()}. See {@link #download(ApiRequest, DownloadTarget,
     * DownloadOptions)}.
     */
    public Mono<Download> download(ApiRequest<?> request, Path file) {
        return download(request, DownloadTarget.file(file), DownloadOptions.standard());
    }

    /**
     * Sends a request and emits the decoded value, as {@link #execute} does. It is empty if the response has no value
     * or is a 304.
     */
    public <T> Mono<T> value(ApiRequest<T> request) {
        return execute(request).handle((response, sink) -> {
            T value = response.value();
            if (value != null) {
                sink.next(value);
            }
        });
    }

    /**
     * Returns a poll of a long operation: a cold {@code Flux} of its states that ends with the operation, and a {@code
     * Mono} of its result. Nothing is sent without demand. {@link Poll} describes the interval and the errors.
     */
    public <T> Poll<T> poll(Polling<T> polling) {
        return new Poll<>(polling, runtime);
    }

    /**
     * Reads a list page by page, on demand. Each page is a call like that of {@link #execute}, except that a 304 is an
     * error, because it is not an empty page.
     *
     * @param first the request for the first page
     * @param paging the way to the next page
     */
    public <T> Pages<T> pages(ApiRequest<Page<T>> first, Paging paging) {
        return Pages.of(new PageCalls(runtime), first, paging);
    }

    /**
     * Reads a list page by page, with the paging that the vendor's spec declares for its path.
     *
     * @param list the request for the list; its own type of response is ignored
     * @param item the type of the items
     * @throws ApiException INVALID_REQUEST if the spec declares no list at this path
     */
    public <T> Pages<T> pages(ApiRequest<?> list, Class<T> item) {
        ListForm form = wiring.spec.listAt(list.pathTemplate());
        return pages(form.first(list, item), form.paging());
    }

    /**
     * Returns the forecast for the vendor's general quota: the units that are left, and the time when there will be
     * more.
     *
     * @throws ApiException INVALID_CONFIGURATION if the client was built without a gate
     */
    public Forecast quota() {
        return wiring.paced().forecast(wiring.tracking);
    }

    /** Returns the forecast for the quota that a request would spend; see {@link #quota()}. Nothing is sent. */
    public Forecast quota(ApiRequest<?> request) {
        return wiring.paced().forecast(runtime.planning().plan(request), wiring.tracking);
    }

    /** Returns a view of what this client knows and holds now: plans of requests, quotas, circuits, connections. */
    public ClientInspection inspect() {
        return new ClientInspection(wiring);
    }

    /** Returns the spec of the API. */
    public VendorSpec spec() {
        return wiring.spec;
    }

    /** Returns the base URI of the API. */
    public URI baseUri() {
        return wiring.baseUri;
    }

    /**
     * Prepares the first call when subscribed to: resolves the name, opens a connection, with TLS if the API has it, and
     * fetches a token if the credential is exchanged for one, or reads the secret from its source. Nothing else is sent. Completes at once if all that is
     * there. It fails with the {@link ApiException} that a call would fail with; nothing is tried again.
     */
    public Mono<Void> warmUp() {
        return wiring.warmUp();
    }

    /** Returns the state of the client as it knows it now, such as for a health check. Nothing is sent. */
    public Health health() {
        return wiring.health();
    }

    /**
     * The state of a client.
     *
     * @param calls the calls that are under way, and the last outcomes
     * @param circuits the state of each circuit
     * @param connections how the connections are used, a row for each origin
     * @param tokenLife how long the token can still be used: zero if there is none, many years if it does not expire;
     *     null if a fixed secret is sent itself
     */
    public record Health(
            Calls calls,
            List<CircuitState> circuits,
            List<ConnectionStats> connections,
            @Nullable Duration tokenLife) {

        /**
         * The calls of a client.
         *
         * @param closing whether the client is closing or closed
         * @param active how many calls are under way
         * @param lastSuccessAt when a call last ended with a response; null if none has
         * @param lastFailureAt when a call last ended with an error; null if none has
         * @param lastFailure the kind of that error
         */
        public record Calls(
                boolean closing,
                int active,
                @Nullable Instant lastSuccessAt,
                @Nullable Instant lastFailureAt,
                @Nullable ErrorKind lastFailure) {}

        /** Returns whether the client takes calls and no circuit is open. */
        public boolean isReady() {
            return !calls.closing() && circuits.stream().noneMatch(c -> c.phase() == CircuitState.Phase.OPEN);
        }
    }

    /**
     * Closes the client without loss, when subscribed to. New calls fail with {@code CLIENT_CLOSED} and {@code NOT_SENT}
     * from now on, and so do calls that wait and would not be sent before the limit. All others go on to their end. Then
     * all connections are closed. Completes when they are, on any thread.
     *
     * <p>At the limit, calls that are left fail with {@code CLIENT_CLOSED}, and with the certainty of what was sent;
     * each is logged, as every failed call. A stream fails in the same way. A page of a list, the next poll, and the
     * resumption of events or a download are new calls. A poll that waits for its next turn ends at once.
     *
     * <p>Cancelling ends the wait, but not the closing.
     *
     * @param limit how long calls may go on
     * @throws ApiException INVALID_CONFIGURATION if the limit is negative or longer than a day
     */
    public Mono<Void> closeGracefully(Duration limit) {
        if (limit.isNegative() || limit.compareTo(LONGEST_CLOSE) > 0) {
            throw ApiException.invalidConfiguration("limit: " + limit + " (expected: 0 to 24 hours)");
        }
        return wiring.closing().closeGracefully(limit);
    }

    /**
     * Closes the client when subscribed to. New calls and those that wait fail with {@code CLIENT_CLOSED}. Calls that
     * have been sent go on to the end of this attempt, within their timeouts. Completes when all calls have ended and all
     * connections are closed: a stream may take any time. {@link #closeGracefully} has a limit.
     *
     * <p>Cancelling ends the wait, but not the closing.
     */
    public Mono<Void> closeLater() {
        return wiring.closing().closeLater();
    }

    /** Closes the client like {@link #closeLater}, and returns at once. */
    @Override
    public void close() {
        closeLater().subscribe();
    }

    /** Returns the API and the base URI, but no credential. */
    @Override
    public String toString() {
        return "ApiClient[" + wiring.spec.id() + ", " + wiring.baseUri + "]";
    }
}
