package io.penstock.spec;

import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.http.PathPattern;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An operation of an API that takes longer than a call, as data: its path, the shape of its responses, and how often to
 * poll it.
 *
 * @param name the name in lower case, for the command line: {@code scan}
 * @param path the path to poll, with a placeholder for each id: {@code scans/{id}}
 * @param response the place and shape of the operation in a response
 * @param policy how often to poll
 * @param timeLimit the default time limit for polling
 */
public record LongOperation(String name, String path, Response response, PollPolicy policy, Duration timeLimit) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    /**
     * The operation in a response: a state in its body, or a rule for the responses that come before the result.
     *
     * @param payload the place of the operation, or of its result
     * @param shape the shape of its tree; null if there is a rule
     * @param pending the rule; null if there is a shape
     */
    public record Response(
            Payload<JsonNode> payload, @Nullable JobShape shape, ApiRequest.@Nullable Pending pending) {

        /** Checks that there is one of the two: {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Response {
            if ((shape == null) == (pending == null)) {
                throw ApiException.invalidConfiguration("response of an operation: shape " + shape + ", pending "
                        + pending + " (expected: one of the two)");
            }
        }

        /** Creates a response with a state in its body. */
        public Response(Payload<JsonNode> payload, JobShape shape) {
            this(payload, shape, null);
        }
    }

    /** Checks the name and the path: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public LongOperation {
        if (!NAME.matcher(name).matches()) {
            throw ApiException.invalidConfiguration(
                    "operation: " + name + " (expected: a name of lower-case letters, digits and hyphens)");
        }
        PathPattern.check("path of operation " + name, path);
        if (path.endsWith("**")) {
            throw ApiException.invalidConfiguration(
                    "path of operation " + name + ": " + path + " (expected: the path of one request, without **)");
        }
    }

    /** Creates an operation whose response is a plain JSON tree. */
    public LongOperation(String name, String path, JobShape shape, PollPolicy policy, Duration timeLimit) {
        this(name, path, new Response(Payload.tree(), shape), policy, timeLimit);
    }

    /** Creates an operation whose path answers with its result, and until then with responses that mean "not ready yet". */
    public LongOperation(String name, String path, ApiRequest.Pending pending, PollPolicy policy, Duration timeLimit) {
        this(name, path, new Response(Payload.tree(), null, pending), policy, timeLimit);
    }

    /** Returns the names of the path's ids, in order. */
    public List<String> ids() {
        return PLACEHOLDER
                .matcher(path)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    /** Returns a copy with another path. */
    public LongOperation at(String newPath) {
        return new LongOperation(name, newPath, response, policy, timeLimit);
    }

    /**
     * Returns a polling of the operation with these ids; its responses decode to trees.
     *
     * @param ids the ids, in the order of {@link #ids()}
     * @throws ApiException INVALID_REQUEST if their number is wrong
     */
    public Polling<JsonNode> polling(Object... ids) {
        JobShape shape = response.shape;
        return shape == null ? pollingResult(response.payload, ids) : polling(response.payload, shape, ids);
    }

    /**
     * Returns a polling of an operation that is pending until its result is there, with a typed result.
     *
     * @param ids the ids, in the order of {@link #ids()}
     * @throws ApiException INVALID_REQUEST if their number is wrong, or if the operation has a state in its body
     */
    public <T> Polling<T> pollingResult(Payload<T> result, Object... ids) {
        ApiRequest.Pending rule = response.pending;
        if (rule == null) {
            throw ApiException.invalidRequest(
                    name + ": its state is in its body (expected: polling(payload, reading, ids), which reads it)");
        }
        return timed(Polling.whilePending(request(ids).as(result), rule));
    }

    /**
     * Acts like {@link #polling(Object...)}, with typed responses.
     *
     * @param reading reads the status from a response
     */
    public <T> Polling<T> polling(Payload<T> typed, Function<? super T, PollStatus> reading, Object... ids) {
        return timed(Polling.of(request(ids).as(typed), reading));
    }

    private <T> Polling<T> timed(Polling<T> polling) {
        return polling.withPolicy(policy).within(timeLimit);
    }

    private ApiRequest<JsonNode> request(Object... ids) {
        List<String> names = ids();
        if (ids.length != names.size()) {
            throw ApiException.invalidRequest(name + ": " + ids.length + (ids.length == 1 ? " id" : " ids")
                    + " (expected: " + names.size() + ": " + String.join(", ", names) + ")");
        }
        ApiRequest<JsonNode> request = ApiRequest.get(path);
        for (int i = 0; i < ids.length; i++) {
            request = request.path(names.get(i), ids[i]);
        }
        return request;
    }

    @Override
    public String toString() {
        return name + ": GET " + path + " " + policy;
    }
}
