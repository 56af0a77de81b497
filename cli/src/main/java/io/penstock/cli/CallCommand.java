package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import io.penstock.spec.Vendors;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code call}. Makes one call and prints the response to stdout as JSON, everything else to stderr. */
@Command(
        name = "call",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Calls a vendor's API and prints the answer as JSON; an answer without a body prints nothing.",
            "The secret comes from the environment variable PENSTOCK_<VENDOR>_SECRET, never from an argument."
        },
        exitCodeListHeading = "%nExit codes:%n")
final class CallCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final RequestOptions options = new RequestOptions();

    @Option(names = "--base-url", paramLabel = "URI", description = "Another address, such as that of a simulator.")
    private @Nullable String baseUrl;

    @Option(names = "--explain", description = "Print what would be sent and through which stages; send nothing.")
    private boolean explain;

    @Option(names = "--journey", description = "Print the journey to stderr: attempts, waits, and why.")
    private boolean journey;

    @Mixin
    private final SecretOptions secrets = new SecretOptions();

    CallCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        VendorSpec spec = Vendors.byId(options.vendor());
        ApiRequest<?> request = options.request(spec.credential());
        ApiClientBuilder builder = console.clients().apply(spec);
        if (baseUrl != null) {
            builder = withBaseUri(builder, baseUrl);
        }
        Secret secret = secrets.secret(spec.id(), console);
        if (secret != null) {
            builder = builder.secret(secret);
        } else {
            request = request.anonymous();
        }
        try (ApiClient client = builder.build()) {
            return explain ? explain(client, request) : send(client, request);
        }
    }

    static ApiClientBuilder withBaseUri(ApiClientBuilder builder, String uri) {
        try {
            return builder.baseUri(uri);
        } catch (ApiException e) {
            throw new BadArgument("--base-url, " + e.getMessage());
        }
    }

    private int explain(ApiClient client, ApiRequest<?> request) {
        console.out().println(client.inspect().explain(request));
        return ExitCode.SUCCESS;
    }

    private int send(ApiClient client, ApiRequest<?> request) {
        try {
            print(client.execute(request).block());
            return ExitCode.SUCCESS;
        } catch (ApiException e) {
            return ErrorOutput.failed(console, e, journey);
        }
    }

    private void print(@Nullable ApiResponse<?> response) {
        if (response == null) {
            throw new IllegalStateException("the call ended without an answer");
        }
        Object value = response.value();
        if (value != null) {
            console.out().println(JsonText.pretty(value));
        }
        if (journey) {
            console.err().println(response.journey().timeline());
        }
    }
}
