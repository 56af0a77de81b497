package io.penstock.ratelimit;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The places in which a server states how long to wait before a request is sent again: headers, and members of an error
 * body.
 *
 * <p>The first header that makes sense counts; finer units come before coarser ones. Of several values of one header
 * the longest counts. The body is consulted only if no header makes sense. A value may be a number of the place's unit,
 * a duration such as {@code 3.5s}, an instant or an HTTP-date (RFC 9110 §10.2.3). A wait of more than 366 days is
 * capped at that, which is longer than any call lasts.
 *
 * @param headers the headers, in order of precedence
 * @param members the members of an error body, by their pointers, in order of precedence
 * @hidden
 */
@Internal
public record RetryAfter(List<Place> headers, List<Place> members) {

    private static final RetryAfter USUAL = new RetryAfter(
            List.of(
                    Place.millis("retry-after-ms"),
                    Place.millis("x-ms-retry-after-ms"),
                    Place.millis("x-retry-after-ms"),
                    Place.seconds("Retry-After"),
                    Place.seconds("x-retry-after"),
                    Place.seconds("x-ratelimit-retry-after"),
                    Place.seconds("x-rate-limit-retry-after-seconds")),
            List.of());

    /** Copies the lists. */
    public RetryAfter {
        headers = List.copyOf(headers);
        members = List.copyOf(members);
        QuotaModel.checkHeaders(
                "headers of waits", headers.stream().map(Place::name).toList());
    }

    /**
     * A header or a member of a body that holds a wait.
     *
     * @param name the name of the header, without regard to case; or the pointer to the member
     * @param unit the unit of plain numbers
     * @hidden
     */
    public record Place(String name, TimeUnit unit) {

        /** Checks the name: {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Place {
            if (name.isBlank()) {
                throw ApiException.invalidConfiguration(
                        "wait: in a place without a name (expected: a header or a pointer)");
            }
        }

        /** Returns a place whose plain numbers are seconds. */
        public static Place seconds(String name) {
            return new Place(name, TimeUnit.SECONDS);
        }

        /** Returns a place whose plain numbers are milliseconds. */
        public static Place millis(String name) {
            return new Place(name, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * The wait that a server has asked for.
     *
     * @param delay the time to wait, at most {@link TimeNotation#LONGEST}; or null if the value makes no sense
     * @param note a note for the journey, without the value; or null
     * @hidden
     */
    public record Hint(@Nullable Duration delay, @Nullable String note) {}

    /**
     * Returns the headers that are in common use: {@code retry-after-ms}, {@code x-ms-retry-after-ms} and
     * {@code x-retry-after-ms} in milliseconds; {@code Retry-After}, {@code x-retry-after},
     * {@code x-ratelimit-retry-after} and {@code x-rate-limit-retry-after-seconds} in seconds. No member of a body.
     */
    public static RetryAfter usual() {
        return USUAL;
    }

    /** Returns a copy that reads the given header first. */
    public RetryAfter withHeader(String name, TimeUnit unit) {
        List<Place> all = new ArrayList<>(headers);
        all.add(0, new Place(name, unit));
        return new RetryAfter(all, members);
    }

    /** Returns a copy that reads only the given headers. */
    public RetryAfter withHeaders(Place... places) {
        return new RetryAfter(List.of(places), members);
    }

    /** Returns a copy that reads only the given members of an error body. */
    public RetryAfter withMembers(Place... places) {
        return new RetryAfter(headers, List.of(places));
    }

    /**
     * Returns the hint in the headers of a response, or null if it has none.
     *
     * @param nowMillis the client's wall clock
     */
    public @Nullable Hint of(Headers response, long nowMillis) {
        Hint rest = null;
        for (int i = 0; i < headers.size(); i++) {
            Place place = headers.get(i);
            if (response.contains(place.name())) {
                long nanos = TimeNotation.UNREADABLE;
                for (String text : response.all(place.name())) {
                    nanos = TimeNotation.later(nanos, TimeNotation.untilRetry(text, place.unit(), response, nowMillis));
                }
                Hint hint = hint(place.name(), nanos);
                if (nanos >= 0) {
                    return hint;
                }
                rest = rest == null || (rest.delay() == null && hint.delay() != null) ? hint : rest;
            }
        }
        return rest;
    }

    /**
     * Returns the hint in a member of a body.
     *
     * @param response the headers of the same response, for its {@code Date}
     * @param nowMillis the client's wall clock
     */
    public static Hint ofMember(String text, Place member, Headers response, long nowMillis) {
        return hint("wait in the body", TimeNotation.untilRetry(text, member.unit(), response, nowMillis));
    }

    private static Hint hint(String where, long nanos) {
        if (nanos >= 0) {
            return new Hint(Duration.ofNanos(nanos), null);
        }
        return nanos == TimeNotation.TOO_LONG
                ? new Hint(
                        TimeNotation.LONGEST,
                        where + " of more than " + TimeNotation.LONGEST.toDays() + " days: taken for so many")
                : new Hint(null, where + " ignored: " + whyNot(nanos));
    }

    /** Returns the reason why there is no time, for journeys. */
    static String whyNot(long reason) {
        return reason == TimeNotation.PAST
                ? "in the past"
                : "neither a number, nor a duration, nor an instant, nor a date";
    }
}
