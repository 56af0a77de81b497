package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import java.time.Duration;
import java.util.Set;

/**
 * A limit that a vendor publishes in its documentation: which requests it counts together, and how many of them it allows. A
 * limit of unknown size only names the requests that are counted together; how many are allowed is told by headers or
 * learned from refusals.
 *
 * @param name the partition it governs, for journeys and snapshots
 * @param permits the number of units per window; 0 if it is unknown
 * @param per the length of the window; zero if it is unknown
 * @param scope the identity by which the server counts
 * @param paths the paths it governs, as in a request: below the base URI, or from the root of its origin with a leading
 *     slash; <code>{id}</code> stands for any segment, <code>**</code> at the end for any number of them. A method before
 *     the path, as in {@code POST orders/**}, leaves out the others. Empty for all paths that no other limit names
 */
public record DeclaredLimit(String name, int permits, Duration per, Scope scope, Set<String> paths) {

    /** The identity by which a server counts requests. */
    public enum Scope {
        /** Each credential has a quota of its own. */
        CREDENTIAL,
        /** All clients behind one address share a quota. */
        ADDRESS
    }

    /** Copies the paths and checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public DeclaredLimit {
        if (name.isBlank()) {
            throw ApiException.invalidConfiguration("limit: \"" + name + "\" (expected: a name)");
        }
        boolean unsized = permits == 0 && per.isZero();
        if (permits < 1 && !unsized) {
            throw ApiException.invalidConfiguration("limit " + name + ": " + permits + " requests (expected: >= 1)");
        }
        if (!unsized && (per.isNegative() || per.isZero() || per.compareTo(TimeNotation.LONGEST) > 0)) {
            throw ApiException.invalidConfiguration("limit " + name + ": per " + per
                    + " (expected: more than zero, at most " + TimeNotation.LONGEST.toDays() + " days)");
        }
        paths = Set.copyOf(paths);
        paths.forEach(path -> LimitPaths.check("limit " + name, path));
    }

    /** Creates a limit per credential on the given paths, or without paths on all that no other limit names. */
    public static DeclaredLimit perCredential(String name, int permits, Duration per, String... paths) {
        return new DeclaredLimit(name, permits, per, Scope.CREDENTIAL, Set.of(paths));
    }

    /** Creates a limit per address on the given paths, or without paths on all that no other limit names. */
    public static DeclaredLimit perAddress(String name, int permits, Duration per, String... paths) {
        return new DeclaredLimit(name, permits, per, Scope.ADDRESS, Set.of(paths));
    }

    /**
     * Creates a limit of unknown size: the requests to these paths are counted together, apart from all others. Nothing is
     * held back until a header or a refusal tells the limit.
     */
    public static DeclaredLimit unsized(String name, String... paths) {
        return new DeclaredLimit(name, 0, Duration.ZERO, Scope.CREDENTIAL, Set.of(paths));
    }

    /** Returns whether the number of requests is known. */
    boolean isSized() {
        return permits > 0;
    }

    @Override
    public String toString() {
        return !isSized()
                ? name + " of unknown size"
                : name + " " + permits + " per " + per.toSeconds() + " s and "
                        + (scope == Scope.CREDENTIAL ? "credential" : "address");
    }
}
