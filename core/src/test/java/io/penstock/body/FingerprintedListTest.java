package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class FingerprintedListTest {

    private static final Payload<Page<JsonNode>> ITEMS = Payload.page(JsonNode.class, List.of("items"), List.of());

    private final JsonCodec codec = new JsonCodec(200_000);

    private long fingerprint(String json, Bodies kind) throws MalformedBody {
        ByteBuf body = kind.of(json);
        try {
            return FingerprintedList.fingerprintOf(((Page<?>) codec.read(ITEMS, body)).items());
        } finally {
            body.release();
        }
    }

    @ParameterizedTest
    @EnumSource(Bodies.class)
    void dependsOnItemsAlone(Bodies kind) throws Exception {
        String items = "[{\"a\":1},{\"a\":[]}]";
        Set<Long> seen = new HashSet<>();
        for (String body : List.of(
                items,
                "{\"items\":" + items + "}",
                "{\"page\":7,\"items\":" + items + ",\"total\":9}",
                "{\"page\":\"" + "x".repeat(60_000) + "\",\"items\": " + items + ",\"total\":9}")) {
            seen.add(fingerprint(body, kind));
        }

        assertThat(seen).hasSize(1).doesNotContain(0L);
    }

    @Test
    void differsBetweenPages() throws Exception {
        Set<Long> seen = new HashSet<>();
        List<String> pages = Stream.iterate(0, i -> i + 1)
                .limit(5_000)
                .map(i -> "[{\"id\":" + i + "}]")
                .toList();
        for (String page : pages) {
            seen.add(fingerprint(page, Bodies.HEAP));
        }

        assertThat(seen).hasSameSizeAs(pages);
    }

    @Test
    void isZeroWithoutItems() throws Exception {
        assertThat(fingerprint("[]", Bodies.HEAP)).isZero();
        assertThat(fingerprint("{\"items\":[ ]}", Bodies.DIRECT)).isZero();
        assertThat(FingerprintedList.fingerprintOf(List.of(1))).isZero();
    }
}
