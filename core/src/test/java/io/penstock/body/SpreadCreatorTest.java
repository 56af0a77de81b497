package io.penstock.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.penstock.error.ApiException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

class SpreadCreatorTest {

    private record Hidden(
            String name, int count, boolean on, @Nullable Double share) {}

    public record Open(String name) {}

    @SuppressWarnings("ArrayRecordComponent") // a constructor of variable arity
    private record Variable(String name, String... others) {}

    private record Generic<T>(T value, List<T> values) {}

    record Strict(String name) {
        Strict {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("empty");
            }
        }
    }

    record Exhausting(String name) {
        Exhausting {
            if (!name.isEmpty()) {
                throw new StackOverflowError(name);
            }
        }
    }

    private static final class Bean {
        private final String name;

        @JsonCreator
        private Bean(@JsonProperty("name") String name) {
            this.name = name;
        }
    }

    private static final class Made {
        private final String name;

        private Made(String name) {
            this.name = name;
        }

        @JsonCreator
        static Made of(@JsonProperty("name") String name) {
            return new Made(name + "!");
        }
    }

    private final JsonMapper mapper =
            JsonMapper.builder().addModule(SpreadCreator.module()).build();

    @ParameterizedTest
    @ValueSource(classes = {Hidden.class, Open.class, Variable.class, Generic.class, Strict.class, Bean.class})
    void createsByConstructorWhateverItsVisibility(Class<?> type) {
        assertThat(instantiator(type)).isInstanceOf(SpreadCreator.class);
    }

    @ParameterizedTest
    @ValueSource(classes = {Made.class, List.class, StringBuilder.class})
    void leavesFactoriesAndOtherTypesToLibrary(Class<?> type) {
        assertThat(instantiator(type) instanceof SpreadCreator).isFalse();
    }

    private @Nullable ValueInstantiator instantiator(Class<?> type) {
        return mapper._deserializationContext().findRootValueDeserializer(mapper.constructType(type))
                        instanceof ValueInstantiator.Gettable reader
                ? reader.getValueInstantiator()
                : null;
    }

    @Test
    void readsRecordsOfAllShapes() {
        assertThat(mapper.readValue("{\"share\":0.5,\"on\":true,\"name\":\"a\",\"count\":3}", Hidden.class))
                .isEqualTo(new Hidden("a", 3, true, 0.5));
        assertThat(mapper.readValue("{\"others\":[\"b\",\"c\"],\"name\":\"a\"}", Variable.class))
                .satisfies(read -> assertThat(read.others()).containsExactly("b", "c"));
        assertThat(mapper.readValue("{\"value\":{\"b\":1},\"values\":[2]}", Generic.class))
                .hasToString("Generic[value={b=1}, values=[2]]");
        assertThat(mapper.readValue("{\"name\":\"a\"}", Bean.class).name).isEqualTo("a");
        assertThat(mapper.readValue("{\"name\":\"a\"}", Made.class).name).isEqualTo("a!");
    }

    @Test
    void leavesAbsentComponentsNullButRefusesAbsentPrimitives() {
        JsonCodec codec = new JsonCodec(1 << 10);

        assertThat(codec.decode(Hidden.class, "{\"name\":\"a\",\"count\":0,\"on\":true}".getBytes(US_ASCII)))
                .isEqualTo(new Hidden("a", 0, true, null));
        assertThatThrownBy(() -> codec.decode(Hidden.class, "{\"name\":\"a\",\"on\":true}".getBytes(US_ASCII)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("$.count");
    }

    @Test
    void readsItemsOfOneListIntoObjectsOfTheirOwn() {
        String json = IntStream.range(0, 100)
                .mapToObj("{\"name\":\"%1$d\"}"::formatted)
                .collect(Collectors.joining(",", "[", "]"));

        assertThat(mapper.readerForListOf(Open.class).<List<Open>>readValue(json))
                .extracting(Open::name)
                .isEqualTo(IntStream.range(0, 100).mapToObj(String::valueOf).toList());
    }

    @Test
    void reportsExceptionOfConstructorWithItsCause() {
        assertThatThrownBy(() -> mapper.readValue("{\"name\":\"\"}", Strict.class))
                .isInstanceOf(ValueInstantiationException.class)
                .hasMessageContaining("empty")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void passesErrorOfConstructorOn() {
        assertThatThrownBy(() -> mapper.readValue("{\"name\":\"a\"}", Exhausting.class))
                .isInstanceOf(StackOverflowError.class)
                .hasMessage("a");
    }
}
