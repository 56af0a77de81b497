package io.penstock.ixon;

import io.penstock.error.ApiException;
import io.penstock.http.Method;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/** The operations that the contract publishes, from the table {@code operations.tsv}. */
final class Contract {

    private static final String TABLE = "operations.tsv";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^}]*)}");
    private static final int SUGGESTIONS = 3;

    private final Map<String, Published> byShape;

    private Contract(Map<String, Published> byShape) {
        this.byShape = byShape;
    }

    /**
     * One operation.
     *
     * @param path the path without its leading slash, with placeholders
     * @param request {@code none}, {@code array}, {@code object}, {@code string} or a media type
     * @param data {@code list}, {@code object} or {@code none}
     * @param flags a subset of {@code company}, {@code token}, {@code filters} and {@code reads}
     */
    record Operation(Method method, String path, String request, String data, Set<String> flags) {

        private static Operation of(String line) {
            String[] columns = line.split("\t", -1);
            return new Operation(
                    Method.valueOf(columns[0]),
                    columns[1].substring(1),
                    columns[2],
                    columns[3],
                    Set.of(columns[4].split(",", -1)));
        }

        /** Rejects a body of another form than the published one. */
        Operation taking(@Nullable Object body) {
            boolean array = body instanceof Collection || body instanceof ArrayNode;
            String form = body == null ? "none" : array ? "array" : "object";
            boolean text = request.equals("string") && body instanceof String;
            if (!text && !form.equals(request)) {
                throw ApiException.invalidRequest("body of " + this + ": " + form + " (expected: " + request + ")");
            }
            return this;
        }

        /** Rejects a file where the contract has none. */
        Operation takingFile() {
            if (!request.contains("/")) {
                throw ApiException.invalidRequest("body of " + this + ": a file (expected: " + request + ")");
            }
            return this;
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /**
     * The operations of one path.
     *
     * @param path the path as the contract has it, without its leading slash
     * @param placeholders the names of its placeholders, in order
     */
    record Published(String path, List<String> placeholders, Map<Method, Operation> operations) {

        private static Published of(List<Operation> operations) {
            Map<Method, Operation> byMethod = new EnumMap<>(Method.class);
            operations.forEach(operation -> byMethod.put(operation.method(), operation));
            String path = operations.get(0).path();
            List<String> placeholders = PLACEHOLDER
                    .matcher(path)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            return new Published(path, placeholders, byMethod);
        }

        /** Returns the operation of a method. */
        Operation operation(Method method) {
            Operation operation = operations.get(method);
            if (operation == null) {
                throw ApiException.invalidRequest("operation: " + method + " " + path + " (expected: "
                        + operations.keySet().stream().map(Method::name).collect(Collectors.joining(" or "))
                        + ", as the contract has it)");
            }
            return operation;
        }
    }

    /** Returns the operations of a path, whatever the names of its placeholders. */
    Published at(String path) {
        String shape = shape(path);
        Published published = byShape.get(shape);
        if (published == null) {
            throw ApiException.invalidRequest(
                    "path: " + path + " (expected: one of the contract's, such as " + nearest(shape) + ")");
        }
        return published;
    }

    /** Returns how many operations the contract publishes. */
    int size() {
        return byShape.values().stream()
                .mapToInt(published -> published.operations().size())
                .sum();
    }

    private String nearest(String shape) {
        Set<String> wanted = trigrams(shape);
        return byShape.entrySet().stream()
                .sorted(Comparator.comparingDouble(known -> -likeness(wanted, trigrams(known.getKey()))))
                .limit(SUGGESTIONS)
                .map(known -> known.getValue().path())
                .collect(Collectors.joining(", "));
    }

    /** Returns the share of trigrams that both texts have. */
    private static double likeness(Set<String> one, Set<String> other) {
        double common = one.stream().filter(other::contains).count();
        return common / (one.size() + other.size() - common);
    }

    private static Set<String> trigrams(String text) {
        String padded = "  " + text + " ";
        return IntStream.range(0, padded.length() - 2)
                .mapToObj(i -> padded.substring(i, i + 3))
                .collect(Collectors.toSet());
    }

    /** Returns a path without the names of its placeholders and the slashes around it. */
    private static String shape(String path) {
        return PLACEHOLDER.matcher(path.replaceAll("^/+|/+$", "")).replaceAll("{}");
    }

    /** Reads the table. It must not be called on an event loop. */
    static Contract load() {
        try (InputStream table = Objects.requireNonNull(Contract.class.getResourceAsStream(TABLE), TABLE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            return new Contract(lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Operation::of)
                    .collect(Collectors.groupingBy(
                            operation -> shape(operation.path()),
                            Collectors.collectingAndThen(Collectors.toList(), Published::of))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
