package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Location;
import io.penstock.redaction.Redaction;
import io.penstock.request.Plan;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * An operator that follows redirects if the request allows it. Within the origin, the request keeps its headers and its
 * credential. Another scheme or port is another origin. To another origin, only the method, the body if the redirect
 * keeps both, and the requested range of a file are sent. A credential that the server has copied into the target is taken
 * out. The query of the target is often a signature and is recorded nowhere.
 *
 * @hidden
 */
@Internal
public final class Redirects implements Operator {

    /** Creates the operator. */
    public Redirects() {}

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        Mono<Reply> reply = next.exchange(call);
        return call.plan().redirects() == 0 ? reply : reply.flatMap(r -> follow(call, r, next));
    }

    @Override
    public Exchange around(Exchange next) {
        return (SubscribingExchange) (call, actual) -> subscribe(call, next, actual);
    }

    private void subscribe(Call call, Exchange next, CoreSubscriber<? super Reply> actual) {
        if (call.plan().redirects() == 0) {
            next.subscribe(call, actual);
        } else {
            apply(call, next).subscribe(actual);
        }
    }

    private Mono<Reply> follow(Call call, Reply reply, Exchange next) {
        int status = reply.head().status();
        if (!call.plan().follows(status)) {
            return Mono.just(reply);
        }
        Location location =
                Location.of(call.plan().uri(), reply.head().headers().all("location"));
        URI target = location.target();
        if (target == null) {
            return Mono.error(new ApiException(Failure.of(
                            ErrorKind.UNEXPECTED_STATUS,
                            Certainty.REJECTED,
                            Retryability.PERMANENT,
                            status + " with a Location that cannot be followed: " + location.reason()
                                    + " (expected: an http or https URI, and https after https)")
                    .withStatus(status)));
        }
        boolean within = Plan.sameOrigin(call.plan().uri(), target);
        SentCredential carried = call.credential();
        URI to = carried == null
                ? target
                : carried.removedFrom(target, within && !call.plan().anonymous());
        call.note(status + " followed to " + Plan.origin(to) + masked(to.getRawPath(), carried)
                + (within ? "" : " without credential"));
        Plan onward = within ? call.plan().movedTo(to, status) : call.plan().sentElsewhere(to, status);
        Mono<Reply> answer = apply(call.continuedAs(onward, within), next);
        return onward.redirects() > 0
                ? answer
                : answer.doOnError(ApiException.class, e -> {
                    if (Plan.isRedirect(e.status())) {
                        call.note("no more redirects are allowed: " + e.status() + " not followed");
                    }
                });
    }

    private static String masked(String path, @Nullable SentCredential carried) {
        return carried == null ? path : new Redaction(carried.secret().reveal()).masked(path);
    }

    @Override
    public String describe() {
        return "only where a request allows it; to another origin without credential";
    }
}
