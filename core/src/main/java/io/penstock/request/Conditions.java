package io.penstock.request;

import io.netty.handler.codec.DateFormatter;
import io.penstock.error.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.regex.Pattern;

/** The values of conditional headers (RFC 9110 §13.1), and what a condition means for sending a request twice. */
final class Conditions {

    private static final Pattern ENTITY_TAG =
            Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\""); // RFC 9110 §8.8.3

    /** From this age on a date is a strong validator, although it has a resolution of one second (RFC 9110 §8.8.2.2). */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private Conditions() {}

    static String entityTag(String tag) {
        if (!ENTITY_TAG.matcher(tag).matches()) {
            throw ApiException.invalidRequest(
                    "entity tag: no quoted text (expected: the ETag of a response as it is, with its quotes)");
        }
        return tag;
    }

    static String httpDate(Instant date) {
        return DateFormatter.format(Date.from(date));
    }

    /** Returns whether the conditions of a request let it act on one version of the resource only. */
    static boolean nameVersion(ApiRequest<?> request) {
        if (request.headers().isEmpty()) {
            return false;
        }
        String tags = request.headerValue("if-match");
        if (tags != null) {
            return !tags.strip().equals("*");
        }
        String date = request.headerValue("if-unmodified-since");
        return date != null && isSettled(date);
    }

    /** A date that cannot be read is not settled: the server may not understand it either. */
    private static boolean isSettled(String date) {
        Date unmodified = DateFormatter.parseHttpDate(date.strip());
        return unmodified != null && unmodified.toInstant().plus(SETTLED).isBefore(Instant.now());
    }
}
