package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.test.simulator.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Unexpected answers of a server: each ends as one typed error, at once, and leaves no buffer or connection behind. */
class BadAnswersTest extends ClientOverSockets {

    record Account(String id, long balance) {}

    @Test
    void rejectsHtmlPageAsUndecodableWithoutResending() {
        simulator.faults().next(Fault.htmlPage(200));

        ApiException failure = failureOf(client().value(ApiRequest.get("usage").as(Account.class)));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failure.status()).isEqualTo(200);
        assertThat(failure).hasMessageContaining("text/html").hasMessageContaining(Account.class.getName());
        assertThat(failure.bodyExcerpt()).containsIgnoringCase("<html");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void keepsExcerptOfMalformedBodyWithoutResending() {
        simulator.faults().next(Fault.status(200, Map.of(), "application/json", "{\"id\":\"a\",\"balance\":}"));

        ApiException failure = failureOf(client().value(ApiRequest.get("usage").as(Account.class)));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(failure).hasMessageContaining("byte 2");
        assertThat(failure.bodyExcerpt()).contains("\"balance\":}");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void namesPlaceOfMistypedValueWithoutQuotingIt() {
        simulator
                .faults()
                .next(Fault.status(200, Map.of(), "application/json", "{\"id\":\"a\",\"balance\":\"s3cr3t-value\"}"));

        ApiException failure = failureOf(client().value(ApiRequest.get("usage").as(Account.class)));

        assertThat(failure).hasMessageContaining("$.balance").hasMessageContaining("long");
        assertThat(failure.getMessage()).doesNotContain("s3cr3t");
        assertThat(failure.getCause()).isNull();
    }

    @Test
    void ignoresUnknownMembersInTypesAndKeepsThemInTrees() {
        String body = "{\"id\":\"a\",\"balance\":3,\"colour\":\"blue\"}";
        simulator.faults().next(json(200, body), json(200, body));

        assertThat(client().value(ApiRequest.get("usage").as(Account.class)).block(PATIENCE))
                .isEqualTo(new Account("a", 3));
        assertThat(client().value(ApiRequest.get("usage"))
                        .block(PATIENCE)
                        .path("colour")
                        .asString())
                .isEqualTo("blue");
    }

    @Test
    void rejectsEmptySuccessWhenTypedValueIsExpected() {
        simulator.faults().next(json(200, ""));

        ApiException failure = failureOf(client().value(ApiRequest.get("usage").as(Account.class)));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("empty");
    }

    @Test
    void acceptsEmptySuccessWithoutPayloadOrWithStatus204() {
        simulator.faults().next(json(200, ""), Fault.status(204, Map.of(), "application/json", ""));

        assertThat(client().execute(ApiRequest.get("usage").as(Payload.none()))
                        .block(PATIENCE)
                        .status())
                .isEqualTo(200);
        ApiResponse<Account> noContent =
                client().execute(ApiRequest.get("usage").as(Account.class)).block(PATIENCE);
        assertThat(noContent.status()).isEqualTo(204);
        assertThat(noContent.value()).isNull();
    }

    @Test
    void acceptsEmptySuccessWhenTreeIsExpected() {
        simulator.faults().next(json(202, ""));

        ApiResponse<JsonNode> accepted =
                client().execute(ApiRequest.get("usage")).block(PATIENCE);

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.value()).isNull();
    }

    @Test
    void keepsEveryDigitInTree() {
        simulator.faults().next(json(200, "{\"n\":12345678901234567890.1250}"));

        assertThat(client().value(ApiRequest.get("usage")).block(PATIENCE))
                .hasToString("{\"n\":12345678901234567890.1250}");
    }

    @Test
    void sendsOnlyTheContentTypeOfTheCaller() {
        simulator.faults().next(json(200, "{}"));

        client().value(ApiRequest.post("usage")
                        .header("Content-Type", "application/vnd.api+json")
                        .body(Map.of()))
                .block(PATIENCE);

        assertThat(simulator.requests().all().get(0).headers().get("content-type"))
                .containsExactly("application/vnd.api+json");
    }

    @Test
    void decodesJsonDespiteWrongContentType() {
        simulator.faults().next(Fault.contentType("text/plain"));

        assertThat(client().value(ApiRequest.get("usage")).block(PATIENCE).isObject())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "oops", "<html>", "[]", "null", "\"text\"", "{\"error\":", "{\"error\":{\"code\":{}}}"})
    void classifiesErrorByStatusWhateverItsBody(String body) {
        simulator.faults().next(Fault.status(404, Map.of(), "application/json", body));

        ApiException failure = failureOf(client().value(ApiRequest.get("usage")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(failure.status()).isEqualTo(404);
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(failure.requestId()).isNull();
    }

    @Test
    void readsOnlyTheBeginningOfLargeErrorBody() {
        simulator.faults().next(Fault.largeBody(404, 50L << 20));

        ApiException failure = failureOf(client().value(ApiRequest.get("usage")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(failure).hasMessageContaining("of which only 65536 bytes were read");
        assertThat(failure.bodyExcerpt()).hasSizeLessThan(2200);
    }

    @Test
    void rejectsBodyOverTheLimitWithoutResending() {
        simulator.faults().next(Fault.largeBody(200, 3L << 20));

        ApiException failure =
                failureOf(client(b -> b.maxResponseBytes(1 << 20)).value(ApiRequest.get("usage")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
        assertThat(failure.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(failure).hasMessageContaining("1048576").hasMessageContaining("maxResponseBytes");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void appliesBodyLimitToDecodedBytes() {
        simulator.faults().next(Fault.gzipBomb(200L << 20));

        ApiException failure =
                failureOf(client(b -> b.maxResponseBytes(1 << 20)).value(ApiRequest.get("usage")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
    }

    @Test
    void decodesCompressedBody() {
        simulator.faults().next(Fault.gzip());

        assertThat(client().value(ApiRequest.get("usage")).block(PATIENCE).isObject())
                .isTrue();
        assertThat(simulator.requests().all().get(0).header("accept-encoding")).contains("gzip");
    }

    @Test
    void requestsRawBytesUncompressed() {
        assertThat(client().value(ApiRequest.get("usage").as(Payload.bytes())).block(PATIENCE))
                .isNotEmpty();
        assertThat(simulator.requests().all().get(0).header("accept-encoding")).isEqualTo("identity");
    }

    private static Fault json(int status, String body) {
        return Fault.status(status, Map.of(), "application/json", body);
    }
}
