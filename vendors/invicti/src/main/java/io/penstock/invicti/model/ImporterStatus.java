package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Whether an importer runs (page "api-importers-api"). Written in lower case and read capitalized: here in lower case always. Words that are newer than
 * this library pass through.
 *
 * @param value the word, in lower case
 */
public record ImporterStatus(@JsonValue String value) {

    /** {@code active}. */
    public static final ImporterStatus ACTIVE = new ImporterStatus("active");

    /** Lower case. */
    public ImporterStatus {
        value = value.toLowerCase(Locale.ROOT);
    }

    /** The one with that word on the wire, in any case. */
    @JsonCreator
    public static ImporterStatus of(String value) {
        return new ImporterStatus(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
