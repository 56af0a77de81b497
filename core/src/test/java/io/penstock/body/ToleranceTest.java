package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.netty.buffer.ByteBuf;
import io.penstock.http.Secret;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Members whose value does not fit the type of the record. */
class ToleranceTest {

    enum Level {
        LOW,
        HIGH
    }

    /** A record without a place for values that do not fit. */
    record Part(String name, @Nullable Long size) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Scan(
            String id,
            int version,
            @Nullable Long findingsCount,
            @Nullable Instant createdAt,
            @Nullable Boolean done,
            @Nullable Level level,
            @JsonProperty("isPart") @Nullable Part part,
            @Nullable Scan parent,
            @Nullable Secret token,
            List<String> tags,
            @JsonAnySetter Map<String, JsonNode> more) {

        Scan {
            tags = tags == null ? List.of() : List.copyOf(tags);
            more = Map.copyOf(more);
        }
    }

    private static final Payload<Scan> SCAN = Payload.json(Scan.class);
    private static final Payload<Page<Scan>> SCANS = Payload.page(Scan.class, List.of("items"), List.of());

    private final JsonCodec codec = new JsonCodec(100_000);
    private final List<String> notes = new ArrayList<>();

    @SuppressWarnings("unchecked") // the payload names the type
    private <T> T read(Payload<T> payload, String json, Bodies kind) throws MalformedBody {
        ByteBuf body = kind.of(json);
        try {
            return (T) codec.read(payload, body, notes::add);
        } finally {
            assertThat(body.refCnt()).isEqualTo(1);
            body.release();
        }
    }

    private Scan scan(String members) throws MalformedBody {
        return read(SCAN, "{\"id\":\"s\",\"version\":1," + members + ",\"new\":[1]}", Bodies.HEAP);
    }

    private String failure(String members) {
        Throwable thrown = catchThrowable(() -> scan(members));
        assertThat(thrown).as(members).isInstanceOf(MalformedBody.class);
        return ((MalformedBody) thrown).describe();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            findings_count | "many"
            findings_count | 99999999999999999999
            findings_count | true
            findings_count | {"n":1}
            findings_count | "1.5"
            created_at     | "yesterday"
            created_at     | [1,2,3,4,5,6,7,8]
            created_at     | {"at":{"t":1}}
            done           | "perhaps"
            done           | []
            level          | "MIDDLE"
            level          | 1
            isPart         | "text"
            isPart         | {"name":"a","size":"large"}
            parent         | {"id":"p","version":"x"}
            parent         | 7
            tags           | "one"
            tags           | [["a"]]
            """)
    void keepsOptionalMemberThatDoesNotFit(String member, String value) throws Exception {
        Scan scan = scan("\"" + member + "\":" + value + ",\"other\":\"x\"");

        assertThat(scan.more()).containsOnlyKeys(member, "other", "new");
        assertThat(scan.more().get(member)).hasToString(value);
        assertThat(scan.more().get("new")).hasToString("[1]");
        assertThat(scan).isEqualTo(new Scan("s", 1, null, null, null, null, null, null, null, List.of(), scan.more()));
        assertThat(notes)
                .singleElement()
                .asString()
                .contains("\"" + member + "\"")
                .doesNotContain(value);
    }

    @Test
    void keepsOneMemberAndReadsTheOthers() throws Exception {
        Scan scan = scan("\"created_at\":\"yesterday\",\"findings_count\":12,\"done\":true,\"level\":\"HIGH\","
                + "\"isPart\":{\"name\":\"p\",\"size\":5},\"tags\":[\"a\"],"
                + "\"parent\":{\"id\":\"p\",\"version\":2,\"done\":0.5,\"x\":0.10}");

        assertThat(scan.findingsCount()).isEqualTo(12);
        assertThat(scan.done()).isTrue();
        assertThat(scan.level()).isEqualTo(Level.HIGH);
        assertThat(scan.part()).isEqualTo(new Part("p", 5L));
        assertThat(scan.tags()).containsExactly("a");
        assertThat(scan.parent().more()).containsOnlyKeys("done", "x");
        assertThat(scan.parent().more().get("x")).hasToString("0.10");
        assertThat(scan.more()).containsOnlyKeys("created_at", "new");
        assertThat(notes).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Bodies.class)
    void losesNoPageForOneOddMember(Bodies kind) throws Exception {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            items.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"" + i + "\",\"version\":1,\"created_at\":\"day " + i + "\"}");
        }

        Page<Scan> page = read(SCANS, "{\"total\":20,\"items\":[" + items + "]}", kind);

        assertThat(page.items())
                .hasSize(20)
                .allSatisfy(scan ->
                        assertThat(scan.more().get("created_at").asString()).isEqualTo("day " + scan.id()));
        assertThat(page.more()).containsOnlyKeys("total");
        assertThat(notes).as("one kind").hasSize(1);
        assertThat(FingerprintedList.fingerprintOf(page.items())).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"data\":", "\"Scan\":"})
    void toleratesInsideWrappersToo(String wrapper) throws Exception {
        String body = "{" + wrapper + "{\"id\":\"s\",\"version\":1,\"done\":\"x\"}}";

        assertThat(read(SCAN.orWrappedIn("data", "scan"), body, Bodies.DIRECT).more())
                .containsOnlyKeys("done");
    }

    @Test
    void refusesPromisedMemberThatDoesNotFit() {
        assertThat(failure("\"version\":\"x\"")).contains("$.version", "expected: int");
        assertThat(failure("\"id\":{}")).contains("$.id", "expected: String");
        assertThat(failure("\"created_at\":\"yesterday\",\"version\":[]")).contains("$.version");
        assertThat(notes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "-0.1", "12.000001", "1e-1", "9007199254740993.5"})
    void refusesFractionForWholeNumber(String number) {
        assertThat(failure("\"findings_count\":" + number))
                .contains("$.findings_count", "expected: a whole number")
                .doesNotContain(number);
        assertThat(failure("\"version\":" + number)).contains("$.version", "expected: a whole number");
        assertThat(failure("\"created_at\":\"x\",\"isPart\":{\"name\":\"p\",\"size\":" + number + "}"))
                .contains("$.isPart.size");
    }

    @ParameterizedTest
    @CsvSource({"12.0, 12", "1.2e1, 12", "1200e-2, 12", "-3.00, -3"})
    void readsWholeNumberHoweverItIsWritten(String written, long number) throws Exception {
        Scan scan = scan("\"findings_count\":" + written + ",\"version\":" + written);

        assertThat(scan.findingsCount()).isEqualTo(number);
        assertThat(scan.version()).isEqualTo((int) number);
        assertThat(scan.more()).containsOnlyKeys("new");
        assertThat(notes).isEmpty();
    }

    record Numbers(Integer i, Short s, byte b, BigInteger big, Map<String, Long> map) {}

    @Test
    void readsEveryTypeOfWholeNumber() throws Exception {
        String body = "{\"i\":1.0,\"s\":2e0,\"b\":3.0,\"big\":1e30,\"map\":{\"a\":4.0}}";

        assertThat(read(Payload.json(Numbers.class), body, Bodies.COMPOSITE))
                .isEqualTo(new Numbers(1, (short) 2, (byte) 3, BigInteger.TEN.pow(30), Map.of("a", 4L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e400000", "-1e500"})
    void doesNotExpandHugeNumbers(String number) throws Exception {
        assertThat(scan("\"findings_count\":" + number).more()).containsKey("findings_count");
        assertThat(catchThrowable(
                        () -> read(Payload.json(Numbers.class), "{\"b\":1,\"big\":" + number + "}", Bodies.HEAP)))
                .isInstanceOf(MalformedBody.class);
    }

    @Test
    void refusesUnfitSecretWithoutShowingIt() {
        assertThat(failure("\"token\":\" \"")).contains("$.token");
        assertThat(failure("\"token\":[\"s3cr3t\"]")).doesNotContain("s3cr3t");
    }

    @Test
    void refusesMismatchInRecordWithoutAnySetter() {
        assertThat(catchThrowable(
                        () -> read(Payload.json(Part.class), "{\"name\":\"p\",\"size\":\"large\"}", Bodies.HEAP)))
                .isInstanceOf(MalformedBody.class);
    }

    @Test
    void refusesMalformedJson() {
        assertThat(failure("\"created_at\":\"yesterday\",\"done\":tru")).contains("well-formed JSON");
        assertThat(failure("\"created_at\":\"yesterday\",\"done\":{\"a\":}")).contains("well-formed JSON");
    }

    @Test
    void notesEachKindOnce() throws Exception {
        StringBuilder members = new StringBuilder("\"done\":\"x\"");
        for (int i = 0; i < 50; i++) {
            members.append(",\"parent\":{\"id\":\"p\",\"version\":1,\"level\":5}");
        }
        scan(members.toString());

        assertThat(notes).hasSize(2);
    }

    @Test
    void readsDeeplyNestedRecordsInTime() throws Exception {
        String deep = "{\"id\":\"s\",\"version\":1,\"done\":\"x\"";
        for (int i = 0; i < 90; i++) {
            deep = "{\"id\":\"s\",\"version\":1,\"done\":\"x\",\"parent\":" + deep + "}";
        }

        Scan scan = read(SCAN, deep + "}", Bodies.HEAP);

        int depth = 0;
        for (Scan at = scan; at != null; at = at.parent()) {
            assertThat(at.more()).containsOnlyKeys("done");
            depth++;
        }
        assertThat(depth).isEqualTo(91);
    }
}
