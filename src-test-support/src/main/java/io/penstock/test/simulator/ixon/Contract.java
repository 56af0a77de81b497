package io.penstock.test.simulator.ixon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every operation of the contract: 674 on 359 paths. It is read from a resource and must not be loaded on an event
 * loop.
 */
final class Contract {

    private static final String RESOURCE = "contract.txt";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^}]*}");

    private final List<Operation> operations;
    private final Map<String, List<Operation>> byShape;
    private final Map<String, Operation> collections = new HashMap<>();
    private final Set<String> readable = new HashSet<>();

    private Contract(List<Operation> operations) {
        this.operations = operations;
        byShape = operations.stream()
                .collect(Collectors.groupingBy(operation -> shape(operation.method(), operation.template())));
        for (Operation operation : operations) {
            String key = withoutNames(operation.template());
            if (operation.answersList() && !operation.method().equals("PUT") && !operation.endsWithId()) {
                collections.putIfAbsent(key, operation);
                if (operation.method().equals("GET")) {
                    readable.add(key);
                }
            }
        }
    }

    /**
     * Loads the contract. Operations with fewer placeholders come first: {@code /agents/activate} is not the agent
     * {@code activate}.
     */
    static Contract load() {
        try (InputStream resource = Objects.requireNonNull(Contract.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return new Contract(lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Operation::of)
                    .sorted(Comparator.comparingInt(Operation::placeholders))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Operation> operations() {
        return operations;
    }

    @Nullable
    Match match(String method, String path) {
        for (Operation operation : byShape.getOrDefault(shape(method, path), List.of())) {
            Map<String, String> ids = operation.path().match(path);
            if (ids != null) {
                return new Match(operation, ids);
            }
        }
        return null;
    }

    /**
     * Returns an operation of the collection with this template, regardless of placeholder names; {@code null} if it is
     * not a collection.
     */
    @Nullable
    Operation collection(String template) {
        return collections.get(withoutNames(template));
    }

    /** Returns an operation of the collection at this path; {@code null} if there is none. */
    @Nullable
    Operation collectionAt(String path) {
        for (String method : new String[] {"GET", "POST"}) {
            Match match = match(method, path);
            Operation collection =
                    match == null ? null : collection(match.operation().template());
            if (collection != null) {
                return collection;
            }
        }
        return null;
    }

    /** Returns whether the collection can be listed. If not, rows are only created, changed and deleted. */
    boolean isReadable(String template) {
        return readable.contains(withoutNames(template));
    }

    /** Returns the method and the number of segments, which an operation and its requests have in common. */
    private static String shape(String method, String path) {
        return method + path.chars().filter(c -> c == '/').count();
    }

    private static String withoutNames(String template) {
        return PLACEHOLDER.matcher(template).replaceAll("{}");
    }

    /**
     * The operation of a request.
     *
     * @param ids the values of the placeholders
     */
    record Match(Operation operation, Map<String, String> ids) {}
}
