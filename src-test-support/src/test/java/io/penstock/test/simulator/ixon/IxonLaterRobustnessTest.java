package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The simulator's side of the cases X9 to X18 that a client has to survive. */
class IxonLaterRobustnessTest {

    private static final String POINTS = "{\"source\":{\"publicId\":\"%s\"},\"start\":\"2024-01-01T00:00:00Z\","
            + "\"end\":\"2024-01-01T00:00:55Z\",\"tags\":[{\"slug\":\"a\",\"queries\":[{\"ref\":\"a\",\"step\":1}]}]}";

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final Running<IxonSimulator, IxonRules> running =
            new Running<>(IxonRules.documented().withClock(clock), IxonSimulator::start);

    @ParameterizedTest
    @CsvSource({
        "false,user@example.com::correct:horse,201",
        "false,user@example.com:correct:horse,401",
        "true,user@example.com::correct:horse,201",
        "true,user@example.com:correct:horse,201",
        "true,user@example.com:wrong,401",
    })
    void x9AcceptsOmittedSlotOfOneTimePassword(boolean twoParts, String basic, int status) throws Exception {
        IxonSimulator ixon =
                running.start(rules -> rules.withAccess(IxonAccess.documented().withTwoPartBasic(twoParts)));
        assertThat(new Caller(ixon).basic(basic).post("/access-tokens", "{}").status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"false,200", "true,400"})
    void x10IgnoresOrForbidsUnusedCompany(boolean forbidden, int status) throws Exception {
        IxonSimulator ixon =
                running.start(rules -> rules.withAccess(IxonAccess.documented().withCompanyForbidden(forbidden)));
        Caller caller = new Caller(ixon);
        assertThat(caller.get("/users/me").status()).isEqualTo(status);
        assertThat(caller.with("Api-Company", null).get("/users/me").status()).isEqualTo(200);
        assertThat(caller.with("Api-Company", null).get("/agents").property()).isEqualTo("Api-Company");
    }

    @ParameterizedTest
    @CsvSource({
        "Api-Application,short",
        "Api-Application,AAAAAAAAAAA-",
        "Api-Company,1234",
        "Api-Company,aaaa-aaaa-aaaa-aaaa-aaaa",
        "Api-Branding,localhost",
    })
    void x11ChecksHeaderByItsPattern(String header, String value) throws Exception {
        IxonSimulator ixon = running.start(rules -> rules);
        Answer refused = new Caller(ixon).with(header, value).get("/agents");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.property()).isEqualTo(header);
        assertThat(refused.message()).isEqualTo("Value does not match regex expression");
        assertThat(new Caller(ixon)
                        .with("Api-Branding", "portal.ixon.cloud")
                        .get("/agents")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void x12NamesFailingElementOfBulk(boolean atomic) throws Exception {
        IxonSimulator ixon = running.start(rules -> rules.withBulkAtomic(atomic));
        Answer refused = new Caller(ixon).post("/groups", "[{\"name\":\"a\"},{\"name\":\"\"},{\"name\":\"c\"},7]");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.data().toString())
                .isEqualTo("[{\"message\":\"Value is too short\",\"propertyName\":\"name\",\"listIndex\":1},"
                        + "{\"message\":\"Invalid value\",\"listIndex\":3}]");
        assertThat(ixon.effects().count("POST /groups")).isEqualTo(atomic ? 0 : 2);
    }

    @ParameterizedTest
    @CsvSource({"CSV,text/csv; charset=utf-8", "JSON,application/json"})
    void x13ExportsTableOrObject(ExportFormat format, String type) throws Exception {
        IxonSimulator ixon = running.start(rules -> rules.withExportFormat(format));
        Caller caller = new Caller(ixon);
        Answer export = caller.post("/data-export", POINTS.formatted(ixon.dataSourceId()));
        assertThat(export.status()).isEqualTo(201);
        assertThat(export.header("content-type")).isEqualTo(type);
        assertThat(export.text().startsWith("{")).isEqualTo(format == ExportFormat.JSON);
        assertThat(caller.get("/audit-logs-export").header("content-type")).isEqualTo(type);
    }

    @Test
    void x14AnswersErrorWithSuccessfulStatus() throws Exception {
        IxonSimulator ixon = running.start(errors(errors -> errors.withStatus200(true)));
        Answer refused = new Caller(ixon).with("Api-Company", null).get("/agents");
        assertThat(refused.status()).isEqualTo(200);
        assertThat(refused.json().get("status").stringValue()).isEqualTo("error");
        assertThat(refused.message()).isEqualTo("Required header");
    }

    @ParameterizedTest
    @CsvSource({"502,HTML", "502,EMPTY", "504,HTML", "504,EMPTY", "500,ENVELOPE"})
    void x15AnswersGatewayErrorAsHtmlOrNothing(int status, UndocumentedBody body) throws Exception {
        IxonSimulator ixon = running.start(errors(errors -> errors.withServerErrorBody(body)));
        ixon.faults().next(Fault.status(status));
        Answer failed = new Caller(ixon).get("/agents");
        assertThat(failed.status()).isEqualTo(status);
        switch (body) {
            case HTML -> assertThat(failed.header("content-type")).startsWith("text/html");
            case EMPTY -> assertThat(failed.text()).isEmpty();
            case ENVELOPE ->
                assertThat(failed.json().get("status").stringValue()).isEqualTo("error");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void x16PointsDiscoveryToAnotherHost(boolean foreign) throws Exception {
        IxonSimulator ixon = running.start(rules -> rules.withForeignDiscovery(foreign));
        String origin = (foreign ? ixon.foreignOrigin() : ixon.origin()).toString();
        for (JsonNode entry : new Caller(ixon).get("/").data()) {
            assertThat(entry.get("href").stringValue().replaceFirst("^ws", "http"))
                    .startsWith(origin);
        }
        Caller.anonymous("GET", ixon.foreignOrigin() + "/api/agents", "", "Authorization", "Bearer leaked");
        assertThat(ixon.foreignRequests().all().get(0).header("authorization")).isEqualTo("Bearer leaked");
    }

    @Test
    void x16ServesOlderHostWithoutBasePath() throws Exception {
        IxonSimulator ixon = running.start(rules -> rules.withBasePath(""));
        assertThat(ixon.baseUri().getPath()).isEmpty();
        assertThat(new Caller(ixon).get("/agents").status()).isEqualTo(200);
        assertThat(new Caller(ixon).get("/").status()).isEqualTo(200);
        assertThat(new Caller(ixon).get("/api/agents").status()).isEqualTo(404);
    }

    @Test
    void x17RequiresBodyOfDeletion() throws Exception {
        IxonSimulator ixon = running.start(rules -> rules);
        Caller caller = new Caller(ixon);
        String first = caller.create("/groups", "{\"name\":\"a\"}");
        String second = caller.create("/groups", "{\"name\":\"b\"}");
        assertThat(caller.delete("/groups", "").status()).isEqualTo(400);
        Answer deleted =
                caller.delete("/groups", "[{\"publicId\":\"" + first + "\"},{\"publicId\":\"" + second + "\"}]");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.data().toString()).isEqualTo("{}");
        assertThat(ixon.effects().count("DELETE /groups")).isEqualTo(2);
        Answer again = caller.delete("/groups", "[{\"publicId\":\"" + first + "\"}]");
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.json().at("/data/0/listIndex").intValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {IxonErrors.CREDENTIALS_SAMPLE, IxonErrors.CREDENTIALS_TEXT})
    void x18VariesMessageByAnArticle(String message) throws Exception {
        IxonSimulator ixon = running.start(errors(errors -> errors.withCredentialsMessage(message)));
        Answer refused = new Caller(ixon).with("Authorization", "Bearer").get("/agents");
        assertThat(refused.message()).isEqualTo(message);
        assertThat(refused.property()).isEqualTo("Authorization");
    }

    private static UnaryOperator<IxonRules> errors(UnaryOperator<IxonErrors> change) {
        return rules -> rules.withErrors(change.apply(rules.errors()));
    }
}
