package io.penstock;

import io.penstock.error.ApiException;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.retry.RetryPolicy;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import java.time.Duration;
import java.util.List;

/**
 * The check for settings of a client of which one makes another void. Each is valid alone. Only what an application has set
 * itself is reported: defaults give way.
 */
final class Contradictions {

    private Contradictions() {}

    /** Throws INVALID_CONFIGURATION for the first contradiction: the option, its value, what was expected, what to do. */
    static void check(ApiClientBuilder b) {
        attemptTimeout(b);
        phases(b);
        gate(b);
        retry(b);
        hedging(b);
        credential(b);
    }

    private static void attemptTimeout(ApiClientBuilder b) {
        if (b.ownAttemptTimeout && isOwnDeadline(b) && b.attemptTimeout.compareTo(b.deadline) > 0) {
            throw refused(
                    "attemptTimeout: " + b.attemptTimeout + ", longer than the deadline of " + b.deadline,
                    "at most the deadline",
                    "lower it or raise deadline(…)");
        }
    }

    private static void phases(ApiClientBuilder b) {
        Duration firstByte = b.firstByteTimeout;
        if (firstByte != null && firstByte.compareTo(b.attemptTimeout) > 0) {
            throw refused(
                    "firstByteTimeout: " + firstByte + ", longer than the attempt timeout of " + b.attemptTimeout,
                    "less than that",
                    "lower it or raise attemptTimeout(…)");
        }
    }

    private static void gate(ApiClientBuilder b) {
        GatePolicy gate = b.gate;
        int connections = b.connections.pool().maxConnections();
        boolean oneCallEach = b.connections.http().version() == HttpVersion.HTTP_1_1;
        if (b.gated && gate != null && b.transport == null && oneCallEach && gate.maxConcurrent() > connections) {
            throw refused(
                    "gate: maxConcurrent " + gate.maxConcurrent() + ", more than the " + connections
                            + " connections of the pool",
                    "at most as many",
                    "lower withMaxConcurrent(…) or raise withPool(…)");
        }
        if (!b.gated && b.sharing != null) {
            throw refused(
                    "sharesQuotaWith: " + b.sharing + ", but this client has no gate that could count",
                    "a gate",
                    "leave withoutGate() or sharesQuotaWith(…) out");
        }
    }

    private static void retry(ApiClientBuilder b) {
        RetryPolicy policy = b.retry;
        boolean ownHint = !policy.maxHint().equals(b.spec.retry().maxHint());
        if (ownHint && isOwnDeadline(b) && policy.maxHint().compareTo(b.deadline) > 0) {
            throw refused(
                    "retry: maxHint " + policy.maxHint() + ", longer than the deadline of " + b.deadline,
                    "at most the deadline",
                    "lower withMaxHint(…) or raise deadline(…)");
        }
    }

    /** Returns whether the deadline was set, and is not the default, for which requests may have another. */
    private static boolean isOwnDeadline(ApiClientBuilder b) {
        return !b.patient;
    }

    private static void hedging(ApiClientBuilder b) {
        HedgingPolicy hedging = b.hedging;
        if (hedging != null && hedging.shortestDelay().compareTo(b.attemptTimeout) >= 0) {
            throw refused(
                    "hedging: shortestDelay " + hedging.shortestDelay() + ", not shorter than the attempt timeout of "
                            + b.attemptTimeout,
                    "less than that",
                    "lower withShortestDelay(…) or raise attemptTimeout(…)");
        }
    }

    private static void credential(ApiClientBuilder b) {
        if (b.secret == null && b.secretSource == null) {
            return;
        }
        List<String> credential = b.spec.credential().headers();
        for (int i = 0; i < b.headers.size(); i += 2) {
            String header = b.headers.get(i);
            if (credential.stream().anyMatch(header::equalsIgnoreCase)) {
                throw refused(
                        "header " + header + ": set beside the credential, which goes there",
                        "one of the two",
                        "leave header(…) or secret(…) out");
            }
        }
    }

    private static ApiException refused(String what, String expected, String remedy) {
        return ApiException.invalidConfiguration(what + " (expected: " + expected + "; " + remedy + ")");
    }
}
