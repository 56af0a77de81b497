package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.error.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class JsonCodecTest {

    record Scan(String id, int findings, @Nullable String note) {}

    enum Level {
        LOW,
        HIGH
    }

    record Rated(Level level) {}

    record Unreadable(String name) {
        @Override
        public String name() {
            throw new IllegalStateException("s3cr3t");
        }
    }

    record Strict(String id) {
        Strict {
            if (id.isEmpty()) {
                throw new IllegalArgumentException("s3cr3t");
            }
        }
    }

    private static final int MAX = 64 * 1024;
    private static final Payload<Scan> SCAN = Payload.json(Scan.class);
    private static final Payload<Page<Scan>> SCANS =
            Payload.page(Scan.class, List.of("items", "data"), List.of("next_cursor", "cursor"));

    private final JsonCodec codec = new JsonCodec(MAX);

    private @Nullable Object read(Payload<?> payload, String json) throws Exception {
        Object first = null;
        for (Bodies kind : Bodies.values()) {
            Object value = read(payload, json, kind);
            assertThat(value).as("%s", kind).isEqualTo(first == null ? value : first);
            first = value;
        }
        return first;
    }

    private @Nullable Object read(Payload<?> payload, String json, Bodies kind) throws Exception {
        ByteBuf body = kind.of(json);
        int readable = body.readableBytes();
        try {
            return codec.read(payload, body);
        } finally {
            assertThat(body.refCnt()).as("refCnt of %s", kind).isEqualTo(1);
            assertThat(body.readableBytes()).as("left of %s", kind).isEqualTo(readable);
            body.release();
        }
    }

    private MalformedBody malformed(Payload<?> payload, String json) {
        MalformedBody first = null;
        for (Bodies kind : Bodies.values()) {
            Throwable thrown = catchThrowable(() -> read(payload, json, kind));
            assertThat(thrown).as("%s", kind).isInstanceOf(MalformedBody.class);
            MalformedBody malformed = (MalformedBody) thrown;
            if (first == null) {
                first = malformed;
            }
            assertThat(malformed.describe()).as("%s", kind).isEqualTo(first.describe());
        }
        return java.util.Objects.requireNonNull(first);
    }

    @Test
    void readsObjectFromEveryKindOfBuffer() throws Exception {
        assertThat(read(SCAN, "{\"id\":\"s1\",\"findings\":3,\"note\":\"ü😀\"}"))
                .isEqualTo(new Scan("s1", 3, "ü😀"));
    }

    @Test
    void ignoresUnknownMembersButKeepsThemInTrees() throws Exception {
        String json = "{\"new\":{\"deep\":[1,{}]},\"id\":\"s1\",\"findings\":3,\"more\":null}";

        assertThat(read(SCAN, json)).isEqualTo(new Scan("s1", 3, null));
        assertThat(read(Payload.tree(), json)).isEqualTo(new JsonMapper().readTree(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "[1,[2]]", "\"x\"", "7", "true", "{\"a\":{}}", " {\"a\" : 1 } \n"})
    void readsAnyValueAsTree(String json) throws Exception {
        assertThat(read(Payload.tree(), json)).isEqualTo(new JsonMapper().readTree(json));
    }

    @Test
    void readsMapsListsAndGenericTypes() throws Exception {
        assertThat(read(Payload.json(new TypeReference<Map<String, List<Integer>>>() {}), "{\"a\":[1,2]}"))
                .isEqualTo(Map.of("a", List.of(1, 2)));
        assertThat(read(Payload.json(new TypeReference<Map<String, Integer>>() {}), "{}"))
                .isEqualTo(Map.of());
        assertThat(read(Payload.json(Object.class), "{\"a\":1}")).isEqualTo(Map.of("a", 1));
        assertThat(read(Payload.json(Object.class), "{}")).isEqualTo(Map.of());
        assertThat(read(Payload.json(new TypeReference<List<Scan>>() {}), "[{\"id\":\"s1\",\"findings\":3}]"))
                .isEqualTo(List.of(new Scan("s1", 3, null)));
        assertThat(read(Payload.json(ObjectNode.class), "{}")).isEqualTo(new JsonMapper().createObjectNode());
        assertThat(read(Payload.json(String.class), "\"x\"")).isEqualTo("x");
    }

    record Collected(String id, @JsonAnySetter Map<String, Object> more) {}

    @Test
    void respectsAnySetterOfType() throws Exception {
        assertThat(read(Payload.json(Collected.class), "{\"new\":[1,2],\"id\":\"a\",\"later\":{\"x\":null}}"))
                .isEqualTo(
                        new Collected("a", Map.of("new", List.of(1, 2), "later", Collections.singletonMap("x", null))));
    }

    @JsonIgnoreProperties("note")
    record Silent(String id, @Nullable String note) {}

    @Test
    void respectsIgnoredMembersOfType() throws Exception {
        assertThat(read(Payload.json(Silent.class), "{\"note\":\"x\",\"id\":\"a\",\"more\":1}"))
                .isEqualTo(new Silent("a", null));
    }

    /** A record that decodes another body while it is decoded itself. */
    record Nested(String json) {
        Nested {
            ByteBuf body = Bodies.DIRECT.of(json);
            try {
                assertThat(new JsonCodec(MAX).read(SCAN, body)).isEqualTo(new Scan("inner", 1, null));
            } catch (MalformedBody e) {
                throw new IllegalArgumentException(e);
            } finally {
                body.release();
            }
        }
    }

    private record Both(Nested nested, String after) {}

    @Test
    void decodesBodyInsideAnotherWithoutOverwritingIt() throws Exception {
        String inner = "{\\\"id\\\":\\\"inner\\\",\\\"findings\\\":1}";
        Both both = (Both) read(
                Payload.json(Both.class),
                "{\"nested\":{\"json\":\"" + inner + "\"},\"after\":\"" + "y".repeat(200) + "\"}",
                Bodies.DIRECT);
        assertThat(both).isNotNull();
        assertThat(both.after()).isEqualTo("y".repeat(200));
    }

    @Test
    void readsNullAsNull() throws Exception {
        assertThat(read(SCAN, "null")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"id":"s1"}                          | unreadable at $.findings (byte 11), expected: int
            {"id":"s1","findings":null}          | unreadable at $.findings (byte 26), expected: int
            {"id":"s1","findings":"s3cr3t"}      | unreadable at $.findings (byte 22), expected: int
            {"id":{"a":1},"findings":3}          | unreadable at $.id (byte 6), expected: String
            ["s3cr3t"]                           | unreadable at $ (byte 0), expected: Scan
            "s3cr3t"                             | unreadable at $ (byte 0), expected: Scan
            {"id":"s1","findings":3} {"a":1}     | unreadable at $ (byte 25), expected: Scan
            {"id":"s1","findings":3}}            | unreadable at $ (byte 24), expected: well-formed JSON
            {"id":"s1","findings":3}x            | unreadable at $ (byte 25), expected: well-formed JSON
            {id:1}                               | unreadable at $ (byte 1), expected: well-formed JSON
            <html>s3cr3t</html>                  | unreadable at $ (byte 0), expected: well-formed JSON
            """)
    void describesMismatchByPlaceWithoutValue(String json, String described) {
        MalformedBody malformed = malformed(SCAN, json);

        assertThat(malformed.describe()).doesNotContain("s3cr3t");
        assertThat(malformed.describe().replaceAll("byte \\d+", "byte n"))
                .isEqualTo(described.replaceAll("byte \\d+", "byte n"));
        assertThat(malformed.cut()).isFalse();
        assertThat(malformed).hasNoCause();
    }

    @Test
    void detectsBodyCutAnywhere() {
        String json = "{\"id\":\"s1\",\"note\":\"a\\u00e4b\",\"findings\":345,\"x\":[true,null,{\"y\":1.5}]}";
        for (int length = 1; length < json.length(); length++) {
            String cut = json.substring(0, length);
            assertThat(malformed(SCAN, cut).cut()).as(cut).isTrue();
            assertThat(malformed(Payload.tree(), cut).cut()).as(cut).isTrue();
        }
        String page = "{\"items\":[{\"id\":\"s1\",\"findings\":3}],\"next_cursor\":\"c\"}";
        for (int length = 1; length < page.length(); length++) {
            String cut = page.substring(0, length);
            assertThat(malformed(SCANS, cut).cut()).as(cut).isTrue();
        }
    }

    @Test
    void reportsValueRefusedByTypeWithoutItsText() {
        assertThat(malformed(Payload.json(Strict.class), "{\"id\":\"\"}").describe())
                .startsWith("unreadable at $")
                .doesNotContain("s3cr3t");
        assertThat(malformed(Payload.json(Rated.class), "{\"level\":\"s3cr3t\"}")
                        .describe())
                .startsWith("unreadable at $.level")
                .endsWith("expected: Level")
                .doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            [{"id":"a","findings":1},{"id":"b","findings":2}]                     | 2 | -
            []                                                                    | 0 | -
            {"items":[{"id":"a","findings":1}]}                                   | 1 | -
            {"data":[{"id":"a","findings":1}],"next_cursor":"c2"}                 | 1 | c2
            {"cursor":"c2","x":{"items":[1]},"items":[{"id":"a","findings":1}]}   | 1 | c2
            {"items":[],"next_cursor":null}                                       | 0 | -
            {"items":[],"next_cursor":""}                                         | 0 | -
            {"items":[],"next_cursor":7,"total":{"a":[1]}}                        | 0 | 7
            {"items":{"a":1},"data":[]}                                           | 0 | -
            {"items":[],"data":[{"id":"a","findings":1}]}                         | 0 | -
            """)
    void readsPageFromArrayOrFirstNamedList(String json, int items, @Nullable String cursor) throws Exception {
        List<Scan> expected =
                List.of(new Scan("a", 1, null), new Scan("b", 2, null)).subList(0, items);

        Page<?> page = (Page<?>) read(SCANS, json);
        assertThat(page.items()).isEqualTo(expected);
        assertThat(page.nextCursor()).isEqualTo(cursor);
        assertThat(page.more()).doesNotContainKey("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                             | expected: a list as one of [items, data]
            {"scans":[]}                   | expected: a list as one of [items, data]
            {"items":"x"}                  | expected: a list as one of [items, data]
            "x"                            | expected: a list or an object with one
            7                              | expected: a list or an object with one
            [{"id":"a"}]                   | expected: int
            [7]                            | expected: Scan
            {"items":[[]]}                 | expected: Scan
            [] []                          | expected: well-formed JSON
            {"items":[]} {"items":[]}      | expected: well-formed JSON
            {"items":[]}}                  | expected: well-formed JSON
            []]                            | expected: well-formed JSON
            """)
    void refusesPageOfUnknownShapeOrWithTrailingContent(String json, String expected) {
        MalformedBody malformed = malformed(SCANS, json);

        assertThat(malformed.describe()).endsWith(expected);
        assertThat(malformed.cut()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"id\":\"a\",\"error\":{}}", "{\"errors\":[]}", "[{\"error\":1}]", "{\"a\":{\"error\":1}}"})
    void readsTreesWithErrorMembers(String json) throws Exception {
        assertThat(read(Payload.tree(), json)).isEqualTo(new JsonMapper().readTree(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":null,\"id\":\"s\",\"findings\":1}",
                "{ \"error\" : false,\"id\":\"s\",\"findings\":1}"
            })
    void ignoresNullOrFalseErrorMember(String json) throws Exception {
        assertThat(read(SCAN, json)).isEqualTo(new Scan("s", 1, null));
    }

    @Test
    void detectsCutInsideFirstMember() {
        String json = "{\"error\":{";
        for (int length = 1; length < json.length(); length++) {
            assertThat(malformed(Payload.tree(), json.substring(0, length)).cut())
                    .isTrue();
        }
    }

    @Test
    void keepsEveryDigitInTrees() throws Exception {
        assertThat(read(Payload.tree(), "{\"a\":0.10,\"b\":12345678901234567890.123456789}"))
                .hasToString("{\"a\":0.10,\"b\":12345678901234567890.123456789}");
    }

    @Test
    void readsMemberWithEmptyName() throws Exception {
        ByteBuf body = Bodies.HEAP.of("{\"\":1}");

        assertThat(codec.read(Payload.tree(), body)).isEqualTo(new JsonMapper().readTree("{\"\":1}"));
    }

    @ParameterizedTest
    @EnumSource(Bodies.class)
    void refusesNestingBombWithoutOverflow(Bodies kind) {
        String bomb = "[".repeat(30_000);
        for (Payload<?> payload : List.of(Payload.tree(), SCANS, Payload.json(Object.class))) {
            assertThatThrownBy(() -> read(payload, bomb, kind)).isInstanceOf(MalformedBody.class);
        }
        assertThatThrownBy(() -> read(SCAN, "{\"x\":" + bomb, kind)).isInstanceOf(MalformedBody.class);
        assertThatThrownBy(() -> read(Payload.tree(), "{\"a\":".repeat(5_000), kind))
                .isInstanceOf(MalformedBody.class);
        ByteBuf body = kind.of(bomb);
        assertThat(codec.tree(body)).isNull();
        body.release();
    }

    @Test
    void readsUpToHundredLevelsOfNesting() throws Exception {
        assertThat(read(Payload.tree(), "[".repeat(100) + "]".repeat(100))).isNotNull();
        assertThat(malformed(Payload.tree(), "[".repeat(101) + "]".repeat(101)).cut())
                .isFalse();
    }

    @Test
    void readsTextUpToMaximumLength() throws Exception {
        String longest = "\"" + "x".repeat(MAX - 2) + "\"";

        assertThat(read(Payload.json(String.class), longest)).isEqualTo("x".repeat(MAX - 2));
        assertThat(malformed(Payload.json(String.class), "\"" + "x".repeat(MAX * 2) + "\"")
                        .cut())
                .isFalse();
    }

    @Test
    void returnsNoTreeForMalformedErrorBody() {
        for (Bodies kind : Bodies.values()) {
            for (String text : List.of("<html>", "{\"a\":", "x", "{]")) {
                ByteBuf body = kind.of(text);
                assertThat(codec.tree(body)).as("%s of %s", text, kind).isNull();
                assertThat(body.refCnt()).isEqualTo(1);
                assertThat(body.readableBytes()).isEqualTo(text.length());
                body.release();
            }
        }
    }

    @Test
    void encodesObjectsAsUtf8() {
        assertThat(new String(codec.encode(new Scan("ü", 1, null)), StandardCharsets.UTF_8))
                .isEqualTo("{\"id\":\"ü\",\"findings\":1,\"note\":null}");
    }

    @Test
    void namesUnencodableBodyByTypeAndPlaceOnly() {
        Map<String, Object> cyclic = new HashMap<>();
        cyclic.put("again", cyclic);

        assertThatThrownBy(() -> codec.encode(cyclic))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageStartingWith("body: java.util.HashMap cannot be encoded as JSON at $");
        assertThatThrownBy(() -> codec.encode(new Unreadable("a")))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("$.name")
                .hasMessageNotContaining("s3cr3t")
                .hasNoCause();
    }

    @Test
    void addsMemberWithoutChangingObject() {
        ObjectNode tree = new JsonMapper().createObjectNode().put("target", "t");

        assertThat(text(codec.encodeWith(tree, "idempotency_key", "k")))
                .isEqualTo("{\"target\":\"t\",\"idempotency_key\":\"k\"}");
        assertThat(tree.has("idempotency_key")).isFalse();
        assertThat(text(codec.encodeWith(Map.of("target", "t"), "key", "k")))
                .isEqualTo("{\"target\":\"t\",\"key\":\"k\"}");
        assertThat(text(codec.encodeWith(null, "key", "k"))).isEqualTo("{\"key\":\"k\"}");
    }

    @Test
    void keepsMemberWithSameValue() {
        assertThat(text(codec.encodeWith(Map.of("key", "k"), "key", "k"))).isEqualTo("{\"key\":\"k\"}");
        Map<String, @Nullable Object> absent = new HashMap<>();
        absent.put("key", null);
        assertThat(text(codec.encodeWith(absent, "key", "k"))).isEqualTo("{\"key\":\"k\"}");
    }

    @Test
    void refusesMemberWithOtherValue() {
        for (Object other : List.of("other", 7, List.of("k"), Map.of("k", 1))) {
            assertThatThrownBy(() -> codec.encodeWith(Map.of("key", other), "key", "k"))
                    .as("%s", other)
                    .matches(ErrorKind.INVALID_REQUEST::matches)
                    .hasMessageStartingWith("body: member \"key\" differs");
        }
    }

    @Test
    void refusesToAddMemberToNonObject() {
        for (Object noObject : List.of(List.of(1), "text", 7, new byte[1])) {
            assertThatThrownBy(() -> codec.encodeWith(noObject, "key", "k"))
                    .as("%s", noObject)
                    .matches(ErrorKind.INVALID_REQUEST::matches)
                    .hasMessageContaining("(expected: a JSON object, because the idempotency key goes into its member");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void keepsMembersBesideList() throws Exception {
        Page<?> page = (Page<?>) read(SCANS, "{\"total\":{\"a\":[1]},\"items\":[],\"data\":[2]}");

        assertThat(page.more()).containsOnlyKeys("total", "data");
        assertThat(page.more().get("total")).hasToString("{\"a\":[1]}");
    }

    @Test
    void readsSingleObjectAsListWhenPayloadAllowsIt() throws Exception {
        String json = "{\"data\":{\"id\":\"a\",\"findings\":1}}";

        assertThat(((Page<?>) read(SCANS.orSingle(), json)).items()).isEqualTo(List.of(new Scan("a", 1, null)));
        assertThat(malformed(SCANS, json).describe()).contains("a list as one of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"a\",\"findings\":1}",
                "{\"Scan\":{\"id\":\"a\",\"findings\":1}}",
                "{\"scans\":{\"id\":\"a\",\"findings\":1}}",
                "{\"id\":\"a\",\"scans\":{\"x\":1},\"findings\":1}"
            })
    void readsBareOrWrappedValue(String json) throws Exception {
        for (Bodies kind : Bodies.values()) {
            assertThat(read(SCAN.orWrappedIn("scan", "scans"), json, kind)).isEqualTo(new Scan("a", 1, null));
        }
    }

    @Test
    void requiresValueInsideEnvelope() throws Exception {
        Payload<Scan> inside = SCAN.inside("data");

        assertThat(read(inside, "{\"type\":\"Scan\",\"data\":{\"id\":\"a\",\"findings\":1},\"status\":\"success\"}"))
                .isEqualTo(new Scan("a", 1, null));
        assertThat(malformed(inside, "{\"id\":\"a\",\"findings\":1}").describe())
                .contains("an object with [data]");
        assertThat(malformed(inside, "{\"data\":{\"id\":[]}}").describe()).contains("$.id");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"success":false}                          | true
            {"a":{"success":false},"success":true}     | false
            {"id":1,"x":[1,2],"Status":"ERROR"}        | false
            {"id":1,"x":[1,2],"status":"ERROR"}        | true
            {"status":{"error":1}}                     | false
            {"status":"success","success":"False"}     | true
            [{"success":false}]                        | false
            {"success":                                | false
            """)
    void findsFailureSignOnlyAtTopLevel(String json, boolean failure) {
        ByteBuf body = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));

        assertThat(codec.saysFailure(
                        body,
                        List.of(FailureSign.isFalse("success"), FailureSign.isOneOf("status", "error", "failed"))))
                .isEqualTo(failure);
    }
}
