package io.penstock.test.simulator.ixon;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that the API refuses. The messages of the page "common-errors" are literal; the others are marked as
 * undocumented in place.
 */
final class Refusal extends RuntimeException {

    static final String AUTHORIZATION = "Authorization";
    static final String INVALID = "Invalid value";
    static final String REQUIRED_HEADER = "Required header";
    static final String TOO_SHORT = "Value is too short";
    static final String TOO_LONG = "Value is too long";
    static final String MALFORMED = "Value does not match regex expression";
    static final String TWO_FACTOR = "2FA is required";
    /** Undocumented. */
    static final String NOT_FOUND = "Not found";
    /** Undocumented. */
    static final String REQUIRED = "Required property";

    private static final long serialVersionUID = 1L;

    final Kind kind;
    final transient List<Item> items;
    /** The time until the address or the company is admitted again; 0 if no limit is the reason. */
    final long waitMillis;

    private Refusal(Kind kind, List<Item> items, long waitMillis) {
        super(items.get(0).message(), null, false, false);
        this.kind = kind;
        this.items = items;
        this.waitMillis = waitMillis;
    }

    static Refusal authorization(String message) {
        return new Refusal(Kind.AUTHENTICATION, List.of(new Item(message, AUTHORIZATION, null)), 0);
    }

    static Refusal twoFactor() {
        return new Refusal(Kind.AUTHENTICATION, List.of(new Item(TWO_FACTOR, null, null)), 0);
    }

    static Refusal invalid(String message, @Nullable String propertyName) {
        return new Refusal(Kind.VALIDATION, List.of(new Item(message, propertyName, null)), 0);
    }

    static Refusal notFound(@Nullable String propertyName) {
        return new Refusal(Kind.NOT_FOUND, List.of(new Item(NOT_FOUND, propertyName, null)), 0);
    }

    /** Returns the refusal of a bulk request. It is "not found" only if no element has another error. */
    static Refusal bulk(List<Item> items) {
        boolean notFound = items.stream().allMatch(item -> item.message().equals(NOT_FOUND));
        return new Refusal(notFound ? Kind.NOT_FOUND : Kind.VALIDATION, List.copyOf(items), 0);
    }

    static Refusal rateLimited(long waitMillis) {
        return new Refusal(Kind.RATE_LIMITED, List.of(Item.of("Rate limit exceeded")), waitMillis);
    }

    static Refusal tooMuch() {
        return new Refusal(Kind.TIMED_OUT, List.of(Item.of("Gateway timeout")), 0);
    }

    /** The kinds that decide on the status. */
    enum Kind {
        AUTHENTICATION,
        VALIDATION,
        NOT_FOUND,
        RATE_LIMITED,
        TIMED_OUT
    }

    /**
     * One error of a request.
     *
     * @param listIndex index in a bulk request
     */
    record Item(
            String message,
            @Nullable String propertyName,
            @Nullable Integer listIndex) {
        static Item of(String message) {
            return new Item(message, null, null);
        }

        static Item at(int listIndex, String message, String propertyName) {
            return new Item(message, propertyName, listIndex);
        }
    }
}
