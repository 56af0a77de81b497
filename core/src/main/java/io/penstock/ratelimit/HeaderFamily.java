package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The headers in which a server reports its quota. Names are compared without case.
 *
 * <p>{@link #auto()} finds the headers of unknown servers. If the documentation names them, the named family costs less
 * and cannot be mistaken for another.
 */
public sealed interface HeaderFamily {

    /**
     * A family with one header for each of the three numbers.
     *
     * @param limit the header for the requests that a window allows; a list may follow the number, as in
     *     {@code 100, 100;w=60}
     * @param remaining the header for the requests that are left
     * @param reset the header for the end of the window: seconds from now, epoch seconds, epoch milliseconds, a
     *     duration as in {@code 6m0s}, an ISO instant or an HTTP-date
     * @param band the rule that tells plain numbers of the reset apart
     */
    record Named(String limit, String remaining, String reset, Band band) implements HeaderFamily {

        /** Checks the names: {@link ApiException} of kind INVALID_CONFIGURATION if one cannot be a header, or is given twice. */
        public Named {
            QuotaModel.checkHeader("quota headers", limit);
            QuotaModel.checkHeader("quota headers", remaining);
            QuotaModel.checkHeader("quota headers", reset);
            String twice = limit.equalsIgnoreCase(remaining) || limit.equalsIgnoreCase(reset)
                    ? limit
                    : remaining.equalsIgnoreCase(reset) ? reset : null;
            if (twice != null) {
                throw ApiException.invalidConfiguration("quota headers: " + twice
                        + " twice (expected: one header each for limit, remaining and reset)");
            }
        }

        /** Returns a copy with the given rule for plain numbers of the reset. */
        public Named withBand(Band newBand) {
            return new Named(limit, remaining, reset, newBand);
        }

        private Map<String, String> headers(long limitUnits, long remainingUnits, long resetNumber) {
            return Map.of(
                    limit, Long.toString(limitUnits),
                    remaining, Long.toString(remainingUnits),
                    reset, Long.toString(resetNumber));
        }

        @Override
        public String toString() {
            return limit + ", " + remaining + ", " + reset;
        }
    }

    /** {@code RateLimit} and {@code RateLimit-Policy}: structured fields (RFC 8941) with one member for each policy. */
    record Structured() implements HeaderFamily {
        @Override
        public String toString() {
            return "ratelimit, ratelimit-policy";
        }
    }

    /**
     * The first of several families that a response has.
     *
     * @param families the families, in order of preference
     */
    record AnyOf(List<HeaderFamily> families) implements HeaderFamily {

        /** Copies the families: {@link ApiException} of kind INVALID_CONFIGURATION if there are none. */
        public AnyOf {
            if (families.isEmpty()) {
                throw ApiException.invalidConfiguration("quota headers: no family (expected: at least one)");
            }
            families = List.copyOf(families);
            for (int i = 0; i < families.size(); i++) {
                if (families.subList(0, i).contains(families.get(i))) {
                    throw ApiException.invalidConfiguration(
                            "quota headers: " + families.get(i) + " twice (expected: each family once)");
                }
            }
        }

        @Override
        public String toString() {
            return "any quota headers";
        }
    }

    /**
     * The magnitudes from which on a plain number is no longer a number of seconds from now.
     *
     * @param epochSecondsFrom the least number of epoch seconds; smaller numbers are seconds from now
     * @param epochMillisFrom the least number of epoch milliseconds; those between the two are epoch seconds
     */
    record Band(long epochSecondsFrom, long epochMillisFrom) {

        /** Checks the order: {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Band {
            if (epochSecondsFrom < 0 || epochMillisFrom < epochSecondsFrom) {
                throw ApiException.invalidConfiguration("band of resets: epoch seconds from " + epochSecondsFrom
                        + ", epoch milliseconds from " + epochMillisFrom + " (expected: 0 <= the first <= the second)");
            }
        }

        /**
         * Returns 10<sup>9</sup> and 10<sup>11</sup>. As seconds from now, the first would be 31 years; as epoch
         * seconds, it was in 2001. As epoch seconds, the second would be the year 5138; as epoch milliseconds, it was
         * in 1973.
         */
        public static Band usual() {
            return new Band(1_000_000_000L, 100_000_000_000L);
        }

        /** Returns a band that reads all numbers as seconds from now. */
        public static Band seconds() {
            return new Band(Long.MAX_VALUE, Long.MAX_VALUE);
        }

        /** Returns a band that reads all numbers as epoch seconds. */
        public static Band epochSeconds() {
            return new Band(0, Long.MAX_VALUE);
        }

        /** Returns a band that reads all numbers as epoch milliseconds. */
        public static Band epochMillis() {
            return new Band(0, 0);
        }
    }

    /** Returns {@code X-RateLimit-Limit}, {@code -Remaining}, {@code -Reset}. */
    static Named xRateLimit() {
        return named("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset");
    }

    /** Returns {@code X-Rate-Limit-Limit}, {@code -Remaining}, {@code -Reset}. */
    static Named xRateLimitHyphenated() {
        return named("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset");
    }

    /** Returns {@code X-RateLimit-Limit-Requests}, {@code -Remaining-Requests}, {@code -Reset-Requests}. */
    static Named xRateLimitRequests() {
        return named("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
    }

    /** Returns {@code RateLimit-Limit}, {@code -Remaining}, {@code -Reset}, as in earlier IETF drafts. */
    static Named rateLimit() {
        return named("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset");
    }

    /** Returns {@code RateLimit} and {@code RateLimit-Policy}, as in the current IETF draft. */
    static Structured structured() {
        return new Structured();
    }

    /** Returns a family with headers of any other names. */
    static Named named(String limit, String remaining, String reset) {
        return new Named(limit, remaining, reset, Band.usual());
    }

    /** Returns the first known family that a response has, for servers whose headers are unknown. */
    static AnyOf auto() {
        return new AnyOf(
                List.of(xRateLimit(), structured(), rateLimit(), xRateLimitHyphenated(), xRateLimitRequests()));
    }

    /**
     * Returns the headers in which a server of this family would report these numbers, for simulators and tests.
     * {@link AnyOf} uses its first family.
     *
     * @throws ApiException INVALID_REQUEST if a number is negative, or if the family's {@link Band} would not read the reset as
     *     seconds from now; use {@link #sample(long, long, Duration, Instant)} for those
     */
    default Map<String, String> sample(long limit, long remaining, long resetSeconds) {
        if (limit < 0 || remaining < 0 || resetSeconds < 0) {
            throw ApiException.invalidRequest("sample of quota headers: limit " + limit + ", remaining " + remaining
                    + ", reset " + resetSeconds + " (expected: >= 0 each)");
        }
        if (this instanceof Named named) {
            if (resetSeconds >= named.band().epochSecondsFrom()) {
                throw ApiException.invalidRequest("sample of quota headers: " + named.reset() + " " + resetSeconds
                        + " (expected: a number that this family reads as seconds from now, below "
                        + named.band().epochSecondsFrom() + "; or sample(limit, remaining, resetIn, now))");
            }
            return named.headers(limit, remaining, resetSeconds);
        }
        if (this instanceof AnyOf any) {
            return any.families().get(0).sample(limit, remaining, resetSeconds);
        }
        return Map.of(
                "ratelimit", "\"default\";r=" + remaining + ";t=" + resetSeconds,
                "ratelimit-policy", "\"default\";q=" + limit);
    }

    /**
     * Returns the headers in which a server of this family would report a reset that is this far from now, in the notation that
     * the family reads: seconds from now, epoch seconds or epoch milliseconds.
     */
    default Map<String, String> sample(long limit, long remaining, Duration resetIn, Instant now) {
        if (!(this instanceof Named named) || resetIn.toSeconds() < named.band().epochSecondsFrom()) {
            return sample(limit, remaining, resetIn.toSeconds());
        }
        Instant reset = now.plus(resetIn);
        boolean seconds = reset.getEpochSecond() < named.band().epochMillisFrom();
        return named.headers(limit, remaining, seconds ? reset.getEpochSecond() : reset.toEpochMilli());
    }
}
