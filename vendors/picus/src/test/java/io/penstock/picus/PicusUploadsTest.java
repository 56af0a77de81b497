package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.picus.model.NewThreatFile;
import io.penstock.test.simulator.LoggedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Files for Picus, checked byte for byte at the simulator. */
class PicusUploadsTest extends PicusTest {

    @TempDir
    Path directory;

    private LoggedRequest only(String path) {
        assertThat(simulator.requests().of("POST", path)).hasSize(1);
        return simulator.requests().of("POST", path).get(0);
    }

    @Test
    void uploadsThreatFileWithItsFields() throws IOException {
        byte[] content = new byte[200_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("dropper \"1\".exe"), content);

        Long id = picus.threatLibrary()
                .uploadFile(new NewThreatFile(file, "exe", "local", "C:\\temp", true, null))
                .block(PATIENCE);

        assertThat(id).isPositive();
        LoggedRequest arrived = only("/v1/threat-library/files");
        String boundary = arrived.header("content-type").substring("multipart/form-data; boundary=".length());
        String head = "--" + boundary
                + "\r\ncontent-disposition: form-data; name=\"file\"; filename=\"dropper %221%22.exe\"\r\n"
                + "content-type: application/octet-stream\r\n\r\n";
        String tail = "\r\n--" + boundary + "\r\ncontent-disposition: form-data; name=\"file_type\"\r\n\r\nexe\r\n--"
                + boundary + "\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\nlocal\r\n--" + boundary
                + "\r\ncontent-disposition: form-data; name=\"download_path\"\r\n\r\nC:\\temp\r\n--" + boundary
                + "\r\ncontent-disposition: form-data; name=\"is_executable\"\r\n\r\ntrue\r\n--" + boundary + "--\r\n";
        assertThat(arrived.content())
                .startsWith(head.getBytes(StandardCharsets.UTF_8))
                .endsWith(tail.getBytes(StandardCharsets.UTF_8))
                .hasSize(head.length() + content.length + tail.length())
                .containsSequence(content);
    }

    @Test
    void importsThreatsFromFile() throws IOException {
        Path file = Files.writeString(directory.resolve("threats.yaml"), "name: own\n");

        JsonNode imported = picus.threatLibrary().importThreats(file).block(PATIENCE);

        assertThat(imported.isObject()).isTrue();
        assertThat(only("/v1/threat-library/threats/import").body())
                .contains("filename=\"threats.yaml\"")
                .contains("name: own\n");
    }
}
