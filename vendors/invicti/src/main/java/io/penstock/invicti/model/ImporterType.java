package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The type of source of an importer (page "api-importers-api"). The API takes the word in lower case and returns it
 * capitalized; this type always has it in lower case. Words that are newer than this library are kept.
 *
 * @param value the word, in lower case
 */
public record ImporterType(@JsonValue String value) {

    /** {@code aws_api_gateway}. */
    public static final ImporterType AWS_API_GATEWAY = new ImporterType("aws_api_gateway");

    /** Converts the word to lower case. */
    public ImporterType {
        value = value.toLowerCase(Locale.ROOT);
    }

    /** Returns the value for a word from the wire, in any case. */
    @JsonCreator
    public static ImporterType of(String value) {
        return new ImporterType(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
