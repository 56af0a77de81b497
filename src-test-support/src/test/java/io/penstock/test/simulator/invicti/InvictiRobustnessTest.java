package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The simulator's side of each case that a client of this API must survive. */
class InvictiRobustnessTest {

    private final SteppedClock clock = SteppedClock.at("2023-03-03T13:59:30.5Z");

    @AutoClose
    private final Running<InvictiSimulator, InvictiRules> running =
            new Running<>(InvictiRules.documented().withClock(clock), InvictiSimulator::start);

    @ParameterizedTest
    @CsvSource({"V1,200,404", "ONE_ZERO,404,200", "BOTH,200,200"})
    void i1ServesTargetsUnderConfiguredPrefix(DastPrefix prefix, int underV1, int underOneZero) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withDastPrefix(prefix)));
        assertThat(caller.get("/api/v1/targets").status()).isEqualTo(underV1);
        assertThat(caller.get("/api/1.0/targets").status()).isEqualTo(underOneZero);
        assertThat(caller.get(Caller.ME).status()).isEqualTo(200);
    }

    @Test
    void i1WritesLocationWithServedPrefix() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withDastPrefix(DastPrefix.ONE_ZERO));
        Caller caller = new Caller(invicti);
        Answer created = caller.post("/api/1.0/scans", Caller.scanBody("t"));
        assertThat(created.header("location"))
                .isEqualTo(invicti.origin() + "/api/1.0/scans/" + created.text("scan_id"));
        assertThat(caller.follow(created.header("location")).status()).isEqualTo(200);
        assertThat(invicti.effects().count("POST /api/v1/scans")).isEqualTo(1);
    }

    @Test
    void i1ServesBaseWithPathOfItsOwn() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withBasePath("/invicti"));
        assertThat(invicti.baseUri()).hasPath("/invicti");
        Caller caller = new Caller(invicti);
        assertThat(caller.get(Caller.ME).status()).isEqualTo(200);
        assertThat(caller.follow(Caller.ME).status()).isEqualTo(404);
        Answer created = caller.scan("t");
        assertThat(created.header("location")).startsWith(invicti.baseUri() + "/api/v1/scans/");
        assertThat(caller.follow(created.header("location")).status()).isEqualTo(200);
    }

    @Test
    void i2AcceptsKeyThatLooksLikeExpiredJwt() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withKeyFormat(KeyFormat.JWT));
        assertThat(invicti.secret()).startsWith("eyJ0eXAi").matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        String claims = invicti.secret().split("\\.", -1)[1];
        assertThat(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8))
                .startsWith("{\"exp\":1,");
        assertThat(new Caller(invicti).get(Caller.ME).status()).isEqualTo(200);
    }

    @Test
    void i2AcceptsKeyThatLooksLikeUuid() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withKeyFormat(KeyFormat.UUID));
        assertThat(invicti.secret()).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(new Caller(invicti).get(Caller.ME).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NUMBERED     | items,totalCount,page,pageSize",
                "PAGE_INFO    | items,pageInfo",
                "CURSOR       | importers,totalCount,nextPage,previousPage",
                "UNPAGED      | importers",
                "CURSOR_ARRAY | importers,pagination"
            })
    void i3WritesAnyListInAnyShape(ListShape shape, String members) throws Exception {
        Caller caller = new Caller(running.start(
                rules -> rules.withListShape(Listing.IMPORTERS, shape).withLastPage(LastPage.NULL)));
        caller.post(Caller.IMPORTERS, Caller.IMPORTER);
        JsonNode list = caller.get(Caller.IMPORTERS).json();
        assertThat(String.join(",", list.propertyNames())).isEqualTo(members);
        assertThat(list.get(members.split(",", -1)[0])).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "AS_DOCUMENTED,     true,  true,  false, true,  true,  false",
        "BODY,              true,  false, true,  false, true,  false",
        "LOCATION,          false, true,  false, true,  false, true",
        "BODY_AND_LOCATION, true,  true,  true,  true,  true,  true"
    })
    void i4PutsCreatedResourceInBodyLocationOrBoth(
            CreateAnswer answer,
            boolean scanBody,
            boolean scanLocation,
            boolean applicationBody,
            boolean applicationLocation,
            boolean instanceBody,
            boolean instanceLocation)
            throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withCreateAnswer(answer)));
        assertCarries(caller.scan("t"), scanBody, scanLocation);
        assertCarries(caller.post(Caller.APPLICATIONS, "{\"name\":\"a\"}"), applicationBody, applicationLocation);
        assertCarries(caller.post(Caller.INSTANCES, "{\"pluginId\":\"p\"}"), instanceBody, instanceLocation);
    }

    @ParameterizedTest
    @EnumSource(LocationForm.class)
    void i4WritesAbsoluteOrRelativeLocation(LocationForm form) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withLocationForm(form));
        Answer created = new Caller(invicti).scan("t");
        assertThat(created.header("location"))
                .isEqualTo((form == LocationForm.ABSOLUTE ? invicti.origin() : "") + "/api/v1/scans/"
                        + created.text("scan_id"));
    }

    @ParameterizedTest
    @CsvSource({"true,Aws_api_gateway,Active", "false,aws_api_gateway,active"})
    void i5ReturnsConstantsInConfiguredCase(boolean capitalized, String type, String status) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withCapitalizedEnums(capitalized)));
        caller.post(Caller.IMPORTERS, Caller.IMPORTER);
        JsonNode importer = caller.get(Caller.IMPORTERS).json().at("/importers/0");
        assertThat(importer.get("type").stringValue()).isEqualTo(type);
        assertThat(importer.get("status").stringValue()).isEqualTo(status);
    }

    @Test
    void i6WritesNoneAsWordNotNull() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        caller.post(Caller.IMPORTERS, Caller.IMPORTER);
        assertThat(caller.get(Caller.IMPORTERS).text())
                .contains("\"syncStatus\":\"None\"")
                .contains("\"lastRunDate\":null");
    }

    @Test
    void i7MixesCamelCaseAndSnakeCase() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        Answer scan = caller.scan("t");
        assertThat(scan.json().propertyNames()).contains("scan_id", "target_id", "next_run");
        String results = Caller.SCANS + "/" + scan.text("scan_id") + "/results";
        String session = caller.get(results).json().at("/results/0/result_id").stringValue();
        assertThat(caller.get(results + "/" + session + "/statistics")
                        .json()
                        .at("/scanMessage/0")
                        .propertyNames())
                .contains("targetId", "messageDate", "messageKind");
    }

    @ParameterizedTest
    @CsvSource({
        "AS_DOCUMENTED, 2023-03-03T13:59:30Z,             2023-03-03T13:59:30.500000+00:00",
        "UTC_SECONDS,   2023-03-03T13:59:30Z,             2023-03-03T13:59:30Z",
        "OFFSET_MICROS, 2023-03-03T13:59:30.500000+00:00, 2023-03-03T13:59:30.500000+00:00"
    })
    void i8WritesTimestampsInConfiguredForm(TimestampForm form, String created, String nextRun) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withTimestampForm(form));
        Caller caller = new Caller(invicti);
        String id = invicti.addTarget("T", "https://t.example.com");
        assertThat(caller.get(Caller.TARGETS + "/" + id).text("createdAt")).isEqualTo(created);
        assertThat(caller.scan(id).text("next_run")).isEqualTo(nextRun);
    }

    @ParameterizedTest
    @CsvSource({
        "HEADER_SECONDS,  30,                              ",
        "HEADER_DATE,     'Fri, 03 Mar 2023 14:00:00 GMT', ",
        "BODY_NUMBER,     '',                              30",
        "BODY_STRING,     '',                              \"30\"",
        "BODY_INSTANT,    '',                              \"2023-03-03T14:00:00.500Z\"",
        "HEADER_AND_BODY, 30,                              30",
        "NONE,            '',                              "
    })
    void i9SendsRetryAfterInAnyPlaceAndUnit(RetryHint hint, String header, @Nullable String member) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withRetryHint(hint)
                .withRequestsPerWindow(1)
                .withRateWindow(Duration.ofSeconds(30))
                .withRetryAfter(Duration.ofSeconds(30)));
        Caller caller = new Caller(invicti);
        caller.get(Caller.ME);
        assertHint(caller.get(Caller.ME), 429, header, member);
        invicti.faults().next(Fault.status(503));
        assertHint(caller.get(Caller.ME), 503, header, member);
    }

    @ParameterizedTest
    @CsvSource({"false,500,true", "false,404,false", "true,500,true", "true,404,true"})
    void i10AddsRequestIdTo500AndOptionallyToOthers(boolean everywhere, int status, boolean present) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withRequestIdInEveryError(everywhere));
        invicti.faults().next(Fault.status(status));
        assertThat(new Caller(invicti).get(Caller.ME).json().has("requestId")).isEqualTo(present);
    }

    @ParameterizedTest
    @CsvSource({"EMPTY,''", "EMPTY_OBJECT,{}", "TEXT,Forbidden"})
    void i10OmitsEveryFieldOfError(ErrorShape shape, String body) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withErrorShape(shape));
        invicti.shutOut(true);
        Answer refused = new Caller(invicti).get(Caller.ME);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).isEqualTo(body);
    }

    @Test
    void i10AnswersHtmlOfProxy() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        invicti.faults().next(Fault.htmlPage(502));
        Answer refused = new Caller(invicti).get(Caller.ME);
        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.text()).startsWith("<!DOCTYPE html>");
    }

    @Test
    void i11TakesConsentAsStringYesAndRejectsBoolean() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Caller caller = new Caller(invicti);
        assertThat(caller.scan("t").json().get("user_authorized_to_scan").isString())
                .isTrue();
        Answer refused = caller.post(Caller.SCANS, Caller.scanBody("t").replace("\"yes\"", "true"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/details/0/field").stringValue()).isEqualTo("user_authorized_to_scan");
        assertThat(invicti.effects().count()).isEqualTo(1);
    }

    @Test
    void i12DeclinesOperationInside200() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withScanAnswer(ScanAnswer.DECLINED));
        Answer declined = new Caller(invicti).scan("t");
        assertThat(declined.status()).isEqualTo(200);
        assertThat(declined.text()).isEqualTo("{\"success\":false,\"message\":\"Scan could not be started\"}");
        assertThat(invicti.effects().count()).isZero();
        assertThat(new Caller(invicti).get(Caller.SCANS).json().get("scans")).isEmpty();
    }

    @Test
    void i13StartsCursorsWithNull() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withListShape(Listing.TARGETS, ListShape.CURSOR_ARRAY));
        invicti.addTarget("a", "https://a.example.com");
        invicti.addTarget("b", "https://b.example.com");
        JsonNode list = new Caller(invicti).get(Caller.TARGETS + "?l=1").json();
        assertThat(list.at("/pagination/cursors").toString()).isEqualTo("[null,\"c1\"]");
        assertThat(list.at("/targets/0").propertyNames())
                .containsExactly("target_id", "address", "description", "type", "criticality");
    }

    private static void assertHint(Answer refused, int status, String header, @Nullable String member) {
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.header("retry-after")).isEqualTo(header);
        JsonNode retryAfter = refused.json().get("retryAfter");
        assertThat(retryAfter == null ? null : retryAfter.toString()).isEqualTo(member);
    }

    private static void assertCarries(Answer created, boolean body, boolean location) {
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text().isEmpty()).isNotEqualTo(body);
        assertThat(created.header("location").isEmpty()).isNotEqualTo(location);
    }
}
