package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import io.penstock.spec.Vendors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code download}. Downloads one file. Prints its path to stdout when it is complete, and the progress to
 * stderr if that is a terminal.
 */
@Command(
        name = "download",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Downloads a file from a vendor's API with GET, and prints where it is.",
            "A break is resumed; so is a download that was stopped, from FILE.part.",
            "The secret comes from the environment variable PENSTOCK_<VENDOR>_SECRET, never from an argument."
        },
        exitCodeListHeading = "%nExit codes:%n")
final class DownloadCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(index = "0", paramLabel = "vendor", description = "One of those that penstock vendors lists.")
    private String vendor = "";

    @Parameters(
            index = "1",
            paramLabel = "path",
            description = "Below the vendor's base URI (scans/1/report), or from the root of its origin.")
    private String path = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "Where it goes; a directory for the name that the server gives it.")
    private Path output = Path.of("");

    @Option(names = "--query", paramLabel = "NAME=VALUE", description = "A query parameter; may be repeated.")
    private List<String> query = new ArrayList<>();

    @Option(
            names = "--accept",
            paramLabel = "TYPE",
            description = "The media type to ask for, such as application/pdf.")
    private @Nullable String accept;

    @Option(names = "--redirects", paramLabel = "N", description = "Follow up to so many redirects (5 unless given).")
    private int redirects = 5;

    @Option(names = "--max-bytes", paramLabel = "N", description = "The largest file to accept (16 GiB unless given).")
    private long maxBytes = DownloadOptions.standard().maxBytes();

    @Option(names = "--replace", description = "Replace a file that is there already.")
    private boolean replace;

    @Option(names = "--base-url", paramLabel = "URI", description = "Another address, such as that of a simulator.")
    private @Nullable String baseUrl;

    @Option(names = "--journey", description = "Print the journey of the last call to stderr.")
    private boolean journey;

    @Mixin
    private final SecretOptions secrets = new SecretOptions();

    DownloadCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        VendorSpec spec = Vendors.byId(vendor);
        ApiRequest<?> request = ApiRequest.get(RequestOptions.plainPath(path)).followRedirects(redirects);
        for (String parameter : query) {
            request = RequestOptions.withQuery(request, parameter, spec.credential());
        }
        if (accept != null) {
            request = request.header("accept", accept);
        }
        ApiClientBuilder builder = console.clients().apply(spec);
        if (baseUrl != null) {
            builder = CallCommand.withBaseUri(builder, baseUrl);
        }
        Secret secret = secrets.secret(spec.id(), console);
        if (secret != null) {
            builder = builder.secret(secret);
        } else {
            request = request.anonymous();
        }
        try (ApiClient client = builder.build()) {
            return download(client, request);
        }
    }

    private int download(ApiClient client, ApiRequest<?> request) {
        ProgressLine line = new ProgressLine(console.err(), console.terminal());
        DownloadOptions options =
                DownloadOptions.standard().withMaxBytes(maxBytes).withListener(new DownloadProgress(line));
        DownloadTarget target =
                output.toFile().isDirectory() ? DownloadTarget.into(output) : DownloadTarget.file(output);
        try {
            Download done = client.download(request, target, replace ? options.replacingExisting() : options)
                    .block();
            line.close();
            if (done == null || done.path() == null) {
                throw new IllegalStateException("the download ended without a file");
            }
            console.out().println(done.path());
            if (journey) {
                console.err().println(done.lastCall().journey().timeline());
            }
            return ExitCode.SUCCESS;
        } catch (ApiException e) {
            line.close();
            return ErrorOutput.failed(console, e, journey);
        }
    }
}
