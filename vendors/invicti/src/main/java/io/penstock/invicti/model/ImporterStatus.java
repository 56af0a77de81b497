package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The state of an importer (page "api-importers-api"). The API takes the word in lower case and returns it capitalized;
 * this type always has it in lower case. Words that are newer than this library are kept.
 *
 * @param value the word, in lower case
 */
public record ImporterStatus(@JsonValue String value) {

    /** {@code active}. */
    public static final ImporterStatus ACTIVE = new ImporterStatus("active");

    /** Converts the word to lower case. */
    public ImporterStatus {
        value = value.toLowerCase(Locale.ROOT);
    }

    /** Returns the value for a word from the wire, in any case. */
    @JsonCreator
    public static ImporterStatus of(String value) {
        return new ImporterStatus(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
