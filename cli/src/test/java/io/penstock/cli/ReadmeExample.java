package io.penstock.cli;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.pentify.Pentify;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.ScanType;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The README's example, compiled: {@code ReadmeTest} compares the two. */
final class ReadmeExample {

    private static final Logger log = LoggerFactory.getLogger(ReadmeExample.class);

    private ReadmeExample() {}

    static Mono<Void> calls() {
        // example
        Pentify pentify = Pentify.connect(Secret.of(System.getenv("PENSTOCK_PENTIFY_SECRET")));
        NewScan order = NewScan.of("example.com", ScanType.QUICK);

        Mono<Scan> scan = pentify.createScan(order, order.key("2026-11-20")) // sent again or run twice: still one scan
                .onErrorResume(ErrorKind.PAYMENT_REQUIRED::matches, e -> Mono.empty()) // errors are typed
                .doOnError(ApiException.class, e -> log.warn(e.journey().timeline())); // and tell what happened

        Flux<Scan> scans = pentify.scans()
                .items() // page by page, as they are asked for; goes on where it broke
                .onErrorResume(
                        ApiException.class,
                        e -> pentify.scans().resumeFrom(e.resumeToken()).items());

        Mono<ApiResponse<JsonNode>> any = pentify.client() // any path, typed or not
                .execute(ApiRequest.get("scans/{id}/report")
                        .path("id", "scn_01HFY3")
                        .deadline(Duration.ofSeconds(20)));
        // end
        return scan.then(any).thenMany(scans).then();
    }
}
