package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A server in virtual time that counts what it allows, and refuses the rest; its answers take a while each way. */
final class PacedServer implements Exchange {

    /** How it counts. */
    interface Rule {
        /** Whether one more is allowed now. */
        boolean allow(long nowNanos);

        long remaining(long nowNanos);

        /** In how many nanoseconds the quota is full again, or the window over. */
        long resetIn(long nowNanos);

        int limit();
    }

    private final Rule rule;
    private final Scheduler time;
    private final RateLimitTracking tracking;
    private final SplittableRandom random;
    private final double minMillis;
    private final double maxMillis;
    double lostHeaders;
    boolean reports = true;
    /** What a refusal asks to wait, or null. */
    Duration asks;

    int allowed;
    int refused;

    PacedServer(Rule rule, Scheduler time, RateLimitTracking tracking, long seed, double minMillis, double maxMillis) {
        this.rule = rule;
        this.time = time;
        this.tracking = tracking;
        this.random = new SplittableRandom(seed);
        this.minMillis = minMillis;
        this.maxMillis = maxMillis;
    }

    private Mono<Long> way() {
        long nanos = (long) ((minMillis + random.nextDouble() * (maxMillis - minMillis)) * 1e6 / 2);
        return Mono.delay(Duration.ofNanos(Math.max(1, nanos)), time);
    }

    long now() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    @Override
    public Mono<Reply> exchange(Call sent) {
        Attempt call = Attempt.of(sent);
        return Mono.defer(() -> {
            call.dispatched(true);
            return way().flatMap(arrived -> {
                boolean ok = rule.allow(now());
                if (ok) {
                    allowed++;
                } else {
                    refused++;
                }
                ResponseHead head = head(ok);
                return way().flatMap(back -> answer(call, head));
            });
        });
    }

    /** Somebody else spends of the same quota. */
    boolean foreignUse() {
        return rule.allow(now());
    }

    private ResponseHead head(boolean ok) {
        if (!reports || random.nextDouble() < lostHeaders) {
            return new ResponseHead(ok ? 200 : 429, Headers.none());
        }
        long reset = (long) Math.ceil(rule.resetIn(now()) / 1e9);
        return new ResponseHead(
                ok ? 200 : 429,
                Headers.of(
                        "x-ratelimit-limit", Integer.toString(rule.limit()),
                        "x-ratelimit-remaining", Long.toString(rule.remaining(now())),
                        "x-ratelimit-reset", Long.toString(reset)));
    }

    private Mono<Reply> answer(Attempt call, ResponseHead head) {
        call.answered(head.status());
        tracking.onHead(call, head);
        if (head.status() == 200) {
            return Mono.just(Plans.reply(200, "ok"));
        }
        Failure refusal = Failure.of(ErrorKind.RATE_LIMITED, Certainty.REJECTED, Retryability.TRANSIENT, "429")
                .withStatus(429)
                .withRetryAfter(asks);
        tracking.onFailure(call, head, refusal);
        return Mono.error(new ApiException(refusal));
    }

    static Rule fixed(int limit, Duration window) {
        return new Rule() {
            private long began = Long.MIN_VALUE;
            private int used;

            private void roll(long now) {
                long index = Math.floorDiv(now, window.toNanos());
                if (index != began) {
                    began = index;
                    used = 0;
                }
            }

            @Override
            public boolean allow(long now) {
                roll(now);
                return used < limit && used++ < limit;
            }

            @Override
            public long remaining(long now) {
                roll(now);
                return (long) limit - used;
            }

            @Override
            public long resetIn(long now) {
                return window.toNanos() - Math.floorMod(now, window.toNanos());
            }

            @Override
            public int limit() {
                return limit;
            }
        };
    }

    static Rule sliding(int limit, Duration window) {
        return new Rule() {
            private final ArrayDeque<Long> log = new ArrayDeque<>();

            private void roll(long now) {
                while (!log.isEmpty() && now - log.peek() >= window.toNanos()) {
                    log.poll();
                }
            }

            @Override
            public boolean allow(long now) {
                roll(now);
                if (log.size() >= limit) {
                    return false;
                }
                log.add(now);
                return true;
            }

            @Override
            public long remaining(long now) {
                roll(now);
                return (long) limit - log.size();
            }

            @Override
            public long resetIn(long now) {
                roll(now);
                return log.isEmpty() ? 0 : window.toNanos() - (now - log.peek());
            }

            @Override
            public int limit() {
                return limit;
            }
        };
    }

    static Rule bucket(int limit, Duration window) {
        return new Rule() {
            private double tokens = limit;
            private long at = Long.MIN_VALUE;

            private void roll(long now) {
                if (at != Long.MIN_VALUE) {
                    tokens = Math.min(limit, tokens + (double) (now - at) * limit / window.toNanos());
                }
                at = now;
            }

            @Override
            public boolean allow(long now) {
                roll(now);
                if (tokens < 1) {
                    return false;
                }
                tokens--;
                return true;
            }

            @Override
            public long remaining(long now) {
                roll(now);
                return (long) tokens;
            }

            @Override
            public long resetIn(long now) {
                roll(now);
                return (long) ((limit - tokens) * window.toNanos() / limit);
            }

            @Override
            public int limit() {
                return limit;
            }
        };
    }
}
