package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InvictiExportsTest {

    private static final String AUDIT_LIST = "/api/identity/v1/audit/list";
    private static final String AUDIT_LOG = "/api/identity/v1/audit/log";

    private final SteppedClock clock = SteppedClock.at("2026-03-17T12:00:00Z");

    @AutoClose
    private final Running<InvictiSimulator, InvictiRules> running =
            new Running<>(InvictiRules.documented().withClock(clock), InvictiSimulator::start);

    @ParameterizedTest
    @CsvSource({"reports,report_id", "exports,export_id"})
    void reportsProgressUntilDownloadIsReady(String path, String member) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withPollsUntilDone(2));
        Caller caller = new Caller(invicti);
        Answer created = caller.post("/api/v1/" + path, "{}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.locatedId()).isEqualTo(created.text(member));
        assertThat(created.text("status")).isEqualTo("queued");
        String location = created.header("location");
        assertThat(caller.follow(location + "/download").status()).isEqualTo(404);
        Answer first = caller.follow(location);
        assertThat(first.text("status")).isEqualTo("processing");
        assertThat(first.json().get("download")).isEmpty();
        Answer second = caller.follow(location);
        assertThat(second.text("status")).isEqualTo("completed");
        Answer file = caller.follow(second.json().at("/download/0").stringValue());
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("content-type")).isEqualTo("application/pdf");
        assertThat(file.text()).startsWith("%PDF-");
        assertThat(invicti.effects().count("POST /api/v1/" + path)).isEqualTo(1);
    }

    @Test
    void advancesReportByHand() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withLocationForm(LocationForm.RELATIVE));
        Caller caller = new Caller(invicti);
        String id = caller.post("/api/v1/reports", "{}").text("report_id");
        assertThat(caller.get("/api/v1/reports/" + id).text("status")).isEqualTo("queued");
        invicti.advanceReport(id, "completed");
        assertThat(caller.get("/api/v1/reports/" + id).json().at("/download/0").stringValue())
                .isEqualTo("/api/v1/reports/" + id + "/download");
        String export = caller.post("/api/v1/exports", "{}").text("export_id");
        invicti.advanceReport(export, "failed");
        assertThat(caller.get("/api/v1/exports/" + export).text("status")).isEqualTo("failed");
        assertThatThrownBy(() -> invicti.advanceReport(export, "completed"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("export " + export + " has ended as failed");
        assertThatThrownBy(() -> invicti.advanceReport("x", "completed")).hasMessageStartingWith("id: x ");
    }

    @Test
    void auditsWritesUnderUserOfKey() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Caller caller = new Caller(invicti);
        String user = caller.get(Caller.ME).text("id");
        String scan = caller.scan("t").text("scan_id");
        JsonNode list = caller.get(AUDIT_LIST + "?pageNumber=1&pageSize=10").json();
        assertThat(list.at("/pageInfo/totalCount").intValue()).isEqualTo(1);
        assertThat(list.at("/items/0/userId").stringValue()).isEqualTo(user);
        assertThat(list.at("/items/0/operation").stringValue()).isEqualTo("POST /api/v1/scans");
        assertThat(list.at("/items/0/resourceId").stringValue()).isEqualTo(scan);
    }

    @Test
    void servesAuditLogInRequestedType() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        caller.scan("t");
        JsonNode entry = caller.get(AUDIT_LIST).json().at("/items/0");
        Answer csv = caller.get(AUDIT_LOG + "?exportType=csv");
        assertThat(csv.header("content-type")).isEqualTo("text/csv");
        assertThat(csv.text())
                .isEqualTo("id,userId,operation,resourceId,createdAt\r\n"
                        + entry.get("id").stringValue() + ","
                        + entry.get("userId").stringValue() + ",POST /api/v1/scans,"
                        + entry.get("resourceId").stringValue() + ",2026-03-17T12:00:00Z\r\n");
        Answer json = caller.get(AUDIT_LOG + "?exportType=json");
        assertThat(json.header("content-type")).isEqualTo("application/json");
        assertThat(json.json().at("/0")).isEqualTo(entry);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                               3",
        "&pageSize=2,                                      2",
        "&fromDate=2026-03-18,                             2",
        "&toDate=2026-03-18,                               2",
        "&fromDate=2026-03-18&toDate=2026-03-18T00:00:00Z, 1",
        "&fromDate=2026-03-20,                             0"
    })
    void cutsAuditLogByDatesAndSize(String query, int entries) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        for (int day = 17; day <= 19; day++) {
            caller.scan("t");
            clock.advance(Duration.ofDays(1));
        }
        assertThat(caller.get(AUDIT_LOG + "?exportType=json" + query).json()).hasSize(entries);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exportType=",
                "exportType=xml",
                "exportType=csv&fromDate=yesterday",
                "exportType=csv&toDate=17",
                "exportType=csv&pageSize=0"
            })
    void rejectsImpossibleAuditLog(String query) throws Exception {
        Answer refused = new Caller(running.start(rules -> rules)).get(AUDIT_LOG + "?" + query);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("error")).isEqualTo("ValidationError");
    }

    @Test
    void requiresTypeOfAuditLog() throws Exception {
        Answer refused = new Caller(running.start(rules -> rules)).get(AUDIT_LOG);
        assertThat(refused.json().get("details").toString())
                .isEqualTo("[{\"field\":\"exportType\",\"code\":\"REQUIRED\",\"message\":\"ExportType is required\"}]");
    }
}
