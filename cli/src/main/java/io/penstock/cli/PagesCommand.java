package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import io.penstock.spec.Vendors;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.Exceptions;
import reactor.core.publisher.Signal;
import tools.jackson.databind.JsonNode;

/**
 * The command {@code pages}. Reads a list. Prints its items to stdout, one JSON value per line, and everything about
 * the call to stderr.
 */
@Command(
        name = "pages",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Reads a list of a vendor's API page by page and prints its items, one JSON value a line (NDJSON).",
            "A run that breaks off prints a token, with which --resume goes on: no item is lost or printed twice.",
            "The secret comes from the environment variable PENSTOCK_<VENDOR>_SECRET, never from an argument."
        },
        exitCodeListHeading = "%nExit codes:%n")
final class PagesCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final ListOptions options = new ListOptions();

    @Option(names = "--base-url", paramLabel = "URI", description = "Another address, such as that of a simulator.")
    private @Nullable String baseUrl;

    @Mixin
    private final SecretOptions secrets = new SecretOptions();

    PagesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        VendorSpec spec = Vendors.byId(options.vendor());
        ApiRequest<?> request = options.request(spec.credential());
        int prefetch = options.prefetch();
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
            Pages<JsonNode> pages = client.pages(request, JsonNode.class).prefetch(prefetch);
            String token = options.resume();
            return print(token == null ? pages : pages.resumeFrom(token), token);
        }
    }

    /**
     * Prints the pages on this thread, not on the event loop that delivers them: a terminal or a pipe may block. A
     * failure arrives as the last signal, because a {@code Stream} of the pages would report it before the pages that
     * were not printed yet.
     */
    private int print(Pages<JsonNode> pages, @Nullable String from) {
        Printed printed = new Printed(console, from);
        Thread onSignal = new Thread(printed::interrupted, "penstock-stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (Stream<Signal<Page<JsonNode>>> read = pages.materialize().toStream(1)) {
            Iterator<Signal<Page<JsonNode>>> each = read.iterator();
            while (each.hasNext()) {
                Signal<Page<JsonNode>> next = each.next();
                Throwable failure = next.getThrowable();
                if (failure != null) {
                    throw Exceptions.propagate(failure);
                }
                Page<JsonNode> page = next.get();
                if (page != null && !printed.page(page)) {
                    printed.breakOff("nobody reads what is printed");
                    return ExitCode.UNEXPECTED;
                }
            }
            printed.end();
            return ExitCode.SUCCESS;
        } catch (ApiException e) {
            return printed.failed(e);
        } catch (RuntimeException e) {
            printed.breakOff("unexpected failure: " + e);
            return ExitCode.UNEXPECTED;
        } finally {
            removed(onSignal);
        }
    }

    private static void removed(Thread onSignal) {
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // the signal has arrived: the hook is running, and the process is about to end
        }
    }
}
