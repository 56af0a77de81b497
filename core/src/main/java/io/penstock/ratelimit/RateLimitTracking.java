package io.penstock.ratelimit;

import io.penstock.Headers;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.HeadListener;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.ResponseHead;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads what the head of every response says about the quota, and remembers it by partition. It holds nothing back: the
 * admission gate will, at its own stage.
 *
 * <p>A reset may be seconds from now, epoch seconds, epoch milliseconds or an ISO instant; they are told apart by
 * magnitude (below 10<sup>9</sup>, below 10<sup>11</sup>, above) and corrected with the response's {@code Date}. A value that
 * is none of these is ignored and noted in the journey.
 */
public final class RateLimitTracking implements Operator, HeadListener {

    private static final String DEFAULT_PARTITION = "default";
    private static final long EPOCH_SECONDS_FROM = 1_000_000_000L;
    private static final long EPOCH_MILLIS_FROM = 100_000_000_000L;

    private final @Nullable HeaderFamily family;
    private final List<DeclaredLimit> limits;
    private final boolean perOperation;
    private final ConcurrentMap<String, Quota> quotas = new ConcurrentHashMap<>();

    /**
     * A tracker.
     *
     * @param family the headers in which the server reports its quota, or null if it reports none
     * @param limits the published limits, which name the partitions
     */
    public RateLimitTracking(@Nullable HeaderFamily family, List<DeclaredLimit> limits) {
        this(family, limits, false);
    }

    /**
     * A tracker.
     *
     * @param perOperation whether each operation (method and path template) has a quota of its own
     */
    public RateLimitTracking(@Nullable HeaderFamily family, List<DeclaredLimit> limits, boolean perOperation) {
        this.perOperation = perOperation;
        this.family = family;
        this.limits = List.copyOf(limits);
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        return next.exchange(call);
    }

    @Override
    public void onHead(Call call, ResponseHead head) {
        boolean refused = head.status() == 429 || head.status() == 503;
        if (family == null && !refused) {
            return;
        }
        Headers headers = head.headers();
        long nowMillis = call.scheduler().now(TimeUnit.MILLISECONDS);
        Instant blockedUntil = refused ? blockedUntil(headers, nowMillis) : null;
        long limit = -1;
        long remaining = -1;
        Instant resetsAt = null;
        if (family != null) {
            limit = number(call, headers, family.limit());
            remaining = number(call, headers, family.remaining());
            resetsAt = reset(call, headers, family.reset(), nowMillis);
        }
        if (head.status() == 429 && resetsAt != null && resetsAt.toEpochMilli() > nowMillis) {
            call.quotaResetsIn(Duration.ofMillis(resetsAt.toEpochMilli() - nowMillis));
        }
        if (limit >= 0 || remaining >= 0 || resetsAt != null || blockedUntil != null) {
            String partition = partition(call);
            quotas.merge(
                    partition,
                    new Quota(partition, limit, remaining, resetsAt, blockedUntil),
                    (known, heard) -> heard(known, heard, nowMillis));
        }
    }

    /** Answers arrive out of order: one that says nothing of a block does not end it. */
    private static Quota heard(Quota known, Quota heard, long nowMillis) {
        Instant block = known.blockedUntil();
        boolean lasting = heard.blockedUntil() == null && block != null && block.toEpochMilli() > nowMillis;
        return lasting
                ? new Quota(heard.partition(), heard.limit(), heard.remaining(), heard.resetsAt(), block)
                : heard;
    }

    private static @Nullable Instant blockedUntil(Headers headers, long nowMillis) {
        RetryAfter.Hint hint = RetryAfter.of(headers, nowMillis);
        Duration wait = hint == null ? null : hint.delay();
        return wait == null ? null : Instant.ofEpochMilli(nowMillis).plus(wait);
    }

    /** Whether less than that share of the quota that a call would spend is left, as far as the server has told. */
    public boolean isScarce(Call call, double share) {
        Quota quota = quotas.get(partition(call));
        if (quota == null) {
            return false;
        }
        long nowMillis = call.scheduler().now(TimeUnit.MILLISECONDS);
        Instant block = quota.blockedUntil();
        if (block != null && block.toEpochMilli() > nowMillis) {
            return true;
        }
        Instant reset = quota.resetsAt();
        boolean over = reset != null && reset.toEpochMilli() <= nowMillis;
        return !over && quota.remaining() >= 0 && quota.remaining() < quota.limit() * share;
    }

    private String partition(Call call) {
        return perOperation ? call.plan().operation() : partition(call.plan().target());
    }

    /** The partition that governs a path from the root of the origin. */
    String partition(String path) {
        String open = DEFAULT_PARTITION;
        for (DeclaredLimit limit : limits) {
            if (limit.paths().contains(path)) {
                return limit.name();
            }
            if (limit.paths().isEmpty()) {
                open = limit.name();
            }
        }
        return open;
    }

    private static long number(Call call, Headers headers, String name) {
        String text = headers.first(name);
        if (text == null) {
            return -1;
        }
        long value = digits(text.strip());
        if (value < 0) {
            call.note("header " + name + " ignored: not a whole number");
        }
        return value;
    }

    private static @Nullable Instant reset(Call call, Headers headers, String name, long nowMillis) {
        String text = headers.first(name);
        if (text == null) {
            return null;
        }
        String value = text.strip();
        long number = digits(value);
        try {
            if (number < 0) {
                return skewCorrected(Instant.parse(value), headers, nowMillis);
            }
            if (number < EPOCH_SECONDS_FROM) {
                return Instant.ofEpochMilli(nowMillis).plusSeconds(number);
            }
            Instant absolute =
                    number < EPOCH_MILLIS_FROM ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
            return skewCorrected(absolute, headers, nowMillis);
        } catch (DateTimeException e) {
            call.note("header " + name + " ignored: neither a number of seconds or milliseconds nor an ISO instant");
            return null;
        }
    }

    /** An absolute time by the server's clock, moved to ours by the difference that its Date header shows. */
    private static Instant skewCorrected(Instant serverTime, Headers headers, long nowMillis) {
        Instant serverNow = HttpDate.parse(headers.first("date"));
        return serverNow == null ? serverTime : serverTime.plusMillis(nowMillis - serverNow.toEpochMilli());
    }

    /** A whole number of at most 18 digits, or -1. */
    private static long digits(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** What is known, a row for each partition that the server has spoken of. */
    public List<Quota> quotas() {
        return List.copyOf(quotas.values());
    }

    @Override
    public String describe() {
        String headers = family == null
                ? "no quota headers"
                : family.limit() + ", " + family.remaining() + ", " + family.reset();
        return headers + "; Retry-After; declared: " + (limits.isEmpty() ? "nothing" : limits);
    }
}
