package io.penstock.pipeline;

import io.penstock.ApiException;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Retryability;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Follows a redirect where the request allows it, with a new GET that carries nothing of the first request: no
 * credential, no header, no body. The target's query, which is often a signature, appears nowhere.
 */
public final class Redirects implements Operator {

    /** The operator. */
    public Redirects() {}

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        Mono<Reply> reply = next.exchange(call);
        return call.plan().redirects() == 0 ? reply : reply.flatMap(r -> follow(call, r, next));
    }

    @Override
    public void subscribe(Call call, Exchange next, CoreSubscriber<? super Reply> actual) {
        if (call.plan().redirects() == 0) {
            next.subscribe(call, actual);
        } else {
            apply(call, next).subscribe(actual);
        }
    }

    private Mono<Reply> follow(Call call, Reply reply, Exchange next) {
        int status = reply.head().status();
        if (status < 300 || status >= 400) {
            return Mono.just(reply);
        }
        URI from = call.plan().uri();
        URI to = target(from, reply.head().headers().first("location"));
        if (to == null) {
            return Mono.error(new ApiException(Failure.of(
                            ErrorKind.UNEXPECTED_STATUS,
                            Certainty.REJECTED,
                            Retryability.PERMANENT,
                            status + " with a Location that cannot be followed (expected: an http or https URI, and"
                                    + " https after https)")
                    .withStatus(status)));
        }
        call.note(status + " followed to " + Plan.origin(to) + to.getRawPath() + " without credential");
        Call onward = call.continuedAs(call.plan().redirectedTo(to));
        return apply(onward, next);
    }

    private static @Nullable URI target(URI from, @Nullable String location) {
        try {
            URI to = location == null ? null : from.resolve(new URI(location));
            boolean allowed = to != null
                    && to.getHost() != null
                    && to.getRawUserInfo() == null
                    && ("https".equalsIgnoreCase(to.getScheme())
                            || ("http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme())));
            return allowed ? to : null;
        } catch (URISyntaxException e) {
            return null; // the caller reports it; the text may hold a signature
        }
    }

    @Override
    public String describe() {
        return "only where a request allows it, as a GET without credential";
    }
}
