package io.penstock.test;

import io.netty.buffer.ByteBuf;
import io.penstock.error.ApiException;
import io.penstock.http.ResponseHead;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.request.Plan;
import io.penstock.upload.RequestBody;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A recorder of everything that goes over the wire of a client, into a file that {@link CassettePlayer} plays without a
 * network.
 *
 * <pre>{@code
 * try (CassetteRecorder recorder = CassetteRecorder.to(Path.of("src/test/cassettes/scans.json"), key);
 *         ApiClient client = Pentify.configure().secret(key).aroundTransport(recorder::tap).build()) {
 *     …
 * }
 * }</pre>
 *
 * <p>{@link #close()} writes the file: one JSON object with an exchange for each attempt, in the order of the requests.
 * It holds no secret. Of the headers, only those of a list keep their values, and a mask takes the place of all others.
 * In paths, queries and bodies, the mask takes the place of the given secrets and of every credential that the run has
 * sent, in any spelling, and of the values whose name suggests a secret, such as {@code access_token}. Other data of a
 * body, such as names of people, is recorded: read the file before you publish it.
 *
 * <p>An attempt that was cancelled before its answer, as by a timeout, is left out. Of a request body that is read while
 * it is sent, the content is left out.
 *
 * <p>Thread-safe. It copies bodies on the event loop and writes only in {@link #close()}.
 */
public final class CassetteRecorder implements AutoCloseable {

    /** The longest body that is recorded, in bytes. */
    static final int LONGEST_BODY = 1 << 20;

    private final Path file;
    private final List<Secret> secrets;
    private final Set<String> keptHeaders = new HashSet<>(CassetteRedaction.KEPT_HEADERS);
    private final Set<String> keptFields = new HashSet<>();
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable String overflow;

    private CassetteRecorder(Path file, List<Secret> secrets) {
        this.file = file;
        this.secrets = secrets;
    }

    /**
     * Returns a recorder.
     *
     * @param file the file that {@link #close()} writes
     * @param secrets the client's secret, and others that must not be in the file. Tokens that are exchanged for it are
     *     known without mention
     */
    public static CassetteRecorder to(Path file, Secret... secrets) {
        return new CassetteRecorder(file, List.of(secrets));
    }

    /**
     * Keeps the values of more headers, such as the request id of an API. A secret in them is masked nevertheless.
     * Returns this recorder.
     */
    public synchronized CassetteRecorder keepingHeaders(String... names) {
        for (String name : names) {
            keptHeaders.add(name.toLowerCase(Locale.ROOT));
        }
        return this;
    }

    /**
     * Keeps the values of members of JSON bodies and of query parameters although their name suggests a secret, such as
     * {@code next_page_token}. A secret of the run in them is masked nevertheless. Returns this recorder.
     */
    public synchronized CassetteRecorder keepingFields(String... names) {
        keptFields.addAll(List.of(names));
        return this;
    }

    /** Returns a transport that records what another one sends and receives. For {@code aroundTransport}. */
    public Transport tap(Transport wire) {
        return new Tap(wire);
    }

    private synchronized Entry begin(Attempt attempt) {
        Entry entry = new Entry(attempt);
        if (entries.size() == Cassette.MOST_EXCHANGES) {
            overflow = "more than " + Cassette.MOST_EXCHANGES + " requests";
        } else {
            entries.add(entry);
        }
        return entry;
    }

    private synchronized void tooLong(Attempt attempt) {
        overflow = "body of " + attempt.plan().method() + " " + attempt.plan().target() + ": over " + LONGEST_BODY
                + " bytes (expected: less; leave the request out of the run)";
    }

    /**
     * Writes the file. It blocks.
     *
     * @throws ApiException INVALID_CONFIGURATION if a body is over 1 MiB, if there are more than 10 000 requests, or if
     *     the file cannot be written
     */
    @Override
    public synchronized void close() {
        if (overflow != null) {
            throw ApiException.invalidConfiguration("cassette " + file + ": " + overflow);
        }
        CassetteRedaction redaction = new CassetteRedaction(keptHeaders, keptFields);
        secrets.forEach(secret -> redaction.addSecret(secret.reveal()));
        entries.forEach(entry -> entry.addSecrets(redaction));
        List<CassetteExchange> exchanges = entries.stream()
                .map(entry -> entry.exchange(redaction))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        for (CassetteExchange exchange : exchanges) {
            if (redaction.isRevealedBy(exchange.toJson().toString())) {
                throw ApiException.invalidConfiguration("cassette " + file + ": a secret of the run is in the exchange "
                        + exchange.request().method() + " … and is no text that can be masked (expected: none;"
                        + " leave the request out of the run)");
            }
        }
        new Cassette(file, exchanges).write();
    }

    /** What is known of one attempt. */
    private final class Entry {
        private final Attempt attempt;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable ResponseHead head;
        private @Nullable ApiException failure;
        private boolean cut = true;
        private boolean handedOn;

        Entry(Attempt attempt) {
            this.attempt = attempt;
        }

        synchronized void head(ResponseHead received) {
            head = received;
        }

        void add(ByteBuf part) {
            byte[] bytes = new byte[part.readableBytes()];
            part.getBytes(part.readerIndex(), bytes);
            boolean fits;
            synchronized (this) {
                fits = body.size() + bytes.length <= LONGEST_BODY;
                if (fits) {
                    body.writeBytes(bytes);
                }
            }
            if (!fits) {
                tooLong(attempt);
            }
        }

        /** Records that the receiver gets the body, or what there is of it: a failure behind that is the receiver's. */
        synchronized void handsOn() {
            handedOn = true;
        }

        synchronized void complete() {
            cut = false;
        }

        synchronized void failed(Throwable error) {
            if (!handedOn && error instanceof ApiException known) {
                failure = known;
            }
        }

        void addSecrets(CassetteRedaction redaction) {
            redaction.addCredentials(attempt.addedHeaders(), attempt.plan().headers());
        }

        /** Returns the exchange, or null if the attempt has no outcome. */
        synchronized @Nullable CassetteExchange exchange(CassetteRedaction redaction) {
            Plan plan = attempt.plan();
            List<String> headers = new ArrayList<>(plan.headers());
            headers.addAll(attempt.addedHeaders());
            CassetteExchange.Request request = new CassetteExchange.Request(
                    plan.method().name(),
                    redaction.masked(plan.uri().getRawPath()),
                    redaction.query(Objects.requireNonNullElse(plan.uri().getRawQuery(), "")),
                    redaction.headers(headers),
                    redaction.body(sent(plan.body())));
            ResponseHead received = head;
            ApiException lost = failure;
            if (lost == null && (received == null || !handedOn)) {
                return null;
            }
            return new CassetteExchange(
                    request,
                    received == null
                            ? null
                            : new CassetteExchange.Answer(
                                    received.status(),
                                    redaction.headers(received.headers()),
                                    redaction.body(CassetteBody.of(body.toByteArray())),
                                    cut && lost == null),
                    lost == null
                            ? null
                            : new CassetteExchange.Loss(
                                    lost.kind(),
                                    lost.certainty(),
                                    redaction.masked(lost.failure().message())));
        }
    }

    /** Returns the body of a request as a cassette keeps it, before anything is masked. */
    static CassetteBody sent(@Nullable RequestBody body) {
        if (body == null) {
            return CassetteBody.of(new byte[0]);
        }
        if (body instanceof RequestBody.Bytes bytes) {
            byte[] copy = new byte[(int) bytes.length()];
            bytes.buffer().get(copy);
            return CassetteBody.of(copy);
        }
        return CassetteBody.streamed();
    }

    private final class Tap implements Transport {
        private final Transport wire;

        Tap(Transport wire) {
            this.wire = wire;
        }

        @Override
        public Mono<Reply> exchange(Attempt attempt, Receiver receiver) {
            return Mono.defer(() -> {
                Entry entry = begin(attempt);
                return wire.exchange(attempt, new Tapped(receiver, entry)).doOnError(entry::failed);
            });
        }

        @Override
        public Mono<Void> connect(Attempt attempt) {
            return wire.connect(attempt);
        }

        @Override
        public Mono<Void> closeLater() {
            return wire.closeLater();
        }

        @Override
        public List<ConnectionStats> connections() {
            return wire.connections();
        }

        @Override
        public String describe() {
            return wire.describe() + ", recorded";
        }
    }

    private record Tapped(Receiver receiver, Entry entry) implements Receiver {

        @Override
        public @Nullable ApiException refusal(Attempt attempt) {
            return receiver.refusal(attempt);
        }

        @Override
        public void onHead(Attempt attempt, ResponseHead head) {
            entry.head(head);
            receiver.onHead(attempt, head);
        }

        @Override
        public @Nullable BodyReader reader(Attempt attempt, ResponseHead head) {
            BodyReader reader = receiver.reader(attempt, head);
            if (reader == null) {
                return null;
            }
            entry.handsOn();
            return new TappedReader(reader, entry);
        }

        @Override
        public int limit(Attempt attempt, ResponseHead head) {
            return receiver.limit(attempt, head);
        }

        @Override
        public Reply onBody(Attempt attempt, ResponseHead head, ByteBuf body, boolean complete) {
            entry.handsOn();
            entry.add(body);
            if (complete) {
                entry.complete();
            }
            return receiver.onBody(attempt, head, body, complete);
        }
    }

    private record TappedReader(BodyReader reader, Entry entry) implements BodyReader {

        @Override
        public boolean opensWithHead() {
            return reader.opensWithHead();
        }

        @Override
        public void read(ByteBuf part, Consumer<Object> elements) {
            entry.add(part);
            reader.read(part, elements);
        }

        @Override
        public void end(Consumer<Object> elements) {
            entry.complete();
            reader.end(elements);
        }
    }
}
