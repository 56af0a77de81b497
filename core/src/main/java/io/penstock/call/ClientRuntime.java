package io.penstock.call;

import io.penstock.annotation.Internal;
import io.penstock.envelope.ErrorModel;
import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.logging.CallLog;
import io.penstock.pipeline.Pipeline;
import io.penstock.redaction.Redaction;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Planning;
import io.penstock.timeout.Scope;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What all calls of one client share.
 *
 * @param planning makes the plan of a request
 * @param pipeline sends it
 * @param scheduler clock and timer
 * @param errors how the API says that something went wrong
 * @param log writes a line for each call that has ended
 * @param secrets makes a server's text fit to be shown
 */
@Internal
public record ClientRuntime(
        Planning planning, Pipeline pipeline, Scheduler scheduler, ErrorModel errors, CallLog log, Redaction secrets) {

    /** Returns the vendor's exception for a failure. */
    public Function<Failure, ApiException> exceptions() {
        return errors.exceptions();
    }

    /** Returns a call of a request, which begins with each subscription. */
    public <T> Mono<ApiResponse<T>> execute(ApiRequest<T> request) {
        return new CallMono<>(request, this);
    }

    /**
     * Returns a full call that is one part of something larger, such as a page of a list: its journey names that. What
     * encloses the subscriber, such as a deadline, still holds.
     */
    public <T> Mono<ApiResponse<T>> partOf(String parent, ApiRequest<T> request) {
        return execute(request)
                .contextWrite(context -> Scope.partOf(parent, scheduler).in(context));
    }

    /** As {@link #partOf(String, ApiRequest)}, over at that time, and sent once, because what it is a part of repeats it. */
    public <T> Mono<ApiResponse<T>> partOf(String parent, long endNanos, ApiRequest<T> request) {
        Scope scope = new Scope(scheduler, endNanos, true, null, null, parent);
        return execute(request).contextWrite(scope::in);
    }
}
