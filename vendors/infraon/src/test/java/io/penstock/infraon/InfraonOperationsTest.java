package io.penstock.infraon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.infraon.model.Attachment;
import io.penstock.infraon.model.Change;
import io.penstock.infraon.model.CreatedIncident;
import io.penstock.infraon.model.Department;
import io.penstock.infraon.model.IncidentRow;
import io.penstock.infraon.model.ListQuery;
import io.penstock.infraon.model.Lookup;
import io.penstock.infraon.model.NewDepartment;
import io.penstock.infraon.model.NewIncident;
import io.penstock.infraon.model.Result;
import io.penstock.infraon.model.Team;
import io.penstock.infraon.model.Workflow;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.request.ApiRequest;
import io.penstock.spec.Vendors;
import io.penstock.test.Await;
import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.infraon.InfraonRules;
import io.penstock.test.simulator.infraon.Quirk;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every typed operation of Infraon against the simulator. */
class InfraonOperationsTest extends InfraonTest {

    private static final String INCIDENTS = "/ux/sd/inci/incident/";
    private static final NewIncident INCIDENT = NewIncident.of("VPN down", "user@example.com");

    private JsonNode lastBody() {
        return JsonMapper.shared().readTree(lastRequest().body());
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(Vendors.byId("infraon")).isEqualTo(InfraonVendor.SPEC);
    }

    @Test
    void usesAddressOfTenantWithKey() {
        try (Infraon other = Infraon.connect(simulator.baseUri(), Secret.of(simulator.secret()))) {
            assertThat(other.teams(ListQuery.first()).next().block(PATIENCE).items())
                    .hasSize(1);
            assertThat(other.client().baseUri()).isEqualTo(simulator.baseUri());
        }
    }

    @Test
    void usesDocumentedDefaults() {
        String explained = infraon.client().inspect().explain(ApiRequest.get("ux/tags/"));

        assertThat(explained).contains("authorization: ApiKey ****").doesNotContain(simulator.secret());
        assertThat(InfraonVendor.SPEC.quota().limits()).isEmpty();
        assertThat(InfraonVendor.SPEC.quota().headers()).isNull();
        assertThat(InfraonVendor.SPEC.keyPlacement()).isNull();
    }

    @Test
    void limitsConnectionsToSmallServer() {
        Flux.range(0, 60)
                .flatMap(i -> infraon.teams(ListQuery.first()).next(), 60)
                .blockLast(PATIENCE);

        assertThat(simulator.requests().all())
                .hasSize(60)
                .extracting(LoggedRequest::connection)
                .allMatch(connection -> connection <= 8);
        assertThat(infraon.client().inspect().connections())
                .extracting(ConnectionStats::pending)
                .containsOnly(0);
    }

    @Test
    void createsReadsChangesListsAndDeletesIncident() {
        Result<CreatedIncident> created = infraon.createIncident(INCIDENT.withDescription("since 9:00")
                        .rated(Lookup.Urgency.HIGH, Lookup.Priority.CRITICAL, Lookup.Impact.BUSINESS)
                        .standing("Open", "Major")
                        .with("requester_name", "A. User"))
                .block(PATIENCE);

        assertThat(lastRequest().body())
                .contains("\"requester_email\":\"user@example.com\"")
                .contains("\"priority\":{\"id\":1,\"name\":\"Critical\"}")
                .contains("\"status\":{\"name\":\"Open\"}");
        assertThat(created.data().displayId()).isEqualTo("INCI-1");
        assertThat(created.data().priority().get("name").stringValue()).isEqualTo("Critical");
        String id = created.id();

        infraon.updateIncident(id, edit -> edit.description("solved").severity("Minor"))
                .block(PATIENCE);
        JsonNode basic = infraon.incident(id).block(PATIENCE).incident().get("basic_info");
        assertThat(basic.get("description").stringValue()).isEqualTo("solved");
        assertThat(basic.at("/severity/name").stringValue()).isEqualTo("Minor");
        assertThat(basic.at("/urgency/name").stringValue()).isEqualTo("High");

        IncidentRow row = infraon.incidents(ListQuery.first())
                .next()
                .block(PATIENCE)
                .items()
                .get(0);
        assertThat(row.pathId()).isEqualTo(id);
        assertThat(row.priorityName()).isEqualTo("Critical");
        assertThat(row.severityName()).isEqualTo("Minor");
        assertThat(row.requester().get("name").stringValue()).isEqualTo("A. User");

        infraon.deleteIncident(id).block(PATIENCE);
        assertThatObject(failureOf(infraon.incident(id)).kind()).isEqualTo(ErrorKind.NOT_FOUND);
    }

    @Test
    void omitsAbsentMembers() {
        infraon.createIncident(INCIDENT).block(PATIENCE);

        assertThat(lastBody().propertyNames()).containsExactlyInAnyOrder("summary", "requester_email");
    }

    @Test
    void rejectsUnofferedValueBeforeWriting() {
        simulator.addIncidents(1);

        ApiException failure = failureOf(infraon.updateIncident("1", edit -> edit.status("Evaporated")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure).hasMessageContaining("Evaporated").hasMessageContaining("[Open, Resolved]");
        assertThat(simulator.requests().of("PUT", INCIDENTS + "1/")).isEmpty();
    }

    @Test
    void sortsListOnRequest() {
        simulator.addIncidents(3);

        assertThat(infraon.incidents(ListQuery.first().sortedBy("summary", true))
                        .next()
                        .block(PATIENCE)
                        .items())
                .extracting(IncidentRow::summary)
                .containsExactly("Incident 3", "Incident 2", "Incident 1");
        assertThat(lastRequest().query("sort")).isEqualTo("summary");
        assertThat(lastRequest().query("reverse")).isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "1, 0", "-1, 10"})
    void rejectsImpossiblePage(int page, int rows) {
        assertThatThrownBy(() -> new ListQuery(page, rows, null, null, null))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("page: " + page + ", itemsPerPage: " + rows);
    }

    @Test
    void sendsEmptyFilter() {
        infraon.incidents(ListQuery.first().filteredBy(Map.of())).next().block(PATIENCE);

        assertThat(lastRequest().body()).isEqualTo("{\"filters\":{}}");
    }

    @Test
    void addsNoteToIncident() {
        simulator.addIncidents(1);

        Result<JsonNode> result = infraon.addNote("1", "<p>seen</p>", true).block(PATIENCE);

        assertThat(result.id()).isEqualTo("1");
        assertThat(lastBody())
                .isEqualTo(JsonMapper.shared()
                        .readTree("{\"ref_id\":\"1\",\"rich_text_content\":{\"description\":\"<p>seen</p>\","
                                + "\"type\":\"Add Notes\",\"is_private\":true,\"work_duration\":{}}}"));
    }

    @Test
    void printsAttachmentWithoutContent() {
        assertThat(Attachment.of("a.txt", "text/plain", new byte[2048]))
                .hasToString("Attachment[a.txt, 2.0 KB]")
                .extracting(Attachment::fileData)
                .asString()
                .startsWith("data:text/plain;base64,AAAA");
    }

    @Test
    void readsConversationWithBodies() {
        restart(InfraonRules.documented().with(Quirk.CONVERSATION_BODIES));
        simulator.addIncidents(1);
        InfraonResource conversation = infraon.conversation("1");

        conversation.create(Map.of("text", "hello")).block(PATIENCE);

        assertThat(conversation.list(ListQuery.first()).next().block(PATIENCE).items())
                .hasSize(1);
        assertThat(conversation.get("1").block(PATIENCE).get("text").stringValue())
                .isEqualTo("hello");
    }

    @Test
    void createsAndListsChange() {
        Result<Change> created = infraon.createChange(Map.of("summary", "VPN Issue", "state_id", 4, "risk", "low"))
                .block(PATIENCE);

        assertThat(created.data().summary()).isEqualTo("VPN Issue");
        assertThat(infraon.changes(ListQuery.first()).next().block(PATIENCE).items())
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.changeId()).isEqualTo("1");
                    assertThat(change.displayId()).isEqualTo("CHG-1");
                    assertThat(change.stateId()).isEqualTo("4");
                    assertThat(change.more().get("risk").stringValue()).isEqualTo("low");
                });
    }

    @Test
    void listsTeamsAndWorkflows() {
        assertThat(infraon.teams(ListQuery.first()).next().block(PATIENCE).items())
                .extracting(Team::id, Team::name)
                .containsExactly(tuple("1", "Service Desk"));
        assertThat(infraon.workflows(ListQuery.first()).next().block(PATIENCE).items())
                .extracting(Workflow::title)
                .containsExactly("Incident");
    }

    @Test
    void createsReadsAndListsDepartment() {
        assertThat(infraon.createDepartment(NewDepartment.of("IT", "all of it")).blockOptional(PATIENCE))
                .isEmpty();
        assertThat(lastBody())
                .isEqualTo(JsonMapper.shared()
                        .readTree("{\"dept_name\":\"IT\",\"dept_head\":[],\"description\":\"all of it\","
                                + "\"prime_user\":[]}"));

        Department listed = infraon.departments(ListQuery.first())
                .next()
                .block(PATIENCE)
                .items()
                .get(0);
        assertThat(infraon.department(listed.id()).block(PATIENCE)).isEqualTo(listed);
        assertThat(listed.deptName()).isEqualTo("IT");
        assertThat(listed.description()).isEqualTo("all of it");
    }

    @Test
    void returnsOsImageUnchanged(@TempDir Path directory) {
        assertThat(infraon.osImage().block(PATIENCE)).isEqualTo(simulator.osImage());
        assertThat(infraon.osImage(directory.resolve("image")).block(PATIENCE).path())
                .hasBinaryContent(simulator.osImage());
    }

    @Test
    void sendsPasswordToEncryptAsFormWithoutCredential() {
        JsonNode encrypted =
                infraon.encryptPassword(Map.of("password", "a b&c")).block(PATIENCE);

        assertThat(encrypted.get("password").asString()).isNotEmpty().isNotEqualTo("a b&c");
        assertThat(lastRequest().header("content-type")).startsWith("application/x-www-form-urlencoded");
        assertThat(lastRequest().body()).isEqualTo("password=a+b%26c");
        assertThat(lastRequest().headers()).doesNotContainKey("authorization");
    }

    @Test
    void listsReadsCreatesReplacesAndDeletesAnyResource() {
        InfraonResource tags = infraon.resource("tags");

        JsonNode created = tags.create(Map.of("name", "a")).block(PATIENCE);
        String id = created.get("id").asString();
        tags.update(id, Map.of("name", "b")).block(PATIENCE);

        assertThat(tags.get(id).block(PATIENCE).get("name").stringValue()).isEqualTo("b");
        assertThat(tags.list(ListQuery.first()).next().block(PATIENCE).items())
                .extracting(tag -> tag.get("name").stringValue())
                .containsExactly("b");
        tags.delete(id).block(PATIENCE);
        assertThatObject(failureOf(tags.get(id)).kind()).isEqualTo(ErrorKind.NOT_FOUND);
    }

    @Test
    void encodesIdInPath() {
        infraon.resource("tags").get("a/../b?c=d").onErrorComplete().block(PATIENCE);

        assertThat(lastRequest().uri()).isEqualTo("/ux/tags/a%2F..%2Fb%3Fc%3Dd/");
    }

    @Test
    void acceptsNotFoundAfterLostAnswerToDeletion() {
        simulator.addIncidents(1);
        simulator.faults().on("DELETE", INCIDENTS + "1/", Fault.resetAfterEffect());

        infraon.deleteIncident("1").block(PATIENCE);

        assertThat(simulator.requests().of("DELETE", INCIDENTS + "1/")).hasSize(2);
        assertThat(simulator.effects().count("DELETE " + INCIDENTS + "{id}/")).isEqualTo(1);
    }

    @Test
    void failsToDeleteMissingIncident() {
        simulator.faults().on("DELETE", INCIDENTS + "7/", Fault.status(429));

        assertThatObject(failureOf(infraon.deleteIncident("7")).kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @Test
    void doesNotResendPostEvenIfThrottled() {
        simulator.faults().on("POST", INCIDENTS, Fault.status(500));
        assertThat(failureOf(infraon.createIncident(INCIDENT)).certainty().mayHaveActed())
                .isTrue();
        assertThat(simulator.requests().count()).isEqualTo(1);

        simulator.faults().on("POST", INCIDENTS, Fault.status(429));
        assertThat(failureOf(infraon.createIncident(INCIDENT)).safeToRepeat()).isTrue();
        assertThat(simulator.requests().count()).isEqualTo(2);
        assertThat(simulator.effects().count()).isZero();
    }

    @Test
    void waitsForThrottlingServer() {
        SteppedClock clock = SteppedClock.startingNow();
        Duration window = Duration.ofSeconds(25);
        restart(InfraonRules.documented()
                .withClock(clock)
                .withRequestsPerWindow(1)
                .withRateWindow(window));
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        try (Infraon waiting = Infraon.over(Infraon.configure(simulator.baseUri())
                .secret(Secret.of(simulator.secret()))
                .scheduler(time)
                .deadline(Duration.ofHours(1))
                .attemptTimeout(Duration.ofHours(1))
                .build())) {
            waiting.teams(ListQuery.first()).next().block(PATIENCE);

            CompletableFuture<Page<Team>> second =
                    waiting.teams(ListQuery.first()).next().toFuture();
            Await.until(
                    "the second request is refused", () -> simulator.requests().count() == 2);
            clock.advance(window);
            Instant refused = Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
            Await.until("the second is answered", () -> {
                time.advanceTimeBy(Duration.ofSeconds(1));
                return second.isDone();
            });

            assertThat(second.join().items()).hasSize(1);
            assertThat(Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS))).isAfterOrEqualTo(refused.plus(window));
            assertThat(simulator.requests().count()).isEqualTo(3);
        } finally {
            time.dispose();
        }
    }

    @Test
    void printsNoKey() {
        String key = simulator.secret();
        simulator.faults().next(json(400, "{\"error\":\"Key " + key + " is odd.\"}"));

        ApiException failure = failureOf(infraon.incidents(ListQuery.first()).next());

        assertThat(failure.toString()
                        + failure.failure()
                        + failure.bodyExcerpt()
                        + failure.journey().timeline()
                        + failure.journey().toJson()
                        + infraon.client()
                        + infraon.client().inspect().explain(ApiRequest.get("ux/tags/")))
                .contains("Key **** is odd.")
                .doesNotContain(key);
    }

    @Test
    void declaresPublicAddressAsBaseUri() {
        assertThat(InfraonVendor.SPEC.baseUri()).isEqualTo(URI.create("https://api.infraon.app"));
    }
}
