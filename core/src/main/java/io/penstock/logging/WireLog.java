package io.penstock.logging;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SentCredential;
import io.penstock.pipeline.Transport;
import io.penstock.redaction.Redaction;
import io.penstock.request.Plan;
import io.penstock.upload.RequestBody;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A transport that logs every request and every response to {@code io.penstock.wire.<vendor>} at DEBUG, within a
 * {@link LogPolicy}. While that level is off, the cost is one level check per attempt. Entries are written on the
 * subscribing thread and on the connection's event loop; a blocking appender blocks them.
 *
 * @hidden
 */
@Internal
public final class WireLog implements Transport {

    private static final String MASK = "****";

    private final Transport wire;
    private final LogPolicy policy;
    private final Redaction redaction;
    private final Logger log;

    /**
     * Creates a log around a transport.
     *
     * @param secret the client's credential, which is masked in every part of an entry; null if it has none
     */
    public WireLog(Transport wire, LogPolicy policy, @Nullable Secret secret, String vendorId) {
        this.wire = wire;
        this.policy = policy;
        this.redaction = new Redaction(secret == null ? null : secret.reveal());
        this.log = LoggerFactory.getLogger("io.penstock.wire." + vendorId);
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        if (!log.isDebugEnabled()) {
            return wire.exchange(call, receiver);
        }
        return wire.exchange(call, new Tapped(receiver)).doOnSubscribe(s -> request(call));
    }

    private void request(Attempt call) {
        Plan plan = call.plan();
        StringBuilder text = new StringBuilder();
        List<String> planned = plan.headers();
        for (int i = 0; i < planned.size(); i += 2) {
            header(text, planned.get(i), planned.get(i + 1), call);
        }
        List<String> added = call.addedHeaders();
        for (int i = 0; i < added.size(); i += 2) {
            header(text, added.get(i), added.get(i + 1), call);
        }
        RequestBody body = plan.body();
        log.debug(
                "> {} {}{}{}{}",
                "#" + call.number(),
                plan.method(),
                " " + plan.origin() + redacted(plan.target(), call) + query(plan.uri(), call)
                        + credential(plan.uri(), call),
                text,
                body == null ? "" : excerpt(call, body));
    }

    private void header(StringBuilder text, String name, String value, Attempt call) {
        boolean shown = policy.headers().contains(name.toLowerCase(Locale.ROOT));
        text.append(System.lineSeparator())
                .append("  ")
                .append(name)
                .append(": ")
                .append(shown ? redacted(value, call) : MASK);
    }

    private String redacted(String text, Attempt call) {
        return call.redaction(redaction).line(text);
    }

    /** Returns the query with the values of other parameters masked one by one, so that their names remain visible. */
    private String query(URI uri, Attempt call) {
        String query = uri.getRawQuery();
        if (query == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            boolean shown = policy.queryParameters().contains(name);
            text.append(text.isEmpty() ? '?' : '&');
            if (equals < 0) {
                text.append(
                        shown ? redacted(pair, call) : MASK); // not a name: a signed link may be nothing but a token
            } else {
                text.append(redacted(name, call)).append('=');
                text.append(shown ? redacted(pair.substring(equals + 1), call) : MASK);
            }
        }
        return text.toString();
    }

    /** Returns the parameters that hold the credential. Their values are not shown, whatever the policy allows. */
    private static String credential(URI uri, Attempt call) {
        SentCredential credential = call.credential();
        StringBuilder text = new StringBuilder();
        for (String name : credential == null ? List.<String>of() : credential.names()) {
            text.append(text.isEmpty() && uri.getRawQuery() == null ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(MASK);
        }
        return text.toString();
    }

    /** Returns an excerpt of the request body. A streamed body is not read for the log. */
    private String excerpt(Attempt call, RequestBody body) {
        return body instanceof RequestBody.Bytes bytes
                ? excerpt(call, bytes.toByteBuf())
                : System.lineSeparator() + "  (" + body + ")";
    }

    private String excerpt(Attempt call, ByteBuf body) {
        return policy.bodyBytes() == 0
                ? System.lineSeparator() + "  (" + body.readableBytes() + " bytes of body)"
                : System.lineSeparator() + call.redaction(redaction).excerpt(body, policy.bodyBytes());
    }

    /** A receiver that logs the response and passes it on. */
    private final class Tapped implements Receiver {
        private final Receiver receiver;

        Tapped(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public @Nullable ApiException refusal(Attempt attempt) {
            return receiver.refusal(attempt);
        }

        @Override
        public void onHead(Attempt call, ResponseHead head) {
            StringBuilder text = new StringBuilder();
            Headers headers = head.headers();
            for (String name : headers.names()) {
                for (String value : headers.all(name)) {
                    header(text, name, value, call);
                }
            }
            log.debug("< #{} {}{}", call.number(), head.status(), text);
            receiver.onHead(call, head);
        }

        @Override
        public @Nullable BodyReader reader(Attempt call, ResponseHead head) {
            return receiver.reader(call, head); // a streamed body is not logged
        }

        @Override
        public int limit(Attempt call, ResponseHead head) {
            return receiver.limit(call, head);
        }

        @Override
        public Reply onBody(Attempt call, ResponseHead head, ByteBuf body, boolean complete) {
            log.debug("< #{} {}{}", call.number(), complete ? "body" : "body, cut", excerpt(call, body));
            return receiver.onBody(call, head, body, complete);
        }
    }

    @Override
    public Mono<Void> connect(Attempt attempt) {
        return wire.connect(attempt);
    }

    @Override
    public Mono<Void> closeLater() {
        return wire.closeLater();
    }

    @Override
    public List<ConnectionStats> connections() {
        return wire.connections();
    }

    @Override
    public String describe() {
        return wire.describe();
    }
}
