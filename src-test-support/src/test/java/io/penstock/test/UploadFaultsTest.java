package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.SimulatorServer;
import io.penstock.upload.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of the simulators during an upload: slow reading, a break, and a refusal half-way. */
class UploadFaultsTest implements SimulatedApi {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SIZE = 900_000;

    @TempDir
    Path directory;

    private final SimulatorServer server = SimulatorServer.start(0, this);
    private final ApiClient client = ApiClient.builder(
                    VendorSpec.generic("api", server.origin()).withQuota(QuotaModel.unknown()))
            .retry(RetryPolicy.standard()
                    .withBackoff(new Backoff(Duration.ofMillis(5), 2, Duration.ofMillis(20), 0.25)))
            .build();
    private final byte[] content = new byte[SIZE];
    private ApiRequest<?> upload;

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        return SimulatedResponse.text(200, "application/json", "{}");
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return SimulatedResponse.text(status, "application/json", "{}");
    }

    @BeforeEach
    void write() throws IOException {
        new Random(7).nextBytes(content);
        upload = ApiRequest.put("/files")
                .body(Upload.file(Files.write(directory.resolve("a.bin"), content), "image/png"));
    }

    @AfterEach
    void close() {
        client.closeLater().block(PATIENCE);
        server.close();
    }

    @Test
    void recordsUploadByteForByte() {
        client.execute(upload).block(PATIENCE);

        assertThat(server.requests().all()).hasSize(1);
        assertThat(server.requests().all().get(0).content()).isEqualTo(content);
    }

    @Test
    void receivesWholeUploadAfterBreaks() {
        server.faults().next(Fault.resetInsideRequest(100_000), Fault.resetInsideRequest(0));
        var answer = client.execute(upload).block(PATIENCE);

        assertThat(answer.journey().attempts()).hasSize(3);
        assertThat(server.requests().all()).hasSize(1);
        assertThat(server.requests().all().get(0).content()).isEqualTo(content);
    }

    @Test
    void receivesWholeUploadWhenReadingSlowly() {
        server.faults().next(Fault.slowReading(Duration.ofMillis(10)));
        client.execute(upload).block(PATIENCE);

        assertThat(server.requests().all().get(0).content()).isEqualTo(content);
        assertThat(server.faults().pending()).isZero();
    }

    @Test
    void refusesUploadHalfWay() {
        server.faults().next(Fault.statusInsideRequest(413, 50_000));
        ApiException failure = catchThrowableOfType(
                ApiException.class, () -> client.execute(upload).block(PATIENCE));

        assertThat(failure.status()).isEqualTo(413);
        assertThat(server.requests().all()).isEmpty();
    }
}
