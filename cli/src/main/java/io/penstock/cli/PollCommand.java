package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.polling.Poll;
import io.penstock.polling.PollState;
import io.penstock.polling.Polling;
import io.penstock.spec.VendorSpec;
import io.penstock.spec.Vendors;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * The command {@code poll}. Waits for the end of a long operation. Prints its last response to stdout as JSON, and the
 * progress to stderr if that is a terminal.
 */
@Command(
        name = "poll",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Polls a long operation until it has ended, and prints its last answer as JSON, also that of one that has failed.",
            "By its vendor's name for it and its ids:      penstock poll pentify scan scn_01HFY3",
            "or by path, pointer and words:                penstock poll pentify --path scans/scn_01HFY3 --state /status"
                    + " --done succeeded --failed failed,cancelled",
            "Without --state 202 means that it goes on, and any other success that it is done. A word that is not named means"
                    + " that it goes on. Polls are never closer together than the vendor allows, unless --every says so.",
            "To stop waiting does not stop the operation: poll it again with the same arguments, and --resume.",
            "The secret comes from the environment variable PENSTOCK_<VENDOR>_SECRET, never from an argument."
        },
        exitCodeListHeading = "%nExit codes:%n")
final class PollCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final PollOptions options = new PollOptions();

    @Option(names = "--base-url", paramLabel = "URI", description = "Another address, such as that of a simulator.")
    private @Nullable String baseUrl;

    @Option(names = "--journey", description = "Print a failure's journey to stderr: the polls, and what they saw.")
    private boolean journey;

    @Mixin
    private final SecretOptions secrets = new SecretOptions();

    PollCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        VendorSpec spec = Vendors.byId(options.vendor());
        Secret secret = secrets.secret(spec.id(), console);
        Polling<JsonNode> polling = options.polling(spec, secret == null);
        ApiClientBuilder builder = console.clients().apply(spec);
        if (secret != null) {
            builder = builder.secret(secret);
        }
        if (baseUrl != null) {
            builder = withBaseUri(builder, baseUrl);
        }
        try (ApiClient client = builder.build()) {
            return await(client.poll(polling));
        }
    }

    private static ApiClientBuilder withBaseUri(ApiClientBuilder builder, String uri) {
        try {
            return builder.baseUri(uri);
        } catch (ApiException e) {
            throw new BadArgument("--base-url, " + e.getMessage());
        }
    }

    private int await(Poll<JsonNode> poll) {
        Poll.Observation<JsonNode> last;
        try (ProgressLine line = new ProgressLine(console.err(), console.terminal())) {
            last = poll.observations()
                    .publishOn(Schedulers.boundedElastic(), 1) // a terminal may block, an event loop must not
                    .doOnNext(seen -> line.show(seen.status().progress(), told(seen)))
                    .blockLast();
        } catch (ApiException e) {
            return ErrorOutput.failed(console, e, journey);
        }
        if (last == null || !last.status().state().isTerminal()) {
            return ExitCode.SUCCESS; // the operation has succeeded, and its response has no body
        }
        JsonNode answer = last.answer().value();
        if (answer != null) {
            console.out().println(JsonText.pretty(answer));
        }
        if (last.status().state() == PollState.SUCCEEDED) {
            return ExitCode.SUCCESS;
        }
        String reason = last.status().reason();
        console.complain(
                (last.status().state() == PollState.FAILED ? "the operation has failed" : "the operation was cancelled")
                        + ": state " + word(last) + (reason == null ? "" : ", " + reason));
        return ExitCode.JOB_ENDED_BADLY;
    }

    private static String told(Poll.Observation<JsonNode> seen) {
        Duration next = seen.nextIn();
        return String.format(
                Locale.ROOT,
                "%s, poll %d, %d s%s",
                word(seen),
                seen.number(),
                seen.elapsed().toSeconds(),
                next == null ? "" : ", next in " + Math.max(1, next.toSeconds()) + " s");
    }

    private static String word(Poll.Observation<JsonNode> seen) {
        String word = seen.status().word();
        return word == null ? seen.status().state().name().toLowerCase(Locale.ROOT) : word;
    }
}
