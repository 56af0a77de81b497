package io.penstock.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.penstock.body.Bodies;
import io.penstock.body.JsonCodec;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Reply;
import io.penstock.ratelimit.TimeNotation;
import io.penstock.request.RetryClass;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.core.type.TypeReference;

class EnvelopeDecodingTest {

    record Scan(String id, int findings) {}

    static final class VendorException extends ApiException {
        private static final long serialVersionUID = 1L;

        VendorException(Failure failure) {
            super(failure);
        }
    }

    private static final String SECRET = "pk_live_0123456789abcdef";
    private static final int LIMIT = 100_000;
    private static final Payload<Scan> SCAN = Payload.json(Scan.class);
    private static final String[] FRAMED = {"content-length", "1", "content-type", "application/json"};

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EnvelopeDecoding decoding = new EnvelopeDecoding(
            new JsonCodec(LIMIT),
            new ErrorModel(
                    ErrorShape.nestedError().withRetryAfter("/error/retry_after"),
                    new ErrorTable(
                            Map.of("out_of_tokens", ErrorRule.afterAction(ErrorKind.PAYMENT_REQUIRED, "top up"))),
                    VendorException::new),
            LIMIT,
            Secret.of(SECRET));
    private Attempt call = Call.start(Plans.get(SCAN), time).attempt(1);

    private Reply decode(int status, String body, boolean complete, Bodies kind, String... headers) {
        ByteBuf buffer = kind.of(body);
        int readable = buffer.readableBytes();
        try {
            return decoding.onBody(call, new ResponseHead(status, Headers.of(headers)), buffer, complete);
        } finally {
            assertThat(buffer.refCnt()).as("refCnt").isEqualTo(1);
            assertThat(buffer.readableBytes()).as("readable").isEqualTo(readable);
            buffer.release();
        }
    }

    private Reply decode(int status, String body) {
        return decode(status, body, true, Bodies.HEAP, FRAMED);
    }

    private ApiException failed(int status, String body, boolean complete, Bodies kind, String... headers) {
        ApiException e =
                catchThrowableOfType(VendorException.class, () -> decode(status, body, complete, kind, headers));
        assertThat(e).as("%d %s", status, body).isNotNull();
        assertThat(e.status()).isEqualTo(status);
        return e;
    }

    private ApiException failed(int status, String body) {
        return failed(status, body, true, Bodies.HEAP, FRAMED);
    }

    private static void isOf(ApiException e, ErrorKind kind, Certainty certainty, Retryability retryability) {
        assertThatObject(e.kind()).isEqualTo(kind);
        assertThat(e.certainty()).isEqualTo(certainty);
        assertThat(e.retryability()).isEqualTo(retryability);
    }

    @ParameterizedTest
    @EnumSource(Bodies.class)
    void decodesSuccessIntoValue(Bodies kind) {
        assertThat(decode(200, "{\"id\":\"s\",\"findings\":1}", true, kind).value())
                .isEqualTo(new Scan("s", 1));

        call = Call.start(Plans.get(Payload.bytes()), time).attempt(1);
        assertThat((byte[]) decode(200, "ü{", true, kind).value()).isEqualTo("ü{".getBytes(StandardCharsets.UTF_8));

        call = Call.start(Plans.get(Payload.page(Scan.class, List.of("items"), List.of())), time)
                .attempt(1);
        assertThat(decode(200, "[]", true, kind)).extracting(Reply::value).isEqualTo(new Page<>(List.of(), null));
    }

    @Test
    void failsOnErrorEnvelopeInPlaceOfFileOnlyIfJson() {
        call = Call.start(Plans.get(Payload.bytes()), time).attempt(1);
        String envelope = "{\"error\":{\"code\":\"out_of_tokens\"}}";

        isOf(
                failed(200, envelope, true, Bodies.HEAP, "content-type", "Application/JSON; charset=utf-8"),
                ErrorKind.PAYMENT_REQUIRED,
                Certainty.REJECTED,
                Retryability.AFTER_ACTION);
        assertThat(decode(200, envelope, true, Bodies.HEAP, "content-type", "text/csv")
                        .value())
                .isInstanceOf(byte[].class);
        assertThat(decode(200, "{\"error\":null}").value()).isInstanceOf(byte[].class);
    }

    @Test
    void decodesEmptyObject() {
        call = Call.start(Plans.get(Payload.tree()), time).attempt(1);

        assertThat(decode(200, "{}").value()).hasToString("{}");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205})
    void givesNoValueForStatusWithoutContent(int status) {
        assertThat(decode(status, "").value()).isNull();
    }

    @Test
    void givesNoValueForHeadRequest() {
        call = Call.start(Plans.of(Method.HEAD, RetryClass.IDEMPOTENT), time).attempt(1);

        assertThat(decode(200, "").value()).isNull();
    }

    @Test
    void ignoresBodyWhenNoneIsExpected() {
        call = Call.start(Plans.get(Payload.none()), time).attempt(1);

        Reply reply = decode(200, "<html>", false, Bodies.DIRECT);
        assertThat(reply.value()).isNull();
        assertThat(reply.bodyBytes()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''    | 200 with body: empty (expected: io.penstock.envelope.EnvelopeDecodingTest$Scan)
            null  | 200 with body: null (expected: io.penstock.envelope.EnvelopeDecodingTest$Scan)
            """)
    void refusesMissingBodyAsUndecodable(String body, String message) {
        ApiException e = failed(200, body);

        assertThat(e).hasMessage(message);
        isOf(e, ErrorKind.UNDECODABLE, Certainty.PROCESSED, Retryability.PERMANENT);
    }

    @Test
    void reportsPlaceOfMalformedJsonWithoutValues() {
        ApiException e = failed(200, "{\"id\":\"s\",\"findings\":\"tell-nobody\"}");

        assertThat(e)
                .hasMessage(
                        "200 with body of type application/json: unreadable at $.findings (byte 21), expected: int of"
                                + " io.penstock.envelope.EnvelopeDecodingTest$Scan")
                .hasNoCause();
        assertThat(e.bodyExcerpt()).contains("tell-nobody");
        isOf(e, ErrorKind.UNDECODABLE, Certainty.PROCESSED, Retryability.PERMANENT);
    }

    @Test
    void suspectsIntermediaryBehindHtmlPage() {
        ApiException e = failed(200, "<html>login</html>", true, Bodies.COMPOSITE, "content-type", "Text/HTML");

        assertThat(e).hasMessageContaining("a page of something in between");
        isOf(e, ErrorKind.UNDECODABLE, Certainty.MAYBE_PROCESSED, Retryability.PERMANENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":\"s\",\"fin", "{\"id\":\"s\",", "{\"id\":\"s\",\"findings\":", "{"})
    void treatsTruncatedBodyWithoutLengthAsLostConnection(String cut) {
        ApiException e = failed(200, cut, true, Bodies.HEAP, "content-type", "application/json");

        assertThat(e).hasMessageStartingWith("connection lost inside a body without length");
        assertThat(e.bodyExcerpt()).isEqualTo(cut);
        isOf(e, ErrorKind.CONNECTION_LOST, Certainty.PROCESSED, Retryability.TRANSIENT);
    }

    @ParameterizedTest
    @CsvSource({"content-length, 12", "Transfer-Encoding, chunked"})
    void treatsTruncatedBodyWithLengthAsUndecodable(String name, String value) {
        isOf(
                failed(200, "{\"id\":\"s\",\"fin", true, Bodies.HEAP, name, value),
                ErrorKind.UNDECODABLE,
                Certainty.PROCESSED,
                Retryability.PERMANENT);
    }

    @Test
    void refusesBodyOverLimitAsProcessed() {
        ApiException e = failed(201, "{\"id\":\"s\"", false, Bodies.DIRECT, FRAMED);

        assertThat(e).hasMessageContaining("more than " + LIMIT + " decoded bytes");
        isOf(e, ErrorKind.RESPONSE_TOO_LARGE, Certainty.PROCESSED, Retryability.PERMANENT);
    }

    @Test
    void readsLessOfErrorBodies() {
        assertThat(decoding.limit(call, new ResponseHead(200, Headers.none()))).isEqualTo(LIMIT);
        assertThat(decoding.limit(call, new ResponseHead(500, Headers.none()))).isEqualTo(64 * 1024);
        assertThat(decoding.limit(call, new ResponseHead(302, Headers.none()))).isEqualTo(64 * 1024);
    }

    @ParameterizedTest
    @EnumSource(Bodies.class)
    void readsEveryFieldOfErrorEnvelope(Bodies kind) {
        ApiException e = failed(
                402,
                "{\"error\":{\"code\":\"out_of_tokens\",\"message\":\"no\\ntokens\",\"request_id\":\"req_1\","
                        + "\"details\":{\"needed\":3}}}",
                true,
                kind,
                FRAMED);

        assertThat(e).hasMessage("402 out_of_tokens: no tokens (top up) (request req_1)");
        assertThat(e.failure().message()).isEqualTo("402 out_of_tokens: no tokens (top up)");
        isOf(e, ErrorKind.PAYMENT_REQUIRED, Certainty.REJECTED, Retryability.AFTER_ACTION);
        assertThat(e.code()).isEqualTo("out_of_tokens");
        assertThat(e.serverMessage()).isEqualTo("no tokens");
        assertThat(e.requestId()).isEqualTo("req_1");
        assertThat(e.details().at("/needed").asInt()).isEqualTo(3);
        assertThat(e.remedy()).isEqualTo("top up");
    }

    @Test
    void listsFieldErrorsInMessageWithoutSecret() {
        EnvelopeDecoding complaining = new EnvelopeDecoding(
                new JsonCodec(LIMIT),
                new ErrorModel(
                        ErrorShape.messageOnly().withFields(FieldShape.at("/errors", "field", "code", "message")),
                        ErrorTable.byStatusOnly(),
                        VendorException::new),
                LIMIT,
                Secret.of(SECRET));
        ByteBuf body = Bodies.HEAP.of("{\"errors\":[{\"field\":\"url\",\"code\":\"REQUIRED\"},"
                + "{\"field\":\"name\",\"message\":\"no\\n" + SECRET + "\"}]}");

        ApiException e = catchThrowableOfType(
                VendorException.class,
                () -> complaining.onBody(call, new ResponseHead(400, Headers.of(FRAMED)), body, true));

        body.release();
        assertThat(e).hasMessage("400 VALIDATION [url REQUIRED; name: no ****]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                              | 500 SERVER_ERROR without a body
            <html>oops</html>               | 500 SERVER_ERROR with a body that is not JSON
            {"error":                       | 500 SERVER_ERROR with a body that is not JSON
            {"message":"elsewhere"}         | 500 SERVER_ERROR with a body of unknown shape
            null                            | 500 SERVER_ERROR with a body of unknown shape
            [1]                             | 500 SERVER_ERROR with a body of unknown shape
            7                               | 500 SERVER_ERROR with a body of unknown shape
            {"error":"text"}                | 500 SERVER_ERROR with a body of unknown shape
            {"error":{"code":{"a":1}}}      | 500 SERVER_ERROR with a body of unknown shape
            {"error":{"code":null}}         | 500 SERVER_ERROR with a body of unknown shape
            {"error":{"code":7}}            | 500 7 with a body of unknown shape
            {"error":{"message":"oops"}}    | 500 SERVER_ERROR: oops
            """)
    void keepsStatusWhateverErrorBodyHolds(String body, String message) {
        for (Bodies kind : Bodies.values()) {
            ApiException e = failed(500, body, true, kind);

            assertThat(e).hasMessage(message);
            isOf(e, ErrorKind.SERVER_ERROR, Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT);
            assertThat(e.bodyExcerpt()).isEqualTo(body.isEmpty() ? null : body);
        }
    }

    @Test
    void keepsStatusWhenErrorBodyIsTruncated() {
        ApiException e = failed(404, "{\"error\":{\"code\":\"x\"}}", false, Bodies.HEAP);

        assertThat(e).hasMessage("404 NOT_FOUND with a body of which only 22 bytes were read");
        isOf(e, ErrorKind.NOT_FOUND, Certainty.REJECTED, Retryability.PERMANENT);
    }

    @Test
    void failsOnErrorEnvelopeInSuccess() {
        ApiException e = failed(200, "{\"error\":{\"code\":\"out_of_tokens\"}}");

        assertThat(e).hasMessage("200 out_of_tokens with a body of unknown shape (top up)");
        isOf(e, ErrorKind.PAYMENT_REQUIRED, Certainty.REJECTED, Retryability.AFTER_ACTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFF{\"error\":{\"code\":\"out_of_tokens\"}}",
                "{\"\\u0065rror\":{\"code\":\"out_of_tokens\"}}",
                "{\"request_id\":\"r\",\"error\":{\"code\":\"out_of_tokens\"}}",
                "\uFEFF {\"id\":\"s\",\"findings\":1,\"e\\u0072ror\":{\"code\":\"out_of_tokens\"}}"
            })
    void recognisesErrorMemberForEveryPayload(String body) {
        for (Payload<?> payload : List.of(
                SCAN,
                Payload.tree(),
                Payload.none(),
                Payload.bytes(),
                SCAN.inside("data"),
                SCAN.orWrappedIn("scan"),
                Payload.page(Scan.class, List.of("items"), List.of()).orSingle())) {
            for (Bodies kind : Bodies.values()) {
                call = Call.start(Plans.get(payload), time).attempt(1);
                isOf(
                        failed(200, body, true, kind, FRAMED),
                        ErrorKind.PAYMENT_REQUIRED,
                        Certainty.REJECTED,
                        Retryability.AFTER_ACTION);
            }
        }
    }

    @Test
    void readsRequestIdFromHeader() {
        assertThat(failed(500, "", true, Bodies.HEAP, "X-Request-Id", "req_9\t1")
                        .requestId())
                .isEqualTo("req_9 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":\"$\",\"message\":\"key $ is bad\",\"request_id\":\"$\"}}",
                "<html>$</html>",
                "$",
                "{\"error\":{\"message\":\"$$\"}}"
            })
    void masksSecretEchoedByServer(String template) {
        String body = template.replace("$", SECRET);
        for (int status : new int[] {200, 302, 401, 500}) {
            ApiException e =
                    failed(status, body, true, Bodies.COMPOSITE, "content-type", "a/" + SECRET, "x-request-id", SECRET);

            assertThat(String.join(
                            " ",
                            e.toString(),
                            e.failure().toString(),
                            e.code(),
                            e.serverMessage(),
                            e.requestId(),
                            e.bodyExcerpt()))
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void sanitisesMemberNamesInMessages() {
        call = Call.start(Plans.get(Payload.json(new TypeReference<Map<String, Scan>>() {})), time)
                .attempt(1);

        ApiException own = failed(200, "{\"" + SECRET + "\":{\"id\":[]}}");
        assertThat(own).hasMessageNotContaining(SECRET).hasMessageContaining("$.****.id");
        ApiException forged = failed(200, "{\"a\\r\\nb\":{\"id\":[]}}");
        assertThat(forged).hasMessageMatching("[^\\p{Cntrl}]*");
        ApiException huge = failed(200, "{\"" + "x".repeat(20_000) + "\":{\"id\":[]}}");
        assertThat(huge.getMessage()).hasSizeLessThan(1_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -    | -      | -        | MAYBE_PROCESSED
            5    | -      | PT5S     | REJECTED
            soon | -      | -        | MAYBE_PROCESSED
            -    | 2.5    | PT2.5S   | REJECTED
            5    | 2.5    | PT5S     | REJECTED
            soon | 2.5    | PT2.5S   | REJECTED
            -    | 0      | PT0S     | REJECTED
            -    | -1     | -        | MAYBE_PROCESSED
            -    | 1e30   | PT8784H  | REJECTED
            -    | 31622401 | PT8784H | REJECTED
            -    | "9999-12-31T23:59:59Z" | PT8784H | REJECTED
            3.5  | -      | PT3.5S   | REJECTED
            -    | "3.5s" | PT3.5S   | REJECTED
            -    | "1m30s" | PT1M30S | REJECTED
            -    | "120ms" | PT0.12S | REJECTED
            -    | 1e2    | PT1M40S  | REJECTED
            -    | 12345678.5 | PT3429H21M18.5S | REJECTED
            -    | true   | -        | MAYBE_PROCESSED
            -    | "30"   | PT30S    | REJECTED
            -    | "1970-01-01T00:01:00+00:00" | PT1M | REJECTED
            -    | "1960-01-01T00:00:00Z" | -     | MAYBE_PROCESSED
            """)
    void takesWaitHintFromHeaderThenBody(
            @Nullable String header, @Nullable String body, @Nullable Duration wait, Certainty certainty) {
        ApiException e = failed(
                503,
                "{\"error\":{\"retry_after\":" + (body == null ? "null" : body) + "}}",
                true,
                Bodies.HEAP,
                header == null ? new String[0] : new String[] {"retry-after", header});

        assertThat(e.retryAfter()).isEqualTo(wait);
        assertThat(e.certainty()).isEqualTo(certainty);
        assertThat(call.notes())
                .hasSize(("soon".equals(header) ? 1 : 0)
                        + (body != null && (wait == null || wait.equals(TimeNotation.LONGEST)) ? 1 : 0))
                .allMatch(note -> note.contains("ignored") || note.contains("366 days"));
    }

    @Test
    void failsOnRedirectUnlessAllowed() {
        isOf(
                failed(302, "", true, Bodies.HEAP, "location", "https://x.example/?sig=1"),
                ErrorKind.UNEXPECTED_STATUS,
                Certainty.MAYBE_PROCESSED,
                Retryability.PERMANENT);

        call = Call.start(Plans.following("https://api.example.com/report", 1), time)
                .attempt(1);
        assertThat(decode(302, "moved", true, Bodies.DIRECT).value()).isNull();
    }

    @Test
    void describesItself() {
        assertThat(decoding.describe())
                .isEqualTo("JSON, at most 100000 B decoded; errors by code (1 known), then by status");
    }
}
