package io.penstock.test.fuzz;

import io.penstock.ApiClient;
import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadTarget;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorShape;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.polling.JobShape;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.proof.LaneClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A client and a server that says odd things, for some calls in waves; afterwards the server is well, and the client has to
 * find that out in time. All of it follows from a seed but the order of what happens at once.
 *
 * <p>Time is the client's: it leaps over waits that nothing but time can end.
 */
final class Episode {

    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
    private static final int WAVES = 12;
    private static final int MOST_AT_ONCE = 5;
    /** After so many waves of which the server hears nothing it is time to see when it does. */
    private static final int MOST_SILENT = 2;

    private static final int MOST_VALUES = 200;
    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration LONG_STEP = Duration.ofSeconds(5);
    private static final Duration LONGEST_SILENCE = Duration.ofHours(1);
    /** What the ticks of the clock and one attempt may add. */
    private static final Duration AROUND_IT = Duration.ofMinutes(2);

    private static final Duration WATCHED = Duration.ofMinutes(2);
    private static final long REAL_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = 250_000;
    private static final String SEND = "x-send";

    /** What items are read as. */
    record Row(long id) {}

    private final long seed;
    private final Dice dice;
    private final Path directory;
    private final LaneClock clock = new LaneClock(START);
    private final Map<String, Trial> trials = new ConcurrentHashMap<>();
    private final Ledger tokens = new Ledger();
    private final List<String> faults = new ArrayList<>();
    private final TalkingServer server;
    private final ApiClient client;
    private final boolean failsInside;
    private volatile boolean well;
    private final AtomicInteger sends = new AtomicInteger();
    /** The sends that have not ended, by the number in their header. */
    private final Set<String> sending = ConcurrentHashMap.newKeySet();

    private int calls;

    Episode(long seed, Executor threads, Path directory) throws IOException {
        this.seed = seed;
        this.dice = new Dice(seed);
        this.directory = directory;
        this.failsInside = dice.chance(30);
        this.server = new TalkingServer(threads, this::say);
        this.client = client();
    }

    private ApiClient client() {
        URI base = URI.create("http://127.0.0.1:" + server.port() + "/v1/");
        ErrorShape shape = failsInside
                ? ErrorShape.nestedError().withRetryAfter("/error/retry_after")
                : dice.of(
                        ErrorShape.messageOnly(),
                        ErrorShape.messageAt("/error/message").withCode("/error/code"),
                        ErrorShape.messageAt("/error")
                                .withRetryAfter("/error/retry_after", "/error/details/retryAfter"));
        VendorSpec spec = VendorSpec.generic("fuzz", base)
                .withErrors(ErrorModel.byStatusOnly().withShape(shape))
                .withKeyPlacement(KeyPlacement.header("idempotency-key"));
        if (dice.chance(30)) {
            spec = spec.withQuota(spec.quota().namingPartitionsIn("x-ratelimit-resource"));
        } else if (dice.chance(20)) {
            spec = spec.withQuota(QuotaModel.unknown());
        }
        if (dice.chance(25)) {
            spec = spec.withCredential(CredentialScheme.bearer()
                    .exchangedBy(new TokenExchange(
                            "POST token",
                            secret -> ApiRequest.post("token")
                                    .body(Map.of("refresh_token", secret.reveal()))
                                    .idempotent(),
                            (answer, now) -> AccessToken.living(
                                    Secret.of(answer.path("access_token").asString("")),
                                    answer.path("expires_in").asString(null),
                                    now),
                            Duration.ofSeconds(60))));
        }
        GatePolicy gate = dice.of(
                GatePolicy.standard(),
                GatePolicy.standard().withMaxConcurrent(2),
                GatePolicy.standard().adapting());
        return ApiClient.builder(spec)
                .secret(Secret.of(Talk.SECRET))
                .retry(
                        dice.chance(50)
                                ? RetryPolicy.standard()
                                : RetryPolicy.standard().withMaxHint(Duration.ofHours(2)))
                .gate(gate)
                .scheduler(clock)
                .attemptTimeout(Duration.ofSeconds(10))
                .operator(Operator.Position.PER_ATTEMPT, Operator.of("counts", this::counted))
                .build();
    }

    /** The pool does not count those for which a connection is being made. */
    private Mono<Reply> counted(Call call, Exchange next) {
        return Mono.defer(() -> {
            String send = String.valueOf(sends.incrementAndGet());
            call.header(SEND, send);
            sending.add(send);
            return next.exchange(call).doFinally(end -> sending.remove(send));
        });
    }

    /** What was found, and how much was said. */
    record Account(List<String> faults, int answers, int calls, Map<String, Integer> ends) {}

    Account play() throws IOException {
        int answers = 0;
        Map<String, Integer> ends = new TreeMap<>();
        try (server) {
            int silent = 0;
            for (int wave = 0; wave < WAVES && faults.isEmpty() && silent < MOST_SILENT; wave++) {
                silent = wave() ? 0 : silent + 1;
            }
            for (Trial trial : trials.values()) {
                Judge.faults(trial, tokens).forEach(this::fault);
                answers += trial.ledger().said().size();
                ends.merge(end(trial), 1, Integer::sum);
            }
            answers += tokens.said().size();
            rest("after the calls");
            if (faults.isEmpty()) {
                recovers();
            }
            closes();
        }
        return new Account(faults, answers, calls, ends);
    }

    private static String end(Trial trial) {
        return trial.error() instanceof ApiException failure
                ? failure.kind().toString()
                : trial.isCancelled() ? "cancelled" : "success";
    }

    /** Returns whether the server was asked anything. */
    private boolean wave() {
        List<Trial> wave = new ArrayList<>();
        for (int i = 1 + dice.below(MOST_AT_ONCE); i > 0; i--) {
            wave.add(begin(dice.of(Ask.values()), dice.number(1, 5, 5, 20)));
        }
        goOnUntil(() -> wave.stream().allMatch(Trial::isOver), wave);
        return wave.stream().anyMatch(trial -> trial.ledger().requests() > 0);
    }

    private Trial begin(Ask ask, int seconds) {
        int number = ++calls;
        Trial trial = new Trial(ask, number, TimeUnit.SECONDS.toNanos(seconds), () -> clock.now(TimeUnit.NANOSECONDS));
        trials.put(String.valueOf(number), trial);
        trial.begins();
        publisher(ask, number, Duration.ofSeconds(seconds)).subscribe(trial);
        return trial;
    }

    private Publisher<?> publisher(Ask ask, int number, Duration deadline) {
        ApiRequest<?> request = asked(ask, number).deadline(deadline);
        return switch (ask) {
            case CURSORS -> client.pages(pages(request), Paging.cursor("after"));
            case NUMBERS ->
                client.pages(pages(request), Paging.number("page", 1).untilPage("/pages"));
            case OFFSETS -> client.pages(pages(request.query("limit", 3)), Paging.offset("offset", "limit", "/total"));
            case ELEMENTS -> client.stream(request.elementsAt("/items", Row.class));
            case LINES -> client.stream(request.lines(Row.class));
            case EVENTS -> client.events(request);
            case DOWNLOAD ->
                client.download(
                        request,
                        DownloadTarget.file(directory.resolve(Long.toHexString(seed) + "-" + number)),
                        DownloadOptions.standard());
            case POLL ->
                client.poll(Polling.of(
                                asked(ask, number).deadline(deadline),
                                JobShape.at(
                                        "/state", StateWords.succeeding("done").failing("error")))
                        .within(WATCHED));
            default -> client.execute(request);
        };
    }

    private static ApiRequest<Page<Row>> pages(ApiRequest<?> request) {
        return request.as(Payload.page(Row.class, List.of("items"), List.of("next")));
    }

    private static ApiRequest<JsonNode> asked(Ask ask, int number) {
        ApiRequest<JsonNode> request = switch (ask) {
            case POST -> ApiRequest.post("orders").body(Map.of("item", "pump"));
            case POST_KEYED ->
                ApiRequest.post("orders").body(Map.of("item", "pump")).idempotencyKey(IdempotencyKey.of("k" + number));
            case PUT -> ApiRequest.put("orders/1").body(Map.of("item", "valve"));
            case DELETE -> ApiRequest.delete("orders/1");
            case REDIRECTED -> ApiRequest.get("old").followRedirects(4);
            default -> ApiRequest.get("things/" + number);
        };
        return request.header("x-call", String.valueOf(number));
    }

    /** On a thread of a connection. */
    private Said say(TalkingServer.Heard request) {
        Instant now = Instant.ofEpochMilli(clock.now(TimeUnit.MILLISECONDS));
        if (request.target().startsWith("/v1/token")) {
            int asked = tokens.ask();
            Said said =
                    well ? wellToken() : new Talk(Dice.of(seed, -1 - asked), now, server.port(), failsInside).token();
            tokens.say(said);
            return said;
        }
        Trial trial = trials.get(request.header("x-call"));
        if (trial == null) {
            return wellSaid(); // a redirect to another origin, which is told nothing of the call
        }
        int asked = trial.ledger().ask();
        Said said = well
                ? wellSaid()
                : new Talk(Dice.of(seed, trial.number() * 1000L + asked), now, server.port(), failsInside)
                        .answer(trial.ask(), asked);
        if (said.acted()) {
            trial.ledger().act(request.headers().get("idempotency-key"));
        }
        trial.ledger().say(said);
        return said;
    }

    private static Said wellSaid() {
        return new Said(200, List.of("content-type: application/json"), "{\"id\":1}", true, Said.Manner.LENGTH);
    }

    private static Said wellToken() {
        return new Said(
                200,
                List.of("content-type: application/json"),
                "{\"access_token\":\"t\",\"expires_in\":3600}",
                false,
                Said.Manner.LENGTH);
    }

    /** Whatever was said: within an hour a call is sent again, and a server that is well gives it what it asks for. */
    private void recovers() {
        well = true;
        long from = clock.now(TimeUnit.NANOSECONDS);
        for (Duration waited = Duration.ZERO;
                waited.compareTo(LONGEST_SILENCE.plus(AROUND_IT)) < 0;
                waited = Duration.ofNanos(clock.now(TimeUnit.NANOSECONDS) - from)) {
            Trial trial = begin(
                    Ask.VALUE,
                    (int) LONGEST_SILENCE.plus(AROUND_IT).minus(waited).toSeconds() + 1);
            long began = System.nanoTime();
            while (!trial.isOver() && System.nanoTime() - began < REAL_PATIENCE_NANOS) {
                pass(LONG_STEP);
            }
            if (!trial.isOver()) {
                fault("recovery: call #" + trial.number() + " did not end, "
                        + client.inspect().connections());
                trial.giveUp();
                return;
            }
            if (trial.error() == null) {
                rest("after the recovery");
                return;
            }
            clock.jump(LONG_STEP);
        }
        fault("recovery: nothing came through within " + LONGEST_SILENCE + ": "
                + client.inspect().quotas() + " " + client.inspect().circuits() + " "
                + trials.get(String.valueOf(calls)).error());
    }

    private void goOnUntil(BooleanSupplier over, List<Trial> wave) {
        long began = System.nanoTime();
        while (!over.getAsBoolean()) {
            pass(STEP);
            for (Trial trial : wave) {
                if (!trial.isOver()
                        && trial.ask().isEndless()
                        && (trial.values() > MOST_VALUES || trial.tookNanos() > WATCHED.toNanos())) {
                    trial.giveUp();
                }
            }
            if (System.nanoTime() - began > REAL_PATIENCE_NANOS) {
                wave.stream().filter(trial -> !trial.isOver()).forEach(trial -> {
                    fault(trial.ask() + " #" + trial.number() + " did not end in "
                            + TimeUnit.NANOSECONDS.toSeconds(trial.tookNanos()) + " s of its clock; "
                            + client.inspect().connections()
                            + ", stalled " + stalled() + ", waiting "
                            + client.quota().waiting()
                            + "\n      " + trial.ledger().said());
                    trial.giveUp();
                });
            }
        }
    }

    /** Lets time pass: with the system's clock while something is under way, in leaps while only time can end a wait. */
    private void pass(Duration step) {
        clock.goOn();
        if (underWay() <= stalled()) {
            clock.jump(step);
        } else {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private int underWay() {
        int count = 0;
        for (ConnectionStats pool : client.inspect().connections()) {
            count += pool.active() + pool.pending();
        }
        return Math.max(count, sending.size());
    }

    /**
     * Returns how many of those under way wait for an answer that never comes. The server may notice later than the client
     * that a send has ended, and its place may be taken by another.
     */
    private long stalled() {
        return server.stalledRequests().stream()
                .map(request -> request.header(SEND))
                .filter(send -> send.isEmpty() || sending.contains(send))
                .count();
    }

    /** Nothing is under way or waits any more, once a renewal that was begun beside the calls has ended too. */
    private void rest(String when) {
        long began = System.nanoTime();
        while (underWay() > 0 || client.quota().waiting() > 0) {
            pass(STEP);
            if (System.nanoTime() - began > REAL_PATIENCE_NANOS) {
                fault(when + ": " + client.inspect().connections() + ", " + client.quota() + ", exchanges "
                        + tokens.requests() + ", stalled " + server.stalledRequests() + stalledTrials());
                return;
            }
        }
    }

    private String stalledTrials() {
        StringBuilder all = new StringBuilder();
        for (Trial trial : trials.values()) {
            if (trial.ledger().said().stream().anyMatch(said -> said.manner() == Said.Manner.STALLS)) {
                all.append("\n      ").append(trial.describe());
            }
        }
        return all.toString();
    }

    private void closes() {
        Trial closing = new Trial(Ask.VALUE, 0, 0, () -> clock.now(TimeUnit.NANOSECONDS));
        client.closeLater().subscribe(closing);
        long began = System.nanoTime();
        while (!closing.isOver()) {
            clock.goOn();
            LockSupport.parkNanos(LOOK_NANOS);
            if (System.nanoTime() - began > REAL_PATIENCE_NANOS) {
                fault("does not close");
                return;
            }
        }
    }

    private void fault(String what) {
        faults.add("episode " + seed + ": " + what);
    }
}
