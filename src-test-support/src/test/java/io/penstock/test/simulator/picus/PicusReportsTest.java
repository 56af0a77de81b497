package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.simulator.Answer;
import java.net.URI;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PicusReportsTest {

    private static final String REPORTS = "/v2/simulations/1/results/reports";

    @AutoClose
    private PicusSimulator picus = PicusSimulator.start();

    private Caller caller = new Caller(picus);

    @BeforeEach
    void simulate() throws Exception {
        caller.simulate("s");
    }

    @Test
    void createsPollsAndDownloadsReport() throws Exception {
        Answer created = caller.post(
                REPORTS + "?type=run&runId=latest",
                "{\"format\":[\"PDF\"],\"includesSensitiveData\":false,\"onlyPrevention\":true}");
        assertThat(created.text()).isEqualTo("[{\"format\":\"PDF\",\"id\":1,\"status\":\"IN PROGRESS\"}]");
        assertThat(caller.get(REPORTS + "/1/download").status()).isEqualTo(404);
        assertThat(caller.get(REPORTS + "/1/download-url").status()).isEqualTo(404);
        picus.advanceReport(1, "COMPLETED");
        Answer detail = caller.get(REPORTS + "/1");
        assertThat(detail.at("/status")).isEqualTo("COMPLETED");
        assertThat(detail.at("/isPreventionOnly")).isEqualTo("true");
        assertThat(detail.at("/includesSensitiveData")).isEqualTo("false");
        Answer file = caller.get(REPORTS + "/1/download");
        assertThat(file.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(file.header("content-disposition")).isEqualTo("attachment; filename=\"report-1.pdf\"");
        assertThat(file.text()).startsWith("%PDF-");
        assertThat(picus.effects().count("POST /v2/simulations/{Id}/results/reports"))
                .isEqualTo(1);
    }

    @Test
    void servesDownloadUrlAtForeignHostWithoutToken() throws Exception {
        create("PDF");
        picus.advanceReport(1, "COMPLETED");
        URI url = URI.create(caller.get(REPORTS + "/1/download-url").at("/downloadUrl"));
        assertThat(url.getAuthority())
                .isEqualTo(picus.fileStoreOrigin().getAuthority())
                .isNotEqualTo(picus.origin().getAuthority());
        Answer file = Caller.anonymous(url);
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.text()).startsWith("%PDF-");
        assertThat(picus.fileStoreRequests().all()).hasSize(1);
        assertThat(picus.fileStoreRequests().all().get(0).header("authorization"))
                .isNull();
        assertThat(Caller.anonymous(picus.fileStoreOrigin().resolve("/reports/report-2.pdf"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void createsOneReportPerFormat() throws Exception {
        Answer created = create("PDF\",\"CSV");
        assertThat(created.at("/1/format")).isEqualTo("CSV");
        picus.advanceReport(2, "COMPLETED");
        assertThat(caller.get(REPORTS + "/1").at("/status")).isEqualTo("IN PROGRESS");
        assertThat(caller.get(REPORTS + "/2/download").text()).isEqualTo("threat,result\n");
        assertThat(picus.effects().count("POST /v2/simulations/{Id}/results/reports"))
                .isEqualTo(2);
    }

    @Test
    void bindsReportToItsSimulation() throws Exception {
        create("PDF");
        caller.simulate("other");
        assertThat(caller.get("/v2/simulations/2/results/reports/1").status()).isEqualTo(404);
    }

    @Test
    void completesReportAfterPolls() throws Exception {
        picus.close();
        picus = PicusSimulator.start(PicusRules.documented().withPollsToFinish(2));
        caller = new Caller(picus);
        caller.simulate("s");
        create("PDF");
        assertThat(caller.get(REPORTS + "/1").at("/status")).isEqualTo("IN PROGRESS");
        assertThat(caller.get(REPORTS + "/1").at("/status")).isEqualTo("COMPLETED");
        assertThat(caller.get(REPORTS + "/1/download").status()).isEqualTo(200);
    }

    @Test
    void showsAnyStatusOfReport() throws Exception {
        create("PDF");
        picus.advanceReport(1, "QUEUED BY THE VENDOR");
        assertThat(caller.get(REPORTS + "/1").at("/status")).isEqualTo("QUEUED BY THE VENDOR");
        picus.advanceReport(1, "ERROR");
        assertThat(caller.get(REPORTS + "/1/download-url").status()).isEqualTo(404);
        assertThatThrownBy(() -> picus.advanceReport(1, "COMPLETED")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> picus.advanceReport(9, "COMPLETED"))
                .hasMessage("reportId: 9 (expected: the id of a created report)");
    }

    private Answer create(String formats) throws Exception {
        return caller.post(REPORTS + "?type=overview", "{\"format\":[\"" + formats + "\"]}");
    }
}
