package io.penstock.cli;

import io.penstock.error.ApiException;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import io.penstock.spec.LongOperation;
import io.penstock.spec.VendorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The arguments of {@code poll} that make a {@link Polling}. */
final class PollOptions {

    @Parameters(index = "0", paramLabel = "vendor", description = "One of those that penstock vendors lists.")
    private String vendor = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "operation id",
            description = "The vendor's long operation, such as scan, and its ids. Or none, and --path.")
    private List<String> operation = new ArrayList<>();

    @Option(names = "--path", paramLabel = "PATH", description = "Where to ask, in place of an operation and its ids.")
    private @Nullable String path;

    @Option(names = "--state", paramLabel = "POINTER", description = "Where the state is in the answer: /job/status.")
    private @Nullable String state;

    @Option(names = "--done", paramLabel = "WORD,…", split = ",", description = "The states that mean success.")
    private List<String> done = new ArrayList<>();

    @Option(names = "--failed", paramLabel = "WORD,…", split = ",", description = "The states that mean failure.")
    private List<String> failed = new ArrayList<>();

    @Option(names = "--percent", paramLabel = "POINTER", description = "Where its progress is, 0 to 100.")
    private @Nullable String percent;

    @Option(names = "--query", paramLabel = "NAME=VALUE", description = "A query parameter; may be repeated.")
    private List<String> query = new ArrayList<>();

    @Option(names = "--header", paramLabel = "NAME:VALUE", description = "A request header; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "The shortest time between two polls, in place of the vendor's (5s where it has none).")
    private @Nullable String every;

    @Option(names = "--within", paramLabel = "TIME", description = "How long to wait in all: the vendor's, or 1h.")
    private @Nullable String within;

    @Option(
            names = "--absent-for",
            paramLabel = "TIME",
            description = "How long a 404 means that it is not there yet; not at all unless given.")
    private @Nullable String absentFor;

    @Option(names = "--resume", description = "It was polled a moment ago: wait once before the first poll.")
    private boolean resume;

    /** Returns the id of the vendor. */
    String vendor() {
        return vendor;
    }

    Polling<JsonNode> polling(VendorSpec spec, boolean anonymous) {
        Polling<JsonNode> polling = path == null ? byName(spec) : byPath(path);
        ApiRequest<JsonNode> request = polling.request();
        for (String parameter : query) {
            request = RequestOptions.withQuery(request, parameter, spec.credential());
        }
        for (String header : headers) {
            request = RequestOptions.withHeader(request, header, spec.credential());
        }
        polling = polling.withRequest(anonymous ? request.anonymous() : request);
        if (every != null) {
            polling = polling.withPolicy(PollPolicy.every(DurationText.parse("--every", every)));
        }
        if (within != null) {
            polling = polling.within(DurationText.parse("--within", within));
        }
        if (absentFor != null) {
            polling = polling.absentFor(DurationText.parse("--absent-for", absentFor));
        }
        return resume ? polling.resumed() : polling;
    }

    private Polling<JsonNode> byName(VendorSpec spec) {
        String known = spec.operations().isEmpty()
                ? "--path, because none of " + spec.name() + " is known by name"
                : spec.operations().stream()
                                .map(each -> each.name() + " " + String.join(" ", each.ids()))
                                .collect(Collectors.joining(", or "))
                        + ", or --path";
        if (operation.isEmpty()) {
            throw new BadArgument("operation: none given (expected: " + known + ")");
        }
        if (state != null || !done.isEmpty() || !failed.isEmpty() || percent != null) {
            throw new BadArgument("--state, --done, --failed, --percent: given beside the operation " + operation.get(0)
                    + ", of which they are known (expected: either, with --path for the former)");
        }
        String name = operation.get(0);
        LongOperation found = spec.operations().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> BadArgument.of("operation", name, "unknown", known));
        return found.polling(operation.subList(1, operation.size()).toArray());
    }

    private Polling<JsonNode> byPath(String where) {
        if (!operation.isEmpty()) {
            throw new BadArgument("operation " + operation.get(0) + ": given beside --path (expected: one of the two)");
        }
        ApiRequest<JsonNode> request = ApiRequest.get(RequestOptions.plainPath(where));
        if (state == null) {
            if (!done.isEmpty() || !failed.isEmpty() || percent != null) {
                throw new BadArgument(
                        "--done, --failed, --percent: given without --state (expected: where the state is,"
                                + " such as --state /status)");
            }
            return Polling.whileAccepted(request);
        }
        if (done.isEmpty()) {
            throw new BadArgument("--done: missing (expected: the states at " + state + " that mean success)");
        }
        try {
            StateWords words = StateWords.succeeding(done.stream().distinct().toArray(String[]::new))
                    .failing(failed.stream().distinct().toArray(String[]::new));
            JobShape shape = JobShape.at(state, words);
            return Polling.of(request, percent == null ? shape : shape.withPercent(percent));
        } catch (ApiException e) {
            throw new BadArgument("--state, --done, --failed, --percent: " + e.getMessage());
        }
    }
}
