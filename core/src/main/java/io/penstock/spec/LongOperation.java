package io.penstock.spec;

import io.penstock.body.Payload;
import io.penstock.error.ApiException;
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
import tools.jackson.databind.JsonNode;

/**
 * Something of an API that takes longer than a call, as data: where it is found by its ids, what its answers say, how often
 * to ask.
 *
 * @param name in lower case, for the command line: {@code scan}
 * @param path where it is asked for, with a placeholder for each id: {@code scans/{id}}
 * @param payload where in an answer it stands
 * @param shape what it says there, as a tree
 * @param policy how often to ask
 * @param timeLimit how long to ask unless told otherwise
 */
public record LongOperation(
        String name, String path, Payload<JsonNode> payload, JobShape shape, PollPolicy policy, Duration timeLimit) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    /** One whose answers are no more than what is told of it. */
    public LongOperation(String name, String path, JobShape shape, PollPolicy policy, Duration timeLimit) {
        this(name, path, Payload.tree(), shape, policy, timeLimit);
    }

    /** The names of the ids that it takes, in their order. */
    public List<String> ids() {
        return PLACEHOLDER
                .matcher(path)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    /** The same, below another path. */
    public LongOperation at(String newPath) {
        return new LongOperation(name, newPath, payload, shape, policy, timeLimit);
    }

    /**
     * Watches one, with its answers as trees.
     *
     * @param ids as {@link #ids()} names them
     * @throws ApiException INVALID_REQUEST if there are more or fewer
     */
    public Polling<JsonNode> polling(Object... ids) {
        return polling(payload, shape, ids);
    }

    /**
     * As {@link #polling(Object...)}, with answers of a type.
     *
     * @param reading what such an answer says
     */
    public <T> Polling<T> polling(Payload<T> typed, Function<? super T, PollStatus> reading, Object... ids) {
        List<String> names = ids();
        if (ids.length != names.size()) {
            throw ApiException.invalidRequest(name + ": " + ids.length + (ids.length == 1 ? " id" : " ids")
                    + " (expected: " + names.size() + ": " + String.join(", ", names) + ")");
        }
        ApiRequest<JsonNode> request = ApiRequest.get(path);
        for (int i = 0; i < ids.length; i++) {
            request = request.path(names.get(i), ids[i]);
        }
        return Polling.of(request.as(typed), reading).withPolicy(policy).within(timeLimit);
    }

    @Override
    public String toString() {
        return name + ": GET " + path + " " + policy;
    }
}
