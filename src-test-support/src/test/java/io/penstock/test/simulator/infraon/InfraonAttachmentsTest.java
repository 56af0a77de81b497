package io.penstock.test.simulator.infraon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.simulator.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfraonAttachmentsTest {

    private static final String INCIDENTS = Caller.INCIDENTS;

    @AutoClose
    private final InfraonSimulator infraon = InfraonSimulator.start();

    private final Caller caller = new Caller(infraon);

    @Test
    void decodesAttachment() throws Exception {
        String id = caller.incident();
        Answer added =
                attach("{\"incidentId\":\"" + id + "\",\"files\":[{\"file_data\":\"data:text/plain;base64,aGVsbG8=\","
                        + "\"formatted_size\":\"5 B\",\"file_name\":\"a.txt\"}]}");
        assertThat(added.status()).isEqualTo(200);
        assertThat(infraon.attachments(id)).hasSize(1).first().satisfies(file -> {
            assertThat(file.fileName()).isEqualTo("a.txt");
            assertThat(file.mediaType()).isEqualTo("text/plain");
            assertThat(file.formattedSize()).isEqualTo("5 B");
            assertThat(file.content()).asString().isEqualTo("hello");
        });
        assertThat(infraon.effects().count("POST " + INCIDENTS + "add-attachment/"))
                .isEqualTo(1);
        assertThatThrownBy(() -> infraon.attachments("99"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("incidentId: 99 (expected: the id of an incident)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"files\":[]}                   | 400 {\"incidentId\":[\"This field is required.\"]}",
                "{\"incidentId\":99,\"files\":[]} | 404 {\"detail\":\"Not found.\"}",
                "{\"incidentId\":1}               | 400 {\"files\":[\"This field is required.\"]}",
                "{\"incidentId\":1,\"files\":[{\"file_data\":\"aGVsbG8=\"}]}"
                        + " | 400 {\"file_data\":[\"Not a data URL in Base64.\"]}",
                "{\"incidentId\":1,\"files\":[{\"file_data\":\"data:a/b;base64,!\",\"file_name\":\"a\","
                        + "\"formatted_size\":\"1 B\"}]} | 400 {\"file_data\":[\"Not a data URL in Base64.\"]}",
                "{\"incidentId\":1,\"files\":[{\"file_data\":\"data:a/b;base64,aaaa\",\"file_name\":\"a\"}]}"
                        + " | 400 {\"formatted_size\":[\"This field is required.\"]}",
            })
    void rejectsUselessAttachment(String body, String error) throws Exception {
        String id = caller.incident();
        assertThat(attach(body).literal()).isEqualTo(error);
        assertThat(infraon.attachments(id)).isEmpty();
    }

    @Test
    void rejectsAttachmentOverOneMebibyte() throws Exception {
        assertThat(attach("x".repeat(1024 * 1024 + 1)).literal())
                .isEqualTo("413 {\"detail\":\"Request Entity Too Large.\"}");
    }

    private Answer attach(String body) throws Exception {
        return caller.post(INCIDENTS + "add-attachment/", body);
    }
}
