package io.penstock.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.body.JsonCodec;
import io.penstock.body.Payload;
import io.penstock.body.ServerSentEvent;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** Readers of streamed bodies: the same elements however a body is cut, and an error for a truncated one. */
class StreamReadersTest {

    record Item(int id, @Nullable String name) {}

    record Open(int id, @Nullable Long size, @JsonAnySetter Map<String, JsonNode> more) {}

    private static final int LIMIT = 4_000;
    private static final String[] FRAMED = {"content-length", "1", "content-type", "application/json"};

    private final EnvelopeDecoding decoding = new EnvelopeDecoding(
            new JsonCodec(LIMIT),
            new ErrorModel(ErrorShape.nestedError(), new ErrorTable(Map.of()), ApiException::new),
            LIMIT,
            null);

    private final List<Object> read = new ArrayList<>();

    private BodyReader reader(Payload<?> payload, String... headers) {
        Attempt call =
                Call.start(Plans.get(payload), VirtualTimeScheduler.create()).attempt(1);
        call.answered(200);
        BodyReader reader = decoding.reader(call, new ResponseHead(200, Headers.of(headers)));
        assertThat(reader).isNotNull();
        return reader;
    }

    private void feed(BodyReader reader, byte[] body, int step) {
        feed(reader, body, () -> step);
    }

    private void feed(BodyReader reader, byte[] body, java.util.function.IntSupplier steps) {
        read.clear();
        int at = 0;
        while (at < body.length) {
            int length = Math.min(steps.getAsInt(), body.length - at);
            ByteBuf part = Unpooled.copiedBuffer(body, at, length);
            reader.read(part, read::add);
            assertThat(part.refCnt()).isEqualTo(1);
            part.release();
            at += length;
        }
        reader.end(read::add);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ApiException failure(Payload<?> payload, String body, int step) {
        return catchThrowableOfType(
                ApiException.class,
                () -> feed(
                        reader(payload, payload.form() == Payload.Form.EVENTS ? EVENT_STREAM : FRAMED),
                        bytes(body),
                        step));
    }

    /** Any JSON: nested, escaped, with spaces, numbers of every form and characters of one to four bytes. */
    private static String value(Random random, int depth) {
        String space = " \t\r\n".substring(0, random.nextInt(5)).repeat(random.nextInt(2));
        return space
                + switch (random.nextInt(depth > 3 ? 5 : 8)) {
                    case 0 -> "" + random.nextInt();
                    case 1 -> "-0.125e" + random.nextInt(20);
                    case 2 -> "true";
                    case 3 -> "\"é\\\"]}\\\\ \\u20ac 🙂 " + "x".repeat(random.nextInt(40)) + "\"";
                    case 4 -> depth == 0 ? "7" : "null";
                    case 5 -> "[" + list(random, depth, false) + "]";
                    default -> "{" + list(random, depth, true) + "}";
                }
                + space;
    }

    private static String list(Random random, int depth, boolean named) {
        StringBuilder text = new StringBuilder();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : ",");
            text.append(named ? "\"m" + i + "\" :" : "").append(value(random, depth + 1));
        }
        return text.toString();
    }

    private static String array(Random random) {
        StringBuilder text = new StringBuilder("[");
        int size = random.nextInt(12);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : ",").append(value(random, 0));
        }
        return text.append(']').toString();
    }

    @Test
    void readsSameElementsHoweverBodyIsCut() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            String array = array(random);
            boolean enveloped = random.nextBoolean();
            String document = enveloped
                    ? "{\"items\":3,\"x\":" + value(random, 0) + ", \"data\" : {\"other\":[1,[2]],\"items\" :" + array
                            + ",\"z\":" + value(random, 0) + "}, \"data2\":[{}] } "
                    : " " + array + "\n";
            Payload<JsonNode> payload = Payload.elementsAt(enveloped ? "/data/items" : "", JsonNode.class);
            JsonNode expected = new JsonCodec(LIMIT).tree(Unpooled.copiedBuffer(bytes(array)));
            assertThatCode(() -> feed(
                            reader(payload, FRAMED),
                            bytes(document),
                            () -> 1 + random.nextInt(1 + random.nextInt(200))))
                    .as("seed %d: %s", seed, document)
                    .doesNotThrowAnyException();
            assertThat(read.toString())
                    .as("seed %d: %s", seed, document)
                    .isEqualTo(new ArrayList<>(expected.valueStream().toList()).toString());
        }
    }

    @Test
    void failsOnArrayTruncatedAtAnyByte() {
        String whole = "{\"n\":1,\"items\":[{\"id\":1,\"name\":\"a\"},{\"id\":22,\"name\":null}],\"more\":true}";
        for (int cut = 0; cut < whole.length(); cut++) {
            ApiException failure = failure(Payload.elementsAt("/items", Item.class), whole.substring(0, cut), 7);
            assertThat(failure).as("cut at %d", cut).isNotNull();
            assertThatObject(failure.kind()).as("cut at %d", cut).isEqualTo(ErrorKind.UNDECODABLE);
            assertThat(read).hasSize(cut < 35 ? 0 : cut < 57 ? 1 : 2);
        }
    }

    @Test
    void reportsLostConnectionForTruncatedBodyWithoutLength() {
        BodyReader reader = reader(Payload.elements(Item.class), "content-type", "application/json");
        ApiException failure = catchThrowableOfType(ApiException.class, () -> feed(reader, bytes("[{\"id\":1},"), 100));
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.retryability()).isEqualTo(Retryability.TRANSIENT);
        assertThat(read).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void reportsOffsetAndPathButNoValue(int step) {
        String body = "{\"items\":[{\"id\":1},{\"id\":2,\"name\":\"s3cret\"}, {\"id\":\"s3cret\"}]}";
        ApiException failure = failure(Payload.elementsAt("/items", Item.class), body, step);
        assertThat(failure)
                .hasMessageContaining("unreadable at $.items[2].id (byte 5")
                .hasMessageContaining("expected: int of array of")
                .hasMessageNotContaining("s3cret");
        assertThat(failure.bodyExcerpt()).isNull();
        assertThat(read).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void reportsPlaceOfMalformedElement(int step) {
        ApiException failure = failure(Payload.elements(Item.class), "[{\"id\":1},{\"id\":s3cret}]", step);
        assertThat(failure)
                .hasMessageContaining("unreadable at $[1].id (byte 1")
                .hasMessageNotContaining("s3cret");
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"id\":1}] x", "[{\"id\":1}][]", "[{\"id\":1}]]", "[{\"id\":1}] 7"})
    void failsOnContentBehindDocument(String body) {
        for (int step : new int[] {1, 1000}) {
            assertThat(failure(Payload.elements(Item.class), body, step))
                    .as(body)
                    .isNotNull();
            assertThat(read).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'[{\"id\":1},null]'|null at $[1]",
                "'{\"id\":1}'|no array at $",
                "'7'|no array at $",
                "'\"text\"'|no array at $"
            })
    void failsOnAnythingButArrayOfElements(String body, String message) {
        assertThat(failure(Payload.elements(Item.class), body, 1)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"items\":{}}", "{\"items\":null}", "{}", "{\"data\":{\"items\":[]}}", "[]"})
    void failsOnEnvelopeWithoutArray(String body) {
        assertThat(failure(Payload.elementsAt("/items", Item.class), body, 2)).hasMessageContaining("$");
    }

    @Test
    void failsOnErrorEnvelopeInSuccess() {
        String body = "{\"error\":{\"code\":\"scan_gone\",\"message\":\"no such scan\"},\"items\":[]}";
        assertThat(failure(Payload.elementsAt("/items", Item.class), body, 4).code())
                .isEqualTo("scan_gone");
        assertThat(failure(Payload.elements(Item.class), body, 4).code()).isEqualTo("scan_gone");
        assertThat(failure(Payload.lines(Item.class), body, 4).code()).isEqualTo("scan_gone");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 1000})
    void readsElementsBehindByteOrderMark(int step) {
        feed(
                reader(Payload.elements(Item.class), FRAMED),
                bytes("\uFEFF[{\"id\":1,\"name\":\"a\"} ,{\"id\":22}]"),
                step);
        assertThat(read).containsExactly(new Item(1, "a"), new Item(22, null));

        feed(
                reader(Payload.elementsAt("/items", JsonNode.class), FRAMED),
                bytes("\uFEFF{\"items\":[{\"id\":1},[2],\"three\",4]}"),
                step);
        assertThat(read).hasToString("[{\"id\":1}, [2], \"three\", 4]");

        feed(reader(Payload.lines(Item.class), FRAMED), bytes("\uFEFF{\"id\":1}\n{\"id\":2}"), step);
        assertThat(read).containsExactly(new Item(1, null), new Item(2, null));

        feed(reader(Payload.lines(Item.class), FRAMED), bytes("\uFEFF\n{\"id\":2}"), step);
        assertThat(read).containsExactly(new Item(2, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void countsByteOrderMarkInOffsets(int step) {
        String array = "[{\"id\":1},{\"id\":2}x]";
        String lines = "{\"id\":1}\n{\"id\":\"s3cret\"}\n";
        assertThat(failure(Payload.elements(Item.class), array, step)).hasMessageContaining("(byte 18)");
        assertThat(failure(Payload.elements(Item.class), "\uFEFF" + array, step))
                .hasMessageContaining("(byte 21)");
        assertThat(failure(Payload.elements(Item.class), "\uFEFF[{\"id\":1},null]", step))
                .hasMessageContaining("(byte 13)");
        String offset =
                failure(Payload.lines(Item.class), lines, step).getMessage().replaceAll("(?s).*byte (\\d+).*", "$1");
        assertThat(failure(Payload.lines(Item.class), "\uFEFF" + lines, step))
                .hasMessageContaining("(byte " + (Integer.parseInt(offset) + 3) + ")");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void refusesPartialByteOrderMark(int step) {
        byte[] body = bytes("\uFEFF[]");
        body[2] = '[';
        assertThat(catchThrowableOfType(
                        ApiException.class, () -> feed(reader(Payload.elements(Item.class), FRAMED), body, step)))
                .hasMessageContaining("unreadable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"error\":{\"code\":\"scan_gone\"},\"items\":[{\"id\":1}]}",
                "\uFEFF{\"error\":{\"code\":\"scan_gone\"}}",
                "{\"\\u0065rror\":{\"code\":\"scan_gone\"},\"items\":[]}",
                "{\"items\":[],\"error\":{\"code\":\"scan_gone\"}}"
            })
    void failsWithErrorEnvelopeHoweverItIsWritten(String body) {
        for (int step : new int[] {1, 3, 1000}) {
            assertThat(failure(Payload.elementsAt("/items", Item.class), body, step)
                            .code())
                    .isEqualTo("scan_gone");
            assertThat(read).isEmpty();
            assertThat(failure(Payload.lines(Item.class), body, step).code()).isEqualTo("scan_gone");
            assertThat(failure(Payload.parts(), body, step).code()).isEqualTo("scan_gone");
            assertThat(read).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1000})
    void failsWithErrorBehindElements(int step) {
        String body = "{\"data\":{\"it\\\"ems\":[{\"id\":1},{\"id\":2}],\"n\":\"]}\"},\"z\":[],"
                + "\"error\":{\"code\":\"scan_gone\",\"message\":\"half of it\"}}";

        ApiException failure = failure(Payload.elementsAt("/data/it\"ems", Item.class), body, step);

        assertThat(failure.code()).isEqualTo("scan_gone");
        assertThat(failure.serverMessage()).isEqualTo("half of it");
        assertThat(read).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"error\":null}",
                "{\"a\":{\"error\":1}}{\"error\":1}",
                "[{\"error\":1}]",
                "7",
                "no JSON",
                "{\"cut",
                "{\"id\":1}\n{\"id\":2}\n"
            })
    void handsOutPartsThatAreNoErrorEnvelope(String body) {
        for (int step : new int[] {1, 3, 1000}) {
            feed(reader(Payload.parts(), FRAMED), bytes(body), step);
            StringBuilder text = new StringBuilder();
            read.forEach(part -> text.append(StandardCharsets.UTF_8.decode((java.nio.ByteBuffer) part)));
            assertThat(text.toString()).isEqualTo(body);
        }
    }

    @Test
    void handsOutJsonPartsOnceErrorEnvelopeIsRuledOut() {
        BodyReader reader = reader(Payload.parts(), FRAMED);
        reader.read(Unpooled.copiedBuffer(bytes("{\"id\":")), read::add);
        assertThat(read).isEmpty();
        reader.read(Unpooled.copiedBuffer(bytes("1}\n{\"id\"")), read::add);
        assertThat(read).hasSize(2);
        reader.read(Unpooled.copiedBuffer(bytes(":2}")), read::add);
        assertThat(read).hasSize(3);

        read.clear();
        BodyReader large = reader(Payload.parts(), FRAMED);
        large.read(Unpooled.copiedBuffer(bytes("{\"a\":[" + "1,".repeat(20_000))), read::add);
        assertThat(read).isEmpty();
        large.read(Unpooled.copiedBuffer(bytes("1,".repeat(20_000))), read::add);
        assertThat(read).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void keepsOddMembersOfElements(int step) {
        for (String separator : List.of(",", "\n")) {
            String body = "{\"id\":1,\"size\":\"large\"}" + separator + "{\"id\":2,\"size\":3.0}" + separator
                    + "{\"id\":3,\"size\":[]}";
            Payload<Open> payload = separator.equals(",") ? Payload.elements(Open.class) : Payload.lines(Open.class);
            Attempt call = Call.start(Plans.get(payload), VirtualTimeScheduler.create())
                    .attempt(1);
            call.answered(200);
            BodyReader reader = decoding.reader(call, new ResponseHead(200, Headers.of(FRAMED)));
            feed(reader, bytes(separator.equals(",") ? "[" + body + "]" : body), step);

            assertThat(read).extracting(o -> ((Open) o).size()).containsExactly(null, 3L, null);
            assertThat(((Open) read.get(0)).more().get("size").asString()).isEqualTo("large");
            assertThat(((Open) read.get(2)).more().get("size")).hasToString("[]");
            assertThat(call.notes()).doesNotHaveDuplicates().anyMatch(note -> note.contains("size"));
        }
        feed(reader(Payload.elements(Integer.class), FRAMED), bytes("[1,2.0,3e0]"), step);
        assertThat(read).containsExactly(1, 2, 3);
        assertThat(failure(Payload.elements(Integer.class), "[1,2.5]", step)).hasMessageContaining("a whole number");
    }

    @Test
    void refusesElementOverLimitHoweverCut() {
        String body = "[{\"id\":1},{\"id\":2,\"name\":\"" + "x".repeat(LIMIT) + "\"}]";
        for (int step : new int[] {100, 10_000}) {
            ApiException failure = failure(Payload.elements(Item.class), body, step);
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
            assertThat(failure).hasMessageContaining("$[1]");
        }
        assertThatObject(failure(Payload.lines(Item.class), body.substring(1).replace("},{", "}\n{"), 100)
                        .kind())
                .isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
        assertThatObject(failure(Payload.events(), "data:1\n\ndata:" + "x".repeat(LIMIT + 1), 100)
                        .kind())
                .isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
    }

    @Test
    void suspectsIntermediaryBehindHtmlPage() {
        BodyReader reader = reader(Payload.elements(Item.class), "content-type", "text/html");
        ApiException failure =
                catchThrowableOfType(ApiException.class, () -> feed(reader, bytes("<html>sign in</html>"), 5));
        assertThat(failure).hasMessageContaining("a page of something in between");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void readsLinesHoweverTheyAreCut(int step) {
        feed(
                reader(Payload.lines(Item.class), FRAMED),
                bytes("{\"id\":1}\n\r\n  \n{\"id\":2,\"name\":\"é\"}\r\n{\"id\":3}"),
                step);
        assertThat(read).containsExactly(new Item(1, null), new Item(2, "é"), new Item(3, null));
    }

    @Test
    void reportsNumberAndOffsetOfUnreadableLine() {
        assertThat(failure(Payload.lines(Item.class), "{\"id\":1}\n{\"id\":\"s3cret\"}\n", 4))
                .hasMessageContaining("unreadable at line 2, $.id (byte 1")
                .hasMessageNotContaining("s3cret");
        assertThat(failure(Payload.lines(Item.class), "{\"id\":1}\n{\"id\":2", 4))
                .hasMessageContaining("ends too early at line 2 (byte 9)");
        assertThat(failure(Payload.lines(Item.class), "{\"id\":1}\n{\"id\":2} {\"id\":3}\n", 4))
                .isNotNull();
    }

    private static final String[] EVENT_STREAM = {"content-type", "text/event-stream"};

    private static String shown(Object event) {
        ServerSentEvent e = (ServerSentEvent) event;
        return e.event() + "|" + e.data().replace("\n", "/") + "|" + e.id()
                + (e.retry() == null ? "" : "|" + e.retry().toMillis());
    }

    /** The examples of WHATWG HTML §9.2.6 and each of its rules. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'data: YHOO;data: +2;data: 10;;' ~ 'message|YHOO/+2/10|null'",
                "': test stream;;data: first event;id: 1;;data:second event;id;;data:  third event;' ~ 'message|first event|1,message|second event|null'",
                "'data;;data;data;;data:' ~ 'message||null,message|/|null'",
                "'data:test;;data: test;;' ~ 'message|test|null,message|test|null'",
                "'event: add;data: 7;;data: x;;' ~ 'add|7|null,message|x|null'",
                "'id: 5;;data: x;;' ~ '||5,message|x|5'",
                "'retry: 250;data: x;;retry: 2x;data: y;;' ~ 'message|x|null|250,message|y|null|250'",
                "'unknown: 1;nothing;data: x;;' ~ 'message|x|null'",
                "'event: lost;;data: x;;' ~ 'message|x|null'",
                "'data: cut off;' ~ ''"
            })
    void readsEventsAsSpecified(String stream, String expected) {
        for (String end : List.of("\n", "\r", "\r\n")) {
            for (int step : new int[] {1, 2, 1000}) {
                for (String mark : List.of("", "\uFEFF")) {
                    feed(reader(Payload.events(), EVENT_STREAM), bytes(mark + stream.replace(";", end)), step);
                    assertThat(String.join(
                                    ",",
                                    read.stream().map(StreamReadersTest::shown).toList()))
                            .as("%s in steps of %d", stream, step)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void ignoresEventIdWithNul() {
        feed(reader(Payload.events(), EVENT_STREAM), bytes("id: a\ndata: x\n\nid: b\0c\ndata: y\n\n"), 3);
        assertThat(read).extracting(e -> ((ServerSentEvent) e).id()).containsExactly("a", "a");
        assertThat(((ServerSentEvent) read.get(0)).retry()).isEqualTo((Duration) null);
    }

    @Test
    void refusesEventStreamOfOtherType() {
        Attempt call = Call.start(Plans.get(Payload.events()), VirtualTimeScheduler.create())
                .attempt(1);
        ResponseHead head = new ResponseHead(200, Headers.of("content-type", "application/json"));
        assertThat(decoding.reader(call, head)).isNull();
        ByteBuf body = Unpooled.copiedBuffer(bytes("{}"));
        assertThat(catchThrowableOfType(ApiException.class, () -> decoding.onBody(call, head, body, true)))
                .hasMessageContaining("no text/event-stream");
    }

    @Test
    void saysThatLargeCodedEnvelopeIsCut() throws IOException {
        byte[] envelope = bytes("{\"error\":{\"code\":\"scan_gone\",\"message\":\"" + "long ".repeat(40_000) + "\"}}");
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            out.write(envelope);
        }
        BodyReader reader = reader(Payload.parts(), "content-type", "application/json", "content-encoding", "gzip");

        ApiException failure =
                catchThrowableOfType(ApiException.class, () -> feed(reader, coded.toByteArray(), 100_000));

        assertThat(failure).hasMessageContaining("bytes").hasMessageNotContaining("not JSON");
        assertThat(read).isEmpty();
    }
}
