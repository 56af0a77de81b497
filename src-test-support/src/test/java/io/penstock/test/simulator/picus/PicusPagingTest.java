package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PicusPagingTest {

    private static final String RUN = "/v1/simulations/1/run/latest";
    private static final String CUSTOM = "/v1/mitigation/detection-content/custom";
    private static final String NOT_BLOCKED = "/v1/mitigation/generic/not-blocked-actions";

    @AutoClose
    private PicusSimulator picus = PicusSimulator.start(PicusRules.documented().withListedItems(1_001));

    private Caller caller = new Caller(picus);

    @ParameterizedTest
    @CsvSource({
        "/v1/simulations,                                     simulations,   25,  50",
        RUN + "/threats,                                      threats,       10,  50",
        "/v1/simulations/1/run/1/threats,                     threats,       10,  50",
        RUN + "/threats/1/actions,                            actions,       10,  50",
        RUN + "/threats/1/actions/1/integrations/1/alerts,    alerts,        100, 1000",
        RUN + "/threats/1/actions/1/integrations/1/logs,      logs,          100, 1000",
        "/v1/threat-library/files,                            files,         100, 100",
        "/v1/threat-library/processes,                        processes,     100, 100",
        "/v2/threat-library/actions,                          actions,       100, 100",
        "/v1/threat-library/actions,                          actions,       20,  25",
        "/v1/threat-library/threats,                          threats,       20,  25",
        "/v1/templates,                                       templates,     20,  25",
        "/v1/users,                                           users,         20,  25",
        "/v1/users/roles,                                     roles,         20,  25",
        "/v1/activity-logs,                                   activity_logs, 20,  25",
    })
    void appliesDefaultAndMaximumOfList(String path, String member, int absent, int maximum) throws Exception {
        caller.simulate("s");
        Answer byDefault = caller.get(path);
        long total = byDefault.number("/pages/total_count");
        assertThat(byDefault.json().propertyNames()).containsExactly(member, "pages");
        assertThat(byDefault.json().get("pages").toString())
                .isEqualTo("{\"total_count\":" + total + ",\"limit\":" + absent + ",\"offset\":0}");
        assertThat(byDefault.json().get(member)).hasSize((int) Math.min(total, absent));
        Answer largest = caller.get(path + "?limit=" + maximum);
        assertThat(largest.json().get(member)).hasSize((int) Math.min(total, maximum));
        Answer refused = caller.get(path + "?limit=" + (maximum + 1));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.at("/errors/param"))
                .isEqualTo("tag=max, param=" + maximum + ", given value=" + (maximum + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 25})
    void leadsThroughWholeListByOffset(int limit) throws Exception {
        restart(PicusRules.documented().withListedItems(45));
        List<Long> ids = new ArrayList<>();
        for (int offset = 0; offset < 45; offset += limit) {
            Answer page = caller.get("/v1/users?limit=" + limit + "&offset=" + offset);
            page.json().get("users").forEach(user -> ids.add(user.get("user_id").longValue()));
            assertThat(page.number("/pages/offset")).isEqualTo(offset);
        }
        assertThat(ids)
                .containsExactlyElementsOf(
                        LongStream.range(1234, 1234 + 45).boxed().toList());
    }

    @Test
    void answersEmptyPageBeyondTheEnd() throws Exception {
        Answer page = caller.get("/v1/users?offset=5000");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.json().get("users")).isEmpty();
        assertThat(page.number("/pages/total_count")).isEqualTo(1_001);
    }

    @Test
    void pagesCustomContentByCapitalizedParameters() throws Exception {
        Answer page = caller.get(CUSTOM + "?Limit=4&Offset=1000");
        assertThat(page.json().get("rules")).hasSize(1);
        assertThat(page.json().get("pagination").toString())
                .isEqualTo("{\"currentPage\":251,\"currentPageSize\":1,\"pageSize\":4,"
                        + "\"totalCount\":1001,\"totalPageCount\":251}");
        assertThat(caller.get(CUSTOM).json().get("rules")).hasSize(10);
        assertThat(caller.get(CUSTOM + "?Limit=26").at("/errors/param")).isEqualTo("tag=max, param=25, given value=26");
    }

    @Test
    void searchesCustomContent() throws Exception {
        Answer found = caller.get(CUSTOM + "?Search=Rule-100");
        assertThat(found.number("/pagination/totalCount")).isEqualTo(3);
        assertThat(found.at("/rules/0/name")).isEqualTo("Rule-100");
    }

    @Test
    void pagesRulesOfSourceByLowerCaseParameters() throws Exception {
        Answer page = caller.get("/v1/mitigation/detection-content/sigma/rules?limit=4&offset=4");
        assertThat(page.json().get("rules")).hasSize(4);
        assertThat(page.number("/rules/0/id")).isEqualTo(5);
        assertThat(page.number("/pagination/currentPage")).isEqualTo(2);
    }

    @Test
    void writesPaginationOfNotBlockedActionsInSnakeCase() throws Exception {
        Answer page = caller.get(NOT_BLOCKED + "?limit=2&offset=2");
        assertThat(page.number("/not_blocked_action_list/0/id")).isEqualTo(3);
        assertThat(page.json().get("pagination").toString())
                .isEqualTo("{\"limit\":2,\"offset\":2,\"total_count\":1001}");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/agents, agents",
        "/v1/integrations, integrations",
        "/v1/integrations/agents, integration_agents",
        "/v1/threat-library/tags, tags",
        "/v1/threat-library/threat-actors, threat_actors",
        "/v1/mitigation/detection-content/mitre/tactics, tactics",
        "/v2/mitigation/devices, devices"
    })
    void ignoresParametersInUnpagedList(String path, String member) throws Exception {
        JsonNode whole = caller.get(path).json();
        assertThat(whole.get(member)).isNotEmpty();
        assertThat(caller.get(path + "?limit=2&offset=2").json()).isEqualTo(whole);
    }

    @Test
    void limitsListsOfIds() throws Exception {
        String hundred = "1,".repeat(99) + "1";
        assertThat(caller.get("/v1/threat-library/actions?action_ids=3,5").number("/pages/total_count"))
                .isEqualTo(2);
        assertThat(caller.get("/v1/threat-library/actions?action_ids=" + hundred)
                        .status())
                .isEqualTo(200);
        assertThat(caller.get("/v1/threat-library/actions?action_ids=" + hundred + ",1")
                        .at("/errors/param"))
                .isEqualTo("tag=max, param=100, given value=101");
        assertThat(caller.get("/v1/mitigation/devices/1/signatures?action_ids=1,2,3,4,5,6,7,8,9,10,11")
                        .at("/errors/param"))
                .isEqualTo("tag=max, param=10, given value=11");
    }

    private void restart(PicusRules rules) {
        picus.close();
        picus = PicusSimulator.start(rules);
        caller = new Caller(picus);
    }
}
