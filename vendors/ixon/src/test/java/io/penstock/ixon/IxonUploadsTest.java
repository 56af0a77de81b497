package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.LoggedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified files for IXON, checked byte for byte at the simulator. */
class IxonUploadsTest extends IxonTest {

    @TempDir
    Path directory;

    @Test
    void sendsPictureUnchanged() throws IOException {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path image = Files.write(directory.resolve("logo.png"), content);

        assertThat(ixon.uploads().publicFile(image, "image/png").block(PATIENCE).isObject())
                .isTrue();

        LoggedRequest arrived =
                simulator.requests().of("POST", "/api/public-files/upload").get(0);
        assertThat(arrived.content()).isEqualTo(content);
        assertThat(arrived.header("content-type")).isEqualTo("image/png");
        assertThat(arrived.header("content-length")).isEqualTo("300000");
        assertThat(arrived.header("api-company")).isEqualTo(simulator.companyId());
    }

    @Test
    void usesDocumentedPathForEveryUpload() throws IOException {
        Path file = Files.write(directory.resolve("any"), new byte[10]);
        IxonUploads uploads = ixon.uploads();
        uploads.screensaver(file, "image/jpeg").onErrorComplete().block(PATIENCE);
        uploads.edgeAppFile("a1", "i1", file, "image/png").onErrorComplete().block(PATIENCE);
        uploads.edgeAppVersion("e1", file).onErrorComplete().block(PATIENCE);
        uploads.backendComponentVersion("b1", file).onErrorComplete().block(PATIENCE);
        uploads.pageComponentVersion("p1", file).onErrorComplete().block(PATIENCE);

        assertThat(simulator.requests().all())
                .filteredOn(request -> request.method().equals("POST"))
                .extracting(request -> request.path() + " " + request.header("content-type"))
                .containsExactly(
                        "/api/router-display-screensaver/upload image/jpeg",
                        "/api/agents/a1/edge-app-instances/i1/files/upload image/png",
                        "/api/edge-apps/e1/version-upload application/zip",
                        "/api/backend-component-templates/b1/version-upload application/zip",
                        "/api/page-component-templates/p1/version-upload application/zip");
    }
}
