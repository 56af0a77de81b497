package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import io.penstock.http.Method;
import io.penstock.http.PathPattern;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The published limits that govern certain paths, in their order. */
final class LimitPaths {

    private static final URI ROOT = URI.create("http://origin/");

    private final List<DeclaredLimit> limits = new ArrayList<>();
    private final List<List<Requests>> requests = new ArrayList<>();

    /** The requests with certain paths, and with one method if there is one. */
    private record Requests(@Nullable Method method, PathPattern path) {

        boolean match(Method sent, String target) {
            return (method == null || method == sent) && path.matches(target);
        }
    }

    /**
     * Creates the paths of the limits that name any.
     *
     * @param base the URI that relative paths are resolved against; null for the root
     */
    LimitPaths(List<DeclaredLimit> all, @Nullable URI base) {
        for (DeclaredLimit limit : all) {
            if (!limit.paths().isEmpty()) {
                limits.add(limit);
                requests.add(limit.paths().stream()
                        .map(path -> requests("limit " + limit.name(), path, base == null ? ROOT : base))
                        .toList());
            }
        }
    }

    private static Requests requests(String what, String path, URI base) {
        return new Requests(method(what, path), PathPattern.of(what, withoutMethod(path), base));
    }

    /**
     * Checks a path with or without a method.
     *
     * @throws ApiException INVALID_CONFIGURATION if no request can match it
     */
    static void check(String what, String path) {
        method(what, path);
        PathPattern.check(what, withoutMethod(path));
    }

    private static @Nullable Method method(String what, String path) {
        int space = path.indexOf(' ');
        if (space < 0) {
            return null;
        }
        String name = path.substring(0, space);
        return Arrays.stream(Method.values())
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ApiException.invalidConfiguration(what + ": " + path
                        + " (expected: a path, or one of " + Arrays.toString(Method.values()) + " before it)"));
    }

    private static String withoutMethod(String path) {
        return path.substring(path.indexOf(' ') + 1);
    }

    /** Returns the index of the first limit that governs a path from the root of the origin, or -1. */
    int indexOf(Method method, String path) {
        for (int i = 0; i < requests.size(); i++) {
            List<Requests> each = requests.get(i);
            for (int j = 0; j < each.size(); j++) {
                if (each.get(j).match(method, path)) {
                    return i;
                }
            }
        }
        return -1;
    }

    DeclaredLimit limit(int index) {
        return limits.get(index);
    }

    int size() {
        return limits.size();
    }
}
