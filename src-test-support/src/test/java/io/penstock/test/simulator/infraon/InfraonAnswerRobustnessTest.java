package io.penstock.test.simulator.infraon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Running;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Answers of the simulator where Infraon's documents contradict themselves; numbered as in the list of wire facts. */
class InfraonAnswerRobustnessTest {

    private static final String INCIDENTS = Caller.INCIDENTS;
    private static final String DEPARTMENTS = "/ux/common/department/department/";

    @AutoClose
    private final Running<InfraonSimulator, InfraonRules> running =
            new Running<>(InfraonRules.documented(), InfraonSimulator::start);

    @Test
    void f3AnswersListAsEnvelopeOrBareArray() throws Exception {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        InfraonSimulator enveloped = running.start(rules -> rules.withClock(clock));
        enveloped.addIncidents(3);
        JsonNode list = new Caller(enveloped)
                .get(INCIDENTS + "?items_per_page=2&page=2")
                .json();
        assertThat(list.get("results")).hasSize(1);
        running.close();
        InfraonSimulator bare = running.start(rules -> rules.withClock(clock).with(Quirk.BARE_LISTS));
        bare.addIncidents(3);
        JsonNode array =
                new Caller(bare).get(INCIDENTS + "?items_per_page=2&page=2").json();
        assertThat(array.isArray()).isTrue();
        assertThat(array).isEqualTo(list.get("results"));
    }

    @ParameterizedTest
    @CsvSource({"false,200", "true,400"})
    void f4AnswersFailedUpdateWithOkAndError(boolean quirk, int status) throws Exception {
        InfraonSimulator infraon = running.start(rules -> quirk ? rules.with(Quirk.FAILED_UPDATE_IS_400) : rules);
        infraon.addIncidents(1);
        assertThat(new Caller(infraon).put(INCIDENTS + "1/", "{}").literal())
                .isEqualTo(status + " {\"status\":\"error\",\"msg\":\"basic_info is missing.\"}");
        assertThat(infraon.effects().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "BOTH,                     Created successfully., Created successfully.",
        "MESSAGE,                  Created successfully., ",
        "MSG,                      ,                      Created successfully.",
        "MSG_BEHIND_BLANK_MESSAGE, '',                    Created successfully.",
    })
    void f5AnswersMessageAndMsgSideBySide(ResultMessage form, @Nullable String message, @Nullable String msg)
            throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withResultMessage(form)));
        JsonNode result = caller.post(INCIDENTS, Caller.INCIDENT).json();
        assertThat(result.path("message").stringValue(null)).isEqualTo(message);
        assertThat(result.path("msg").stringValue(null)).isEqualTo(msg);
    }

    @ParameterizedTest
    @CsvSource({"false,204", "true,200"})
    void f6AnswersSuccessWithoutBody(boolean quirk, int deleted) throws Exception {
        Caller caller = new Caller(running.start(rules -> {
            InfraonRules empty = rules.withCreatedBody(CreatedBody.EMPTY).with(Quirk.EMPTY_UPDATES);
            return quirk ? empty.with(Quirk.DELETE_IS_200) : empty;
        }));
        Answer created = caller.post("/ux/tags/", "{\"a\":1}");
        assertThat(created.literal()).isEqualTo("201 ");
        assertThat(created.header("content-type")).isEmpty();
        assertThat(caller.put("/ux/tags/1/", "{\"a\":2}").literal()).isEqualTo("200 ");
        assertThat(caller.delete("/ux/tags/1/").literal()).isEqualTo(deleted + " ");
    }

    @ParameterizedTest
    @CsvSource({"false,1,1", "true,'\"1\"','\"1\"'"})
    void f8WritesIdsAsNumbersOrTexts(boolean quirk, String id, String createdBy) throws Exception {
        Caller caller = new Caller(running.start(rules -> quirk ? rules.with(Quirk.TEXT_IDS) : rules));
        JsonNode result = caller.post(INCIDENTS, Caller.INCIDENT).json();
        assertThat(result.get("id")).hasToString(id);
        assertThat(result.at("/data/id")).hasToString(id);
        JsonNode row = caller.get(INCIDENTS).json().at("/results/0");
        assertThat(row.get("incident_id")).hasToString(id);
        assertThat(row.get("created_by")).hasToString(createdBy);
        assertThat(caller.get(INCIDENTS + "1/").json().at("/options/status/0/id"))
                .hasToString(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"false | \"1, 2\"", "true | [1,2]"})
    void f8ReadsDepartmentHeadAsArrayAndWritesString(boolean quirk, String read) throws Exception {
        Caller caller = new Caller(running.start(rules -> quirk ? rules.with(Quirk.DEPT_HEAD_AS_ARRAY) : rules));
        caller.post(DEPARTMENTS, "{\"dept_name\":\"IT\",\"dept_head\":[1,2]}");
        assertThat(caller.get(DEPARTMENTS + "1/").json().get("dept_head")).hasToString(read);
        assertThat(caller.get(DEPARTMENTS).json().at("/results/0/dept_head")).hasToString(read);
    }

    @Test
    void f9DescribesRequesterAsPersonOrLookup() throws Exception {
        InfraonSimulator person = running.start(rules -> rules);
        person.addIncidents(1);
        assertThat(requester(person).propertyNames()).containsExactly("organization_name", "name", "email");
        running.close();
        InfraonSimulator lookup = running.start(rules -> rules.with(Quirk.REQUESTER_AS_LOOKUP));
        lookup.addIncidents(1);
        assertThat(requester(lookup).propertyNames()).containsExactly("keys", "values", "queryparam");
    }

    @Test
    void f10CutsPageToAnnouncedLimit() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.withMaxPageLimit(10));
        infraon.addIncidents(25);
        JsonNode list = new Caller(infraon)
                .get(INCIDENTS + "?items_per_page=10000&page=3")
                .json();
        assertThat(list.get("results")).hasSize(5);
        assertThat(list.get("max_page_limit").intValue()).isEqualTo(10);
    }

    @Test
    void f18WritesOptionsAsListsOrMaps() throws Exception {
        InfraonSimulator lists = running.start(rules -> rules);
        lists.addIncidents(1);
        JsonNode list = new Caller(lists).get(INCIDENTS + "1/").json().get("options");
        assertThat(list).allMatch(JsonNode::isArray).hasSize(6);
        running.close();
        InfraonSimulator maps = running.start(rules -> rules.with(Quirk.OPTIONS_AS_MAP));
        maps.addIncidents(1);
        JsonNode map = new Caller(maps).get(INCIDENTS + "1/").json().get("options");
        assertThat(map).allMatch(JsonNode::isObject).hasSize(6);
        assertThat(map.at("/urgency/3")).isEqualTo(list.at("/urgency/2"));
    }

    @Test
    void f18AddsTotalPagesOnRequest() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.with(Quirk.TOTAL_PAGES));
        infraon.addIncidents(5);
        JsonNode list = new Caller(infraon).get(INCIDENTS + "?items_per_page=2").json();
        assertThat(list.get("total_pages").intValue()).isEqualTo(3);
    }

    @Test
    void pointsNextLinkToForeignHost() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.withLinkOrigin("http://10.0.0.1:8080"));
        infraon.addIncidents(3);
        JsonNode list = new Caller(infraon).get(INCIDENTS + "?items_per_page=2").json();
        assertThat(list.get("next").stringValue())
                .isEqualTo("http://10.0.0.1:8080/ux/sd/inci/incident/?items_per_page=2&page=2");
    }

    private static JsonNode requester(InfraonSimulator infraon) throws Exception {
        return new Caller(infraon).get(INCIDENTS).json().at("/results/0/requester");
    }
}
