package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.body.BodyFormat.ListStyle;
import io.penstock.error.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BodyFormatTest {

    private static final JsonCodec CODEC = new JsonCodec(1_000_000);

    record Card(String number, @Nullable String name) {}

    record Order(long amount, boolean now, Card card, List<String> tags) {}

    private static String encoded(BodyFormat format, Object value) {
        return new String(format.encode(CODEC, value), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REPEATED | tags=a&tags=b",
                "BRACKETS | tags%5B%5D=a&tags%5B%5D=b",
                "INDEXED | tags%5B0%5D=a&tags%5B1%5D=b",
                "COMMAS | tags=a%2Cb"
            })
    void writesFormWithNestedBrackets(ListStyle lists, String tags) {
        Order order = new Order(1_500, true, new Card("4 2&=ä+", null), List.of("a", "b"));

        assertThat(encoded(BodyFormat.form(lists), order))
                .isEqualTo("amount=1500&now=true&card%5Bnumber%5D=4+2%26%3D%C3%A4%2B&" + tags);
    }

    @Test
    void leavesOutWhatFormCannotSay() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("none", null);
        fields.put("empty", "");
        fields.put("list", List.of());
        fields.put("map", Map.of());

        assertThat(encoded(BodyFormat.form(), fields)).isEqualTo("empty=");
    }

    @Test
    void writesListOfObjectsWithIndexes() {
        Map<String, ?> fields = Map.of("item", List.of(Map.of("price", 9), Map.of("price", 8)));

        assertThat(encoded(BodyFormat.form(ListStyle.INDEXED), fields))
                .isEqualTo("item%5B0%5D%5Bprice%5D=9&item%5B1%5D%5Bprice%5D=8");
    }

    @ParameterizedTest
    @EnumSource(
            value = ListStyle.class,
            names = {"REPEATED", "BRACKETS", "COMMAS"})
    void rejectsListOfObjectsWithoutIndexes(ListStyle lists) {
        for (Object element : Arrays.asList(Map.of("price", 9), List.of(1), null)) {
            assertThatThrownBy(() -> encoded(BodyFormat.form(lists), Map.of("item", Arrays.asList("a", element))))
                    .matches(ErrorKind.INVALID_REQUEST::matches)
                    .hasMessageContaining("item is a list with")
                    .hasMessageContaining("INDEXED");
        }
    }

    @Test
    void rejectsValueThatItsListWouldSplit() {
        assertThatThrownBy(() -> encoded(BodyFormat.form(ListStyle.COMMAS), Map.of("item", List.of("a", "secret,b"))))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("value 2 of the list has a comma")
                .hasMessageNotContaining("secret");
    }

    @Test
    void rejectsFormOfWhatIsNoObject() {
        for (Object value : List.of(List.of(1), "text", 7)) {
            assertThatThrownBy(() -> encoded(BodyFormat.form(), value))
                    .matches(ErrorKind.INVALID_REQUEST::matches)
                    .hasMessageContaining("expected: an object");
        }
    }

    @Test
    void addsMemberToForm() {
        assertThat(new String(
                        BodyFormat.form().encodeWith(CODEC, Map.of("a", 1), "key", "k 1"), StandardCharsets.UTF_8))
                .isEqualTo("a=1&key=k+1");
        assertThat(new String(BodyFormat.form().encodeWith(CODEC, null, "key", "k"), StandardCharsets.UTF_8))
                .isEqualTo("key=k");
    }

    @Test
    void keepsNullInMergePatch() {
        Map<String, @Nullable Object> patch = new LinkedHashMap<>();
        patch.put("name", null);

        assertThat(encoded(BodyFormat.mergePatch(), patch)).isEqualTo("{\"name\":null}");
        assertThat(BodyFormat.mergePatch().mediaType()).isEqualTo("application/merge-patch+json");
        assertThat(encoded(BodyFormat.jsonPatch(), List.of(Map.of("op", "remove", "path", "/a"))))
                .startsWith("[{")
                .contains("\"op\":\"remove\"");
        assertThat(BodyFormat.jsonPatch().mediaType()).isEqualTo("application/json-patch+json");
    }
}
