package io.penstock.test;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.Simulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The operations that a vendor documents, read from a table of facts, and which typed operations send them.
 *
 * <pre>
 * # method, path, typed operations that send it
 * GET	/v1/agents	agents.list
 * GET	/v1/agents/{Id}	agents.get
 * </pre>
 *
 * <p>A path begins at the base URI or at the origin. Columns are separated by tabs, and the names in the last column by blanks. A line that begins with {@code #} is a
 * comment. An operation without a typed one has no name.
 */
public final class DocumentedOperations {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /**
     * A documented operation.
     *
     * @param name the method and the path: {@code GET /v1/agents/{Id}}
     * @param typed the names of the typed operations that send it
     */
    public record Row(String name, Set<String> typed) {

        /** Returns the method. */
        public String method() {
            return name.substring(0, name.indexOf(' '));
        }

        /** Returns the path, with placeholders. */
        public String path() {
            return name.substring(name.indexOf(' ') + 1);
        }

        private boolean is(String method, String path) {
            return method.equals(method()) && PathTemplate.of(path()).match(path) != null;
        }

        private long placeholders() {
            return path().chars().filter(c -> c == '{').count();
        }
    }

    private final List<Row> rows;

    private DocumentedOperations(List<Row> rows) {
        this.rows = rows;
    }

    /**
     * Reads a table.
     *
     * @param beside a class in the package of the table
     * @param resource the name of the table
     */
    public static DocumentedOperations read(Class<?> beside, String resource) {
        try (InputStream table = Objects.requireNonNull(beside.getResourceAsStream(resource), resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            return new DocumentedOperations(lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(DocumentedOperations::row)
                    // A path without placeholders is not the row of another one: /agents/activate is no agent.
                    .sorted(Comparator.comparingLong(Row::placeholders))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        String[] columns = line.split("\t", -1);
        String names = columns[columns.length - 1];
        return new Row(columns[0] + " " + columns[1], names.isEmpty() ? Set.of() : Set.of(names.split(" ", -1)));
    }

    /** Returns the documented operations. */
    public List<Row> rows() {
        return rows;
    }

    /** Returns the names of typed operations by documented operation, as the table has them. */
    public SortedMap<String, Set<String>> typed() {
        SortedMap<String, Set<String>> typed = new TreeMap<>();
        rows.forEach(row -> typed.put(row.name(), new TreeSet<>(row.typed())));
        return typed;
    }

    /**
     * Calls typed operations, each on a fresh simulator without faults, and returns the names of those that have sent
     * each documented operation. A call must succeed; only a retired operation may fail with kind GONE. A request that
     * no row documents is listed, too.
     */
    public SortedMap<String, Set<String>> sentBy(VendorFixture fixture, List<TypedOperation> operations) {
        SortedMap<String, Set<String>> sent = new TreeMap<>();
        rows.forEach(row -> sent.put(row.name(), new TreeSet<>()));
        operations.forEach(operation -> call(fixture, operation)
                .forEach(request ->
                        sent.computeIfAbsent(request, r -> new TreeSet<>()).add(operation.name())));
        return sent;
    }

    private List<String> call(VendorFixture fixture, TypedOperation operation) {
        try (Simulator simulator = fixture.simulator().get();
                ApiClient client = fixture.configure()
                        .apply(ApiClient.builder(fixture.spec())
                                .baseUri(simulator.baseUri())
                                .secret(Secret.of(simulator.secret()))
                                .withoutGate())
                        .build()) {
            client.execute(fixture.read()).block(PATIENCE);
            Supplier<Mono<?>> call = Objects.requireNonNull(
                    operation.preparation().apply(client).block(PATIENCE), "the call of " + operation);
            simulator.requests().clear();
            call.get().onErrorComplete(DocumentedOperations::isRetired).block(PATIENCE);
            String base = simulator.baseUri().getPath();
            return simulator.requests().all().stream()
                    .map(request -> documented(request, base))
                    .toList();
        } catch (RuntimeException e) {
            throw new AssertionError(operation + " fails without a fault", e);
        }
    }

    private static boolean isRetired(@Nullable Throwable error) {
        return error instanceof ApiException failure && failure.kind().equals(ErrorKind.GONE);
    }

    private String documented(LoggedRequest request, String base) {
        String path = request.path();
        String below =
                path.startsWith(base) ? path.substring(base.endsWith("/") ? base.length() - 1 : base.length()) : path;
        return rows.stream()
                .filter(row -> row.is(request.method(), path) || row.is(request.method(), below))
                .findFirst()
                .map(Row::name)
                .orElse("undocumented: " + request.method() + " " + path);
    }
}
