package io.penstock.ratelimit;

/**
 * The names under which a server reports its quota; compared without case.
 *
 * @param limit how many requests a window allows
 * @param remaining how many of them are left
 * @param reset when the window ends: seconds from now, epoch seconds, epoch milliseconds or an ISO instant
 */
public record HeaderFamily(String limit, String remaining, String reset) {

    /** {@code X-RateLimit-Limit}, {@code -Remaining}, {@code -Reset}. */
    public static HeaderFamily xRateLimit() {
        return new HeaderFamily("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset");
    }

    /** {@code RateLimit-Limit}, {@code -Remaining}, {@code -Reset}, as earlier drafts of the IETF had them. */
    public static HeaderFamily rateLimit() {
        return new HeaderFamily("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset");
    }
}
