package io.penstock.test.simulator.invicti;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** The form of timestamps in bodies. The pages differ. */
public enum TimestampForm {
    /** {@link #OFFSET_MICROS} in scans and their results (page "s2-launch"), {@link #UTC_SECONDS} elsewhere. */
    AS_DOCUMENTED,
    /** {@code 2024-03-01T10:00:00Z}. */
    UTC_SECONDS,
    /** {@code 2026-03-17T12:50:16.974280+00:00}. */
    OFFSET_MICROS;

    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    String dast(Instant at) {
        return this == UTC_SECONDS ? seconds(at) : micros(at);
    }

    String platform(Instant at) {
        return this == OFFSET_MICROS ? micros(at) : seconds(at);
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String micros(Instant at) {
        return MICROS.format(at.atOffset(ZoneOffset.UTC));
    }
}
