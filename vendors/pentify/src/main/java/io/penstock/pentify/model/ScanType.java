package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The depth of a scan. Types that are newer than this library are kept.
 *
 * @param value the word on the wire
 */
public record ScanType(@JsonValue String value) {

    /** {@code quick}. */
    public static final ScanType QUICK = new ScanType("quick");

    /** {@code standard}. */
    public static final ScanType STANDARD = new ScanType("standard");

    /** {@code compliance}. */
    public static final ScanType COMPLIANCE = new ScanType("compliance");

    /** Returns the type for a word from the wire. */
    @JsonCreator
    public static ScanType of(String value) {
        return new ScanType(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
