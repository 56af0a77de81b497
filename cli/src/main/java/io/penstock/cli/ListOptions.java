package io.penstock.cli;

import io.penstock.auth.CredentialScheme;
import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of {@code pages}: the list to read. */
final class ListOptions {

    private static final int MOST_AHEAD = 100;

    @Parameters(index = "0", paramLabel = "vendor", description = "One of those that penstock vendors lists.")
    private String vendor = "";

    @Parameters(
            index = "1",
            paramLabel = "path",
            description = "Below the vendor's base URI (scans), or from the root of its origin (/v1/scans).")
    private String path = "";

    @Option(names = "--query", paramLabel = "NAME=VALUE", description = "A query parameter; may be repeated.")
    private List<String> query = new ArrayList<>();

    @Option(names = "--header", paramLabel = "NAME:VALUE", description = "A request header; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "Time for each page with all retries and waits: 500ms, 30s, 2m, PT30S (60s unless given).")
    private @Nullable String deadline;

    @Option(
            names = "--prefetch",
            paramLabel = "PAGES",
            description = "How many pages to fetch ahead of what is printed: 0 to 100 (0 unless given).")
    private String prefetch = "0";

    @Option(
            names = "--resume",
            paramLabel = "TOKEN",
            description = "Go on where a run was broken off, with the token it printed and the same arguments.")
    private @Nullable String resume;

    String vendor() {
        return vendor;
    }

    @Nullable
    String resume() {
        return resume;
    }

    int prefetch() {
        try {
            int pages = Integer.parseInt(prefetch);
            if (pages >= 0 && pages <= MOST_AHEAD) {
                return pages;
            }
            throw BadArgument.of("--prefetch", prefetch, "out of range", "0 to " + MOST_AHEAD);
        } catch (NumberFormatException e) {
            throw BadArgument.of("--prefetch", prefetch, "not a number", "0 to " + MOST_AHEAD);
        }
    }

    ApiRequest<?> request(CredentialScheme credential) {
        ApiRequest<?> request = get();
        for (String parameter : query) {
            request = RequestOptions.withQuery(request, parameter, credential);
        }
        for (String header : headers) {
            request = RequestOptions.withHeader(request, header, credential);
        }
        return deadline == null ? request : request.deadline(DurationText.parse("--deadline", deadline));
    }

    private ApiRequest<?> get() {
        try {
            return ApiRequest.get(RequestOptions.plainPath(path));
        } catch (ApiException e) {
            throw new BadArgument(String.valueOf(e.getMessage()));
        }
    }
}
