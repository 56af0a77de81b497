package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What an importer imports from (page "api-importers-api"). Written in lower case and read capitalized: here in lower case always. Words that are newer than
 * this library pass through.
 *
 * @param value the word, in lower case
 */
public record ImporterType(@JsonValue String value) {

    /** {@code aws_api_gateway}. */
    public static final ImporterType AWS_API_GATEWAY = new ImporterType("aws_api_gateway");

    /** Lower case. */
    public ImporterType {
        value = value.toLowerCase(Locale.ROOT);
    }

    /** The one with that word on the wire, in any case. */
    @JsonCreator
    public static ImporterType of(String value) {
        return new ImporterType(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
