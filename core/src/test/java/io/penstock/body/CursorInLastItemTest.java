package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.penstock.error.ErrorKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorInLastItemTest {

    private static final JsonCodec CODEC = new JsonCodec(1_000_000);
    private static final Payload<Page<Row>> ROWS =
            Payload.page(Row.class, List.of("data"), List.of("next")).cursorInLastItem("/meta/id");

    /** A row without the member that is the cursor. */
    record Row(String name) {}

    @SuppressWarnings("unchecked") // the payload says what it is
    private static Page<Row> read(Bodies kind, Payload<Page<Row>> payload, String json) throws MalformedBody {
        ByteBuf body = kind.of(json);
        try {
            return (Page<Row>) CODEC.read(payload, body, note -> {});
        } finally {
            body.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesMemberOfLastItem(Bodies kind) throws MalformedBody {
        String json =
                "{\"total\":2,\"data\": [{\"name\":\"ä€\",\"meta\":{\"id\":\"x\"}} , {\"meta\" : {\"id\":\"ö\"},\"name\":\"b\"} ]"
                        + ",\"next\":\"not this\"}";

        assertThat(read(kind, ROWS, json).nextCursor()).isEqualTo("ö");
        assertThat(read(kind, ROWS, json).items()).containsExactly(new Row("ä€"), new Row("b"));
        assertThat(read(kind, ROWS, "[{\"meta\":{\"id\":7}}]").nextCursor()).isEqualTo("7");
        assertThat(read(kind, ROWS.orSingle(), "{\"data\":{\"meta\":{\"id\":7}}}")
                        .nextCursor())
                .isEqualTo("7");
    }

    @Test
    void hasNoCursorWithoutItems() throws MalformedBody {
        assertThat(read(Bodies.HEAP, ROWS, "{\"data\":[],\"next\":\"not this\"}")
                        .nextCursor())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"b\"}",
                "{\"meta\":null}",
                "{\"meta\":{\"id\":null}}",
                "{\"meta\":{\"id\":\"\"}}",
                "{\"meta\":{\"id\":{}}}",
                "{\"meta\":{\"id\":true}}"
            })
    void refusesLastItemWithoutIt(String item) {
        assertThatThrownBy(() -> read(Bodies.HEAP, ROWS, "{\"data\":[{\"meta\":{\"id\":1}}," + item + "]}"))
                .isInstanceOfSatisfying(
                        MalformedBody.class, e -> assertThat(e.describe()).contains("/meta/id of the last item"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", ""})
    void rejectsPointerThatLeadsToNoMember(String pointer) {
        assertThatThrownBy(() -> ROWS.cursorInLastItem(pointer))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("cursorInLastItem");
    }
}
