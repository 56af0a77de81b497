package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A call that the demo has made, with its result or error, and the checks of its expectations. */
final class Attempted {

    private final @Nullable ApiResponse<JsonNode> response;
    private final @Nullable ApiException error;
    private final Journey journey;
    private final List<String> surprises = new ArrayList<>();

    private Attempted(@Nullable ApiResponse<JsonNode> response, @Nullable ApiException error, Journey journey) {
        this.response = response;
        this.error = error;
        this.journey = journey;
    }

    static Attempted call(ApiClient client, ApiRequest<JsonNode> request) {
        try {
            ApiResponse<JsonNode> response =
                    Objects.requireNonNull(client.execute(request).block(), "a call ends with a response or an error");
            return new Attempted(response, null, response.journey());
        } catch (ApiException e) {
            return new Attempted(null, e, e.journey());
        }
    }

    /** Returns the text of a member of the response, or a dash. */
    String member(String name) {
        JsonNode value = response == null ? null : response.value();
        return value == null ? "–" : value.path(name).asString("–");
    }

    /** Returns the text at a JSON pointer in the response, or a dash. */
    String at(String pointer) {
        JsonNode value = response == null ? null : response.value();
        return value == null ? "–" : value.at(pointer).asString("–");
    }

    /** Returns the number of expectations that were not met. */
    int surprises() {
        return surprises.size();
    }

    /** Returns the longest time between two attempts. */
    Duration longestWait() {
        return Duration.ofNanos(journey.attempts().stream()
                .mapToLong(Journey.Attempt::waitNanos)
                .max()
                .orElse(0));
    }

    Attempted expectStatus(int... allowed) {
        int status = response == null ? 0 : response.status();
        for (int one : allowed) {
            if (one == status) {
                return this;
            }
        }
        return surprise("status " + status, allowed[0]);
    }

    Attempted expectError(ErrorKind kind, Certainty certainty) {
        return expect(
                "error", kind + ", " + certainty, error == null ? "none" : error.kind() + ", " + error.certainty());
    }

    Attempted expectAttempts(int count) {
        return expect("attempts", count, journey.attempts().size());
    }

    Attempted expect(String what, Object announced, Object actual) {
        return announced.equals(actual) ? this : surprise(what + " " + actual, announced);
    }

    private Attempted surprise(String what, Object announced) {
        surprises.add(what + " (announced: " + announced + ")");
        return this;
    }

    /** Returns the result of the call and a remark. */
    Outcome outcome(String remark) {
        int sends = journey.attempts().size();
        String after = " after " + sends + (sends == 1 ? " attempt" : " attempts");
        String end = error != null
                ? error.kind() + ", " + error.certainty() + after + ": " + error.getMessage()
                : (response == null ? 0 : response.status()) + after;
        return new Outcome(remark.isEmpty() ? end : end + "; " + remark, journey, List.copyOf(surprises));
    }
}
