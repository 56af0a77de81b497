package io.penstock.infraon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.infraon.model.FileAttachment;
import io.penstock.infraon.model.ListQuery;
import io.penstock.test.simulator.infraon.Attachment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files for Infraon, in base64 inside JSON, checked byte for byte at the simulator. */
class InfraonUploadsTest extends InfraonTest {

    @TempDir
    Path directory;

    @Test
    void encodesAttachmentWhileSending() throws IOException {
        byte[] content = new byte[400_001];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("plan.pdf"), content);
        simulator.addIncidents(1);
        String incident = infraon.incidents(ListQuery.first())
                .blockFirst(PATIENCE)
                .items()
                .get(0)
                .incidentId();

        infraon.addAttachment(incident, FileAttachment.of(file, "application/pdf"))
                .block(PATIENCE);

        List<Attachment> added = simulator.attachments(incident);
        assertThat(added).hasSize(1);
        assertThat(added.get(0).content()).isEqualTo(content);
        assertThat(added.get(0).mediaType()).isEqualTo("application/pdf");
        assertThat(added.get(0).fileName()).isEqualTo("plan.pdf");
        assertThat(added.get(0).formattedSize()).isEqualTo("390.6 KB");
    }
}
