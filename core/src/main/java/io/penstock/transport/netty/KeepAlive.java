package io.penstock.transport.netty;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The statement of a response about its connection, and how long its server keeps it idle ({@code Keep-Alive}, RFC 2068 §19.7.1.1). */
final class KeepAlive {

    /** The result for a response that sets no limit. */
    static final long UNLIMITED = Long.MAX_VALUE;

    /** The result for a connection that must not be used again. */
    static final long NONE = 0;

    private static final String NAME = "keep-alive";

    /** The server closes the connection by its own clock, while the next request may be on its way. */
    private static final long MARGIN_SECONDS = 1;

    private KeepAlive() {}

    /**
     * Returns whether the connection may carry another request (RFC 9112 §9.3). One of HTTP/1.0 does not: the codec does
     * not compare several lengths there, so the end of the response may be another one.
     */
    static boolean isPersistent(HttpResponse response) {
        return response.protocolVersion().equals(HttpVersion.HTTP_1_1) && HttpUtil.isKeepAlive(response);
    }

    /**
     * Returns for how many nanoseconds the connection may stay idle: the timeout that the header gives, less a margin
     * of a second. A {@code max} of 0 means that no more requests are taken. What cannot be read sets no limit.
     */
    static long idleNanos(HttpHeaders headers) {
        String value = headers.get(NAME);
        if (value == null) {
            return UNLIMITED;
        }
        long seconds = Long.MAX_VALUE;
        for (String parameter : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? "" : parameter.substring(0, equals).strip();
            long given =
                    equals < 0 ? -1 : number(parameter.substring(equals + 1).strip());
            if (given >= 0 && name.equals("timeout")) {
                seconds = given;
            } else if (given == 0 && name.equals("max")) {
                return NONE;
            }
        }
        return seconds == Long.MAX_VALUE
                ? UNLIMITED
                : seconds <= MARGIN_SECONDS ? NONE : TimeUnit.SECONDS.toNanos(seconds - MARGIN_SECONDS);
    }

    /** Returns a number of seconds or requests, or -1. */
    private static long number(String text) {
        String digits = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return -1;
            }
        }
        return digits.isEmpty() || digits.length() > 9 ? -1 : Long.parseLong(digits);
    }
}
