package io.penstock.test.simulator.parts;

import io.penstock.test.simulator.SimulatedResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses. A vendor's class adds the checks whose errors are the vendor's own. */
public abstract class JsonText {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** For the constructors of classes that have only static methods. */
    protected JsonText() {}

    /** Returns a new object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Returns a new array. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Returns the text of a node. */
    public static String write(JsonNode body) {
        return MAPPER.writeValueAsString(body);
    }

    /** Returns a response with a JSON body. */
    public static SimulatedResponse response(int status, JsonNode body) {
        return SimulatedResponse.json(status, write(body));
    }

    /** Returns the ISO form in UTC with seconds. */
    public static String timestamp(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Returns the current time in the ISO form in UTC with seconds. */
    public static String timestamp(Clock clock) {
        return timestamp(clock.instant());
    }

    /**
     * Returns the value of a text.
     *
     * @throws JacksonException if it is not JSON
     */
    public static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** Returns the value of a text if it is of this type, or throws one of the two errors. */
    protected static <T extends JsonNode> T parsed(
            String json,
            Class<T> type,
            Supplier<? extends RuntimeException> notJson,
            Supplier<? extends RuntimeException> otherType) {
        JsonNode body;
        try {
            body = parse(json);
        } catch (JacksonException e) {
            throw notJson.get();
        }
        if (!type.isInstance(body)) {
            throw otherType.get();
        }
        return type.cast(body);
    }

    /** Returns the value of a string; {@code null} for anything else. */
    public static @Nullable String text(@Nullable JsonNode value) {
        return value != null && value.isString() ? value.stringValue() : null;
    }
}
