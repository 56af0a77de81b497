package io.penstock.test;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.request.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A transport that plays what {@link CassetteRecorder} has recorded, without a network:
 *
 * <pre>{@code
 * CassettePlayer player = CassettePlayer.of(Path.of("src/test/cassettes/scans.json"));
 * ApiClient client = Pentify.configure().secret(Secret.of("any")).transport(player).build();
 * …
 * assertThat(player.unused()).isEmpty();
 * }</pre>
 *
 * <p>A request takes the first exchange that no other has taken and that has the same method, path, query and body. The
 * order of query parameters does not matter, unless they have one name. Equal requests get their answers in the recorded
 * order. A mask on the cassette matches any text, so that the secret of the test need not be the recorded one. A request
 * that is not on the cassette fails with {@code INVALID_REQUEST} and is not retried.
 *
 * <p>A recorded failure fails in the same way. Waits are not recorded: a call waits as long as the answers ask for, on
 * the client's scheduler, which may be one of virtual time. An answer is emitted on the thread that asks. Thread-safe.
 */
public final class CassettePlayer implements Transport {

    private final Path file;
    private final int size;
    private final List<CassetteExchange> left;
    private boolean closed;

    private CassettePlayer(Cassette cassette) {
        this.file = cassette.file();
        this.size = cassette.exchanges().size();
        this.left = new ArrayList<>(cassette.exchanges());
    }

    /**
     * Reads a cassette. It blocks.
     *
     * @throws ApiException INVALID_CONFIGURATION if the file cannot be read, is no cassette, or has a format of another
     *     version
     */
    public static CassettePlayer of(Path file) {
        return new CassettePlayer(Cassette.read(file));
    }

    /** Returns the recorded requests that have not been made yet, each with its method, path and query. */
    public synchronized List<String> unused() {
        return left.stream().map(exchange -> exchange.request().describe()).toList();
    }

    @Override
    public Mono<Reply> exchange(Attempt attempt, Receiver receiver) {
        return Mono.defer(() -> {
            CassetteExchange exchange = take(attempt.plan());
            CassetteExchange.Answer answer = exchange.answer();
            CassetteExchange.Loss loss = exchange.failure();
            if (loss != null) {
                return failed(attempt, receiver, answer, loss);
            }
            Objects.requireNonNull(answer, "answer");
            byte[] body = answer.body().bytes();
            return ScriptedTransport.played(
                    attempt, receiver, new ResponseHead(answer.status(), headers(answer, body)), body, !answer.cut());
        });
    }

    private static Mono<Reply> failed(
            Attempt attempt, Receiver receiver, CassetteExchange.@Nullable Answer answer, CassetteExchange.Loss loss) {
        if (answer != null || loss.certainty() != Certainty.NOT_SENT) {
            attempt.dispatched(false);
        }
        if (answer != null) {
            attempt.answered(answer.status());
            receiver.onHead(attempt, new ResponseHead(answer.status(), headers(answer, new byte[0])));
        }
        return Mono.error(
                new ApiException(Failure.of(loss.kind(), loss.certainty(), Retryability.TRANSIENT, loss.message())));
    }

    /** Returns the recorded headers with the length of the body as it is played: masks may have changed it. */
    private static Headers headers(CassetteExchange.Answer answer, byte[] body) {
        List<String> headers = new ArrayList<>(answer.headers());
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equals("content-length") && body.length > 0 && !answer.cut()) {
                headers.set(i + 1, Integer.toString(body.length));
            }
        }
        return Headers.of(headers.toArray(new String[0]));
    }

    private synchronized CassetteExchange take(Plan plan) {
        if (closed) {
            throw new ApiException(Failure.of(
                    ErrorKind.CLIENT_CLOSED, Certainty.NOT_SENT, Retryability.PERMANENT, "the client is closed"));
        }
        String path = plan.uri().getRawPath();
        String query = Objects.requireNonNullElse(plan.uri().getRawQuery(), "");
        CassetteBody body = CassetteRecorder.sent(plan.body());
        String near = null;
        for (CassetteExchange exchange : left) {
            CassetteExchange.Request recorded = exchange.request();
            if (recorded.method().equals(plan.method().name()) && CassetteBody.matches(recorded.path(), path)) {
                if (!matches(recorded.query(), query)) {
                    near = near == null ? "with another query" : near;
                } else if (!recorded.body().matches(body)) {
                    near = "with another body";
                } else {
                    left.remove(exchange);
                    return exchange;
                }
            }
        }
        throw ApiException.invalidRequest(plan.method() + " " + plan.target() + ": not on the cassette " + file
                + " (expected: " + expected(near) + "; record the run anew if its requests have changed)");
    }

    private String expected(@Nullable String near) {
        if (left.isEmpty()) {
            return "no more requests, all " + size + " of it were made";
        }
        return "one of the " + left.size() + " requests that are left, first "
                + left.get(0).request().describe()
                + (near == null ? "" : "; this one is there " + near);
    }

    private static boolean matches(String recorded, String sent) {
        if (recorded.isEmpty() || sent.isEmpty()) {
            return recorded.equals(sent);
        }
        String[] expected = sorted(recorded);
        String[] seen = sorted(sent);
        if (expected.length != seen.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!CassetteBody.matches(expected[i], seen[i])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the parameters in the order of their names, and those of one name in the order of the query. */
    private static String[] sorted(String query) {
        String[] pairs = query.split("&", -1);
        Arrays.sort(pairs, (one, other) -> name(one).compareTo(name(other)));
        return pairs;
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? pair : pair.substring(0, equals);
    }

    @Override
    public Mono<Void> closeLater() {
        return Mono.fromRunnable(() -> {
            synchronized (this) {
                closed = true;
            }
        });
    }

    @Override
    public List<ConnectionStats> connections() {
        return List.of();
    }

    @Override
    public synchronized String describe() {
        return "cassette " + file + ", " + left.size() + " of " + size + " exchanges left";
    }
}
