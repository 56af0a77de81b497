package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import io.penstock.http.PathPattern;
import java.time.Duration;
import java.util.Set;

/**
 * A limit that a vendor publishes in its documentation.
 *
 * @param name the partition it governs, for journeys and snapshots
 * @param permits the number of requests per window
 * @param per the length of the window
 * @param scope the identity by which the server counts
 * @param paths the paths it governs, as in a request: below the base URI, or from the root of its origin with a leading
 *     slash; <code>{id}</code> stands for any segment, <code>**</code> at the end for any number of them. Empty for all
 *     paths that no other limit names
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
        if (permits < 1) {
            throw ApiException.invalidConfiguration("limit " + name + ": " + permits + " requests (expected: >= 1)");
        }
        if (per.isNegative() || per.isZero() || per.compareTo(TimeNotation.LONGEST) > 0) {
            throw ApiException.invalidConfiguration("limit " + name + ": per " + per
                    + " (expected: more than zero, at most " + TimeNotation.LONGEST.toDays() + " days)");
        }
        paths = Set.copyOf(paths);
        paths.forEach(path -> PathPattern.check("limit " + name, path));
    }

    /** Creates a limit per credential on the given paths, or without paths on all that no other limit names. */
    public static DeclaredLimit perCredential(String name, int permits, Duration per, String... paths) {
        return new DeclaredLimit(name, permits, per, Scope.CREDENTIAL, Set.of(paths));
    }

    /** Creates a limit per address on the given paths, or without paths on all that no other limit names. */
    public static DeclaredLimit perAddress(String name, int permits, Duration per, String... paths) {
        return new DeclaredLimit(name, permits, per, Scope.ADDRESS, Set.of(paths));
    }

    @Override
    public String toString() {
        return name + " " + permits + " per " + per.toSeconds() + " s and "
                + (scope == Scope.CREDENTIAL ? "credential" : "address");
    }
}
