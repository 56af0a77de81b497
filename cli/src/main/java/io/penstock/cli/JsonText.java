package io.penstock.cli;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Conversion of JSON between the shell and the library that leaves every number unchanged. */
final class JsonText {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonText() {}

    /**
     * Parses the value of {@code --body}. The message of an error never quotes the body, which may contain values that
     * must not be logged.
     */
    static JsonNode body(String argument) {
        boolean inFile = argument.startsWith("@");
        String text = inFile ? InputFile.read("--body", argument.substring(1)) : argument;
        String source = inFile ? "--body " + argument : "--body";
        try {
            JsonNode tree = MAPPER.readTree(text);
            if (tree.isMissingNode()) {
                throw new BadArgument(source + ": empty (expected: JSON, such as '{\"name\":\"value\"}', or @FILE)");
            }
            return tree;
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new BadArgument(source + ": not JSON"
                    + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr())
                    + " (expected: JSON, such as '{\"name\":\"value\"}', or @FILE)");
        }
    }

    /** Returns the value as JSON on one line. */
    static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static String pretty(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }
}
