package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.penstock.annotation.Internal;
import io.penstock.body.ContentDecoder;
import io.penstock.body.FailureSigns;
import io.penstock.body.JsonCodec;
import io.penstock.body.MalformedBody;
import io.penstock.body.Payload;
import io.penstock.body.Pointers;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.FieldError;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.ratelimit.RetryAfter;
import io.penstock.redaction.Redaction;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A receiver that decodes a response to a reply or a failure, inside the attempt, on the connection's event loop.
 *
 * <p>A success is read up to the client's limit of decoded bytes. Of an error at most 64 KiB are read, whatever it
 * holds: JSON, HTML, nothing, or half of something. The vendor's table maps an error to its meaning: by its code first,
 * and by its status if the code is unknown.
 *
 * @hidden
 */
@Internal
public final class EnvelopeDecoding implements Receiver {

    private static final int ERROR_LIMIT = 64 * 1024;
    private static final int NOT_MODIFIED = 304;

    private final JsonCodec codec;
    private final ErrorShape shape;
    private final FailureSigns signs;
    private final ErrorTable table;
    private final Function<Failure, ApiException> exceptions;
    private final int limit;
    private final Redaction secrets;
    /** The codecs of requests that raise the limit, by the power of two that covers theirs. */
    private final ConcurrentMap<Integer, JsonCodec> larger = new ConcurrentHashMap<>();

    /**
     * Creates a decoder.
     *
     * @param errors how the API reports errors
     * @param limit the maximum of decoded bytes of a success
     * @param secret the client's credential, which is redacted from what a server echoes; null if it has none
     */
    public EnvelopeDecoding(JsonCodec codec, ErrorModel errors, int limit, @Nullable Secret secret) {
        this.codec = codec;
        this.shape = errors.shape();
        this.signs = new FailureSigns(shape.failureSigns(), shape.failureMember());
        this.table = errors.table();
        this.exceptions = errors.exceptions();
        this.limit = limit;
        this.secrets = new Redaction(secret == null ? null : secret.reveal());
    }

    @Override
    public void onHead(Attempt call, ResponseHead head) {
        // the status alone decides nothing here: the body may say more, if it can be read at all
        Payload<?> payload = call.plan().payload();
        if (head.success() && !payload.isStored() && payload.form() != Payload.Form.NONE && isCoded(call, head)) {
            throw undecodable(
                    call,
                    head,
                    Unpooled.EMPTY_BUFFER,
                    "body in the content coding " + codings(call, head) + " (expected: "
                            + (payload.wantsIdentity() ? "none, as was asked for" : "gzip, or none") + ")",
                    Certainty.PROCESSED);
        }
    }

    /** Returns whether there is a body in a coding that the transport has not decoded. */
    private static boolean isCoded(Attempt call, ResponseHead head) {
        return head.headers().contains("content-encoding")
                && !"0".equals(head.headers().first("content-length"))
                && !withoutContent(call, head)
                && !ContentDecoder.codings(head.headers()).isEmpty();
    }

    private String codings(Attempt call, ResponseHead head) {
        return call.redaction(secrets).line(String.join(", ", ContentDecoder.codings(head.headers())));
    }

    @Override
    public @Nullable BodyReader reader(Attempt call, ResponseHead head) {
        Payload<?> payload = call.plan().payload();
        if (!payload.isStreamed() || !head.success() || withoutContent(call, head)) {
            return null;
        }
        StreamFailures failures = new StreamFailures(this, call, head);
        int most = limitOf(call);
        return switch (payload.form()) {
            case ELEMENTS -> new ElementsReader(codec(most), payload, most, failures, signs);
            case LINES -> new LinesReader(codec(most), payload, most, failures);
            case EVENTS -> isOfType(head, "text/event-stream") ? new EventsReader(most, failures) : null;
            default ->
                isOfType(head, "application/json") && !signs.all().isEmpty()
                        ? new PartsReader(codec.fedParser(), failures, signs, ContentDecoder.codings(head.headers()))
                        : new PartsReader();
        };
    }

    @Override
    public int limit(Attempt call, ResponseHead head) {
        int most = limitOf(call);
        return head.success() ? most : Math.min(most, ERROR_LIMIT);
    }

    private int limitOf(Attempt call) {
        return call.plan().settings().maxResponseBytes(limit);
    }

    /** Returns a codec that reads documents of this size. */
    private JsonCodec codec(int bytes) {
        if (bytes <= limit) {
            return codec;
        }
        int covering = bytes > 1 << 30 ? Integer.MAX_VALUE : Integer.highestOneBit(bytes - 1) << 1;
        return larger.computeIfAbsent(covering, JsonCodec::new);
    }

    @Override
    public Reply onBody(Attempt call, ResponseHead head, ByteBuf body, boolean complete) {
        ApiRequest.Pending pending = call.plan().pending();
        if (pending != null
                && pending.matches(head.status(), head.headers())
                && !(head.success() && body.isReadable() && saysFailure(body))) {
            Reply notReady = notReady(pending, call, head, body, complete);
            if (notReady != null) {
                return notReady;
            }
        }
        if (head.success()) {
            return success(call, head, body, complete);
        }
        if (call.plan().follows(head.status())) {
            return new Reply(head, null, body.readableBytes());
        }
        if (head.status() == NOT_MODIFIED && isConditional(call)) {
            return unchanged(call, head);
        }
        throw ApiException.of(exceptions, failure(call, head, body, complete));
    }

    /** Returns the reply of a resource that is not ready yet, or null if the body says otherwise. */
    private @Nullable Reply notReady(
            ApiRequest.Pending rule, Attempt call, ResponseHead head, ByteBuf body, boolean complete) {
        boolean wanted = rule.member() != null || call.plan().payload().isTree();
        JsonNode tree = wanted && complete && body.isReadable() && !isCoded(call, head) ? codec.tree(body) : null;
        if (!rule.matches(tree)) {
            return null;
        }
        return new Reply(head, call.plan().payload().isTree() ? tree : null, body.readableBytes());
    }

    /** Returns whether a 304 is a valid answer: only to a GET or HEAD that is conditional (RFC 9110 §15.4.5). */
    private static boolean isConditional(Attempt call) {
        Method method = call.plan().method();
        return (method == Method.GET || method == Method.HEAD)
                && (isConditional(call.plan().headers()) || isConditional(call.addedHeaders()));
    }

    private static boolean isConditional(List<String> headers) {
        for (int i = 0; i < headers.size(); i += 2) {
            String name = headers.get(i);
            if (name.equalsIgnoreCase("if-none-match") || name.equalsIgnoreCase("if-modified-since")) {
                return true;
            }
        }
        return false;
    }

    /** Handles a 304. For a stream it is an error, because a stream without elements would look like an empty one. */
    private Reply unchanged(Attempt call, ResponseHead head) {
        if (!call.plan().payload().isStreamed()) {
            return new Reply(head, null, 0);
        }
        throw ApiException.of(
                exceptions,
                Failure.of(
                                ErrorKind.UNEXPECTED_STATUS,
                                Certainty.REJECTED,
                                Retryability.PERMANENT,
                                "304: what was asked for is unchanged, as the condition of the request has it")
                        .withStatus(head.status()));
    }

    private Reply success(Attempt call, ResponseHead head, ByteBuf body, boolean complete) {
        Payload<?> payload = call.plan().payload();
        int bytes = body.readableBytes();
        if (bytes > 0
                && (payload.form() != Payload.Form.BYTES || isOfType(head, "application/json"))
                && saysFailure(body)) {
            throw ApiException.of(exceptions, failure(call, head, body, complete));
        }
        if (withoutContent(call, head) || payload.form() == Payload.Form.NONE) {
            return new Reply(head, null, bytes);
        }
        if (!complete) {
            throw ApiException.of(
                    exceptions,
                    Failure.of(
                                    ErrorKind.RESPONSE_TOO_LARGE,
                                    Certainty.PROCESSED,
                                    Retryability.PERMANENT,
                                    "body of more than " + limitOf(call)
                                            + " decoded bytes (expected: at most that; raise maxResponseBytes of"
                                            + " the client or the request, or ask for less)")
                            .withStatus(head.status()));
        }
        if (payload.form() == Payload.Form.EVENTS) {
            throw undecodable(call, head, body, "body that is no text/event-stream", Certainty.PROCESSED);
        }
        if (payload.form() == Payload.Form.BYTES) {
            return new Reply(head, ByteBufUtil.getBytes(body), bytes);
        }
        if (bytes == 0
                && (payload.isTree() || payload.mayBeEmpty())
                && "0".equals(head.headers().first("content-length"))) {
            // Declared empty, and no particular value was expected. Without the length it could be a compressed body
            // that was truncated: that
            // ends as an empty success too.
            return new Reply(head, null, 0);
        }
        if (bytes == 0) {
            throw undecodable(call, head, body, "body: empty (expected: " + payload + ")", Certainty.PROCESSED);
        }
        try {
            Object value = codec(limitOf(call)).read(payload, body, call::note);
            if (value == null) {
                throw undecodable(call, head, body, "body: null (expected: " + payload + ")", Certainty.PROCESSED);
            }
            return new Reply(head, value, bytes);
        } catch (MalformedBody e) {
            throw malformed(call, payload, head, body, e);
        }
    }

    private static boolean withoutContent(Attempt call, ResponseHead head) {
        return head.status() == 204
                || head.status() == 205
                || call.plan().method() == Method.HEAD; // RFC 9110 §9.3.2, §15.3.5, §15.3.6
    }

    private static boolean isOfType(ResponseHead head, String expected) {
        String type = head.headers().first("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith(expected);
    }

    boolean saysFailure(ByteBuf body) {
        return signs.mayStandIn(body) && codec.saysFailure(body, signs.all());
    }

    ApiException malformed(Attempt call, Payload<?> payload, ResponseHead head, ByteBuf body, MalformedBody e) {
        Headers headers = head.headers();
        Redaction redaction = call.redaction(secrets);
        if (e.cut() && !headers.contains("content-length") && !headers.contains("transfer-encoding")) {
            // RFC 9112 §6.3: such a body ends with the connection, so a lost connection looks like its end.
            return ApiException.of(
                    exceptions,
                    Failure.of(
                                    ErrorKind.CONNECTION_LOST,
                                    Certainty.PROCESSED,
                                    Retryability.TRANSIENT,
                                    "connection lost inside a body without length, " + redaction.line(e.describe()))
                            .withStatus(head.status())
                            .withBodyExcerpt(redaction.excerpt(body)));
        }
        String type = headers.first("content-type");
        boolean html = type != null && type.toLowerCase(Locale.ROOT).contains("html");
        return undecodable(
                call,
                head,
                body,
                "body" + (type == null ? "" : " of type " + redaction.line(type)) + ": " + redaction.line(e.describe())
                        + " of "
                        + payload + (html ? "; a page of something in between, not the API's answer" : ""),
                html ? Certainty.MAYBE_PROCESSED : Certainty.PROCESSED);
    }

    ApiException undecodable(Attempt call, ResponseHead head, ByteBuf body, String message, Certainty certainty) {
        return ApiException.of(
                exceptions,
                Failure.of(ErrorKind.UNDECODABLE, certainty, Retryability.PERMANENT, head.status() + " with " + message)
                        .withStatus(head.status())
                        .withBodyExcerpt(call.redaction(secrets).excerpt(body)));
    }

    Failure failure(Attempt call, ResponseHead head, ByteBuf body, boolean complete) {
        Redaction redaction = call.redaction(secrets);
        boolean coded = !head.success() && isCoded(call, head);
        JsonNode tree = body.isReadable() && complete && !coded ? codec.tree(body) : null;
        JsonNode envelope = tree == null ? MissingNode.getInstance() : tree;
        ErrorReading read = ErrorReading.of(shape, head, envelope);
        String code = read.code();
        String message = read.message();
        String requestId = read.requestId();
        List<FieldError> fields = read.fields();
        Duration asked = waitHint(call, head, envelope);
        ErrorRule rule = table.rule(
                new ErrorCase.Answer(head.status(), code, message, fields, head.headers()),
                asked != null,
                call.isQuotaUsedUp());
        boolean limited = head.status() == 429 || (rule.kind() == ErrorKind.RATE_LIMITED && call.isQuotaUsedUp());
        Duration known = asked == null && limited ? call.quotaResetsIn() : asked;
        Duration wait = known == null ? rule.repeats().leastWait() : known;
        return Failure.of(
                        rule.kind(),
                        rule.certainty() == null ? Certainty.MAYBE_PROCESSED : rule.certainty(),
                        ErrorReading.verdict(shape, head, envelope, rule.retryability()),
                        head.status() + " " + (code == null ? rule.kind() : redaction.line(code))
                                + (message != null
                                        ? ": " + redaction.line(message)
                                        : fields.isEmpty()
                                                ? body(tree, body, complete, coded ? codings(call, head) : null)
                                                : "")
                                + (rule.remedy() == null ? "" : " (" + rule.remedy() + ")"))
                .withStatus(head.status())
                .withCode(code == null ? null : redaction.line(code))
                .withServerMessage(message == null ? null : redaction.line(message))
                .withRequestId(requestId == null ? null : redaction.line(requestId))
                .withFieldErrors(
                        fields.stream().map(error -> shown(error, redaction)).toList())
                .withDetails(read.details())
                .withRetryAfter(wait)
                .withMaxAttempts(rule.maxAttempts())
                .withRemedy(rule.remedy())
                .withBodyExcerpt(body.isReadable() && !coded ? redaction.excerpt(body) : null);
    }

    /** Returns the vendor's exception for a failure. */
    ApiException exception(Failure failure) {
        return ApiException.of(exceptions, failure);
    }

    private static String body(@Nullable JsonNode tree, ByteBuf body, boolean complete, @Nullable String codings) {
        if (!body.isReadable()) {
            return " without a body";
        }
        if (codings != null) {
            return " with a body in the content coding " + codings + ", which is not decoded";
        }
        if (!complete) {
            return " with a body of which only " + body.readableBytes() + " bytes were read";
        }
        return tree == null ? " with a body that is not JSON" : " with a body of unknown shape";
    }

    /** Returns how long the server asks to wait: by its headers, else by its body. */
    private @Nullable Duration waitHint(Attempt call, ResponseHead head, JsonNode envelope) {
        RetryAfter places = shape.retryAfter();
        long nowMillis = call.scheduler().now(TimeUnit.MILLISECONDS);
        Duration wait = delay(call, places.of(head.headers(), nowMillis));
        for (int i = 0; wait == null && i < places.members().size(); i++) {
            RetryAfter.Place member = places.members().get(i);
            String text = Pointers.text(envelope, List.of(member.name()));
            if (text != null) {
                wait = delay(call, RetryAfter.ofMember(text, member, head.headers(), nowMillis));
            }
        }
        return wait;
    }

    private static @Nullable Duration delay(Attempt call, RetryAfter.@Nullable Hint hint) {
        String note = hint == null ? null : hint.note();
        if (note != null) {
            call.note(note);
        }
        return hint == null ? null : hint.delay();
    }

    /** Returns a line for {@code client.inspect().explain(request)}. */
    public String describe() {
        return "JSON, at most " + limit + " B decoded; errors by code ("
                + table.byCode().size() + " known), then by status";
    }

    /**
     * Returns a field error whose text is safe to show. Its other members stay as the server sent them, and are never
     * printed.
     */
    private static FieldError shown(FieldError error, Redaction redaction) {
        return new FieldError(
                error.field() == null ? null : redaction.line(error.field()),
                error.code() == null ? null : redaction.line(error.code()),
                error.message() == null ? null : redaction.line(error.message()),
                error.more());
    }
}
