package io.penstock.ratelimit;

import io.penstock.http.PathPattern;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The published limits that govern certain paths, in their order. */
final class LimitPaths {

    private static final URI ROOT = URI.create("http://origin/");

    private final List<DeclaredLimit> limits = new ArrayList<>();
    private final List<List<PathPattern>> patterns = new ArrayList<>();

    /**
     * Creates the paths of the limits that name any.
     *
     * @param base the URI that relative paths are resolved against; null for the root
     */
    LimitPaths(List<DeclaredLimit> all, @Nullable URI base) {
        for (DeclaredLimit limit : all) {
            if (!limit.paths().isEmpty()) {
                limits.add(limit);
                patterns.add(limit.paths().stream()
                        .map(path -> PathPattern.of("limit " + limit.name(), path, base == null ? ROOT : base))
                        .toList());
            }
        }
    }

    /** Returns the index of the first limit that governs a path from the root of the origin, or -1. */
    int indexOf(String path) {
        for (int i = 0; i < patterns.size(); i++) {
            List<PathPattern> each = patterns.get(i);
            for (int j = 0; j < each.size(); j++) {
                if (each.get(j).matches(path)) {
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
