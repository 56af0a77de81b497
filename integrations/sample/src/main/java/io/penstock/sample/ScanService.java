package io.penstock.sample;

import io.penstock.pentify.Pentify;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.ScanType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A service over the Pentify API. Health, metrics and traces need no code. */
@SpringBootApplication
@RestController
class ScanService {

    private final Pentify pentify;

    ScanService(Pentify pentify) {
        this.pentify = pentify;
    }

    public static void main(String[] arguments) {
        SpringApplication.run(ScanService.class, arguments);
    }

    record Order(String target, String orderId) {}

    record Outlook(int waiting, @Nullable Instant hundredMoreEndAt) {}

    @GetMapping(path = "/scans", produces = MediaType.APPLICATION_NDJSON_VALUE)
    Flux<Scan> scans() {
        return pentify.scans().items();
    }

    @PostMapping("/scans")
    Mono<Scan> order(@RequestBody Order order) {
        NewScan scan = NewScan.of(order.target, ScanType.QUICK);
        return pentify.createScan(scan, scan.key(order.orderId));
    }

    @GetMapping("/usage")
    Mono<JsonNode> usage() {
        return pentify.usage();
    }

    @GetMapping("/outlook")
    Outlook outlook() {
        return new Outlook(
                pentify.client().quota().waiting(), pentify.client().quota().eta(100));
    }
}
