package io.penstock.call;

import io.penstock.annotation.Internal;
import io.penstock.envelope.ErrorModel;
import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.http.Secret;
import io.penstock.logging.CallLog;
import io.penstock.pipeline.CallListener;
import io.penstock.pipeline.Listeners;
import io.penstock.pipeline.ObservedSubscriber;
import io.penstock.pipeline.Pipeline;
import io.penstock.redaction.Redaction;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Planning;
import io.penstock.timeout.Scope;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The state that all calls of one client share.
 *
 * @param planning makes the plan of a request
 * @param pipeline sends the request
 * @param scheduler the clock and timer
 * @param reporting how the ends of calls are reported
 * @param active the calls that are under way
 * @hidden
 */
@Internal
public record ClientRuntime(
        Planning planning, Pipeline pipeline, Scheduler scheduler, Reporting reporting, ActiveCalls active) {

    /**
     * The reporting of calls that have ended.
     *
     * @param errors how the API reports errors
     * @param log writes an entry for each call that has ended
     * @param secrets removes secrets from a server's text
     * @param listeners the listeners for what is under way, or null if there are none
     * @hidden
     */
    @Internal
    public record Reporting(
            ErrorModel errors,
            CallLog log,
            Redaction secrets,
            @Nullable Listeners listeners) {

        /** Creates a reporting without listeners. */
        public Reporting(ErrorModel errors, CallLog log, Redaction secrets) {
            this(errors, log, secrets, null);
        }
    }

    /** Returns the listeners, or null if there are none. */
    public @Nullable Listeners listeners() {
        return reporting.listeners;
    }

    /** Returns a sequence that is reported as an operation. */
    public <T> Flux<T> reported(CallListener.Kind kind, ApiRequest<?> request, Flux<T> source) {
        Listeners told = listeners();
        return told == null ? source : told.operation(operation(kind, request), source);
    }

    /** Returns a single value that is reported as an operation. */
    public <T> Mono<T> reported(CallListener.Kind kind, ApiRequest<?> request, Mono<T> source) {
        Listeners told = listeners();
        return told == null ? source : told.operation(operation(kind, request), source);
    }

    /** Returns a subscriber that is reported as an operation that begins now. */
    public <T> CoreSubscriber<? super T> reported(
            CallListener.Kind kind,
            ApiRequest<?> request,
            CoreSubscriber<? super T> actual,
            ObservedSubscriber.Last<? super T> last) {
        Listeners told = listeners();
        return told == null ? actual : told.<T>operation(operation(kind, request), actual, last);
    }

    private CallListener.Operation operation(CallListener.Kind kind, ApiRequest<?> request) {
        return new CallListener.Operation(kind, request, planning.baseUri());
    }

    /** Returns the function that creates the vendor's exception for a failure. */
    public Function<Failure, ApiException> exceptions() {
        return failure -> ApiException.of(reporting.errors.exceptions(), failure);
    }

    /** Returns what removes the secrets that a call of this request may have sent from a server's text. */
    public Redaction secretsOf(ApiRequest<?> request) {
        Secret own = request.credential();
        Redaction ofClient = reporting.secrets.withLearned();
        return own == null ? ofClient : ofClient.with(List.of(), List.of(), List.of(own.reveal()));
    }

    /** Returns a call of a request; each subscription starts it anew. */
    public <T> Mono<ApiResponse<T>> execute(ApiRequest<T> request) {
        return new CallMono<>(request, this);
    }

    /**
     * Returns a complete call that is one part of a larger operation, such as a page of a list, which its journey
     * names. Whatever encloses the subscriber, such as a deadline, still applies.
     */
    public <T> Mono<ApiResponse<T>> partOf(String parent, ApiRequest<T> request) {
        return execute(request)
                .contextWrite(context -> Scope.partOf(parent, scheduler).in(context));
    }

    /**
     * Acts like {@link #partOf(String, ApiRequest)}, with a deadline, and sends once, because the larger operation
     * repeats it.
     */
    public <T> Mono<ApiResponse<T>> partOf(String parent, long endNanos, ApiRequest<T> request) {
        Scope scope = Scope.repeatedUntil(endNanos, scheduler, parent);
        return execute(request).contextWrite(scope::in);
    }
}
