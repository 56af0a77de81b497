package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class IxonDataTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final IxonSimulator ixon =
            IxonSimulator.start(IxonRules.documented().withClock(clock));

    private final Caller caller = new Caller(ixon);
    private final String agent = "/agents/" + ixon.agentId();

    @Test
    void returnsPointsInStepsForEachReference() throws Exception {
        Answer answer = caller.post(
                "/data",
                "["
                        + query("{\"ref\":\"a\",\"postAggr\":\"mean\",\"step\":60,\"factor\":\"0.125\",\"decimals\":2},"
                                + "{\"ref\":\"b\",\"step\":120}")
                        + "]");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.data().toString())
                .isEqualTo("[{\"start\":\"2024-01-01T00:00:00Z\",\"end\":\"2024-01-01T00:03:00Z\",\"timeZone\":\"UTC\","
                        + "\"source\":{\"publicId\":\"" + ixon.dataSourceId() + "\"},\"points\":["
                        + "{\"time\":\"2024-01-01T00:00:00Z\",\"values\":{\"a\":0.0,\"b\":0.0}},"
                        + "{\"time\":\"2024-01-01T00:01:00Z\",\"values\":{\"a\":0.13}},"
                        + "{\"time\":\"2024-01-01T00:02:00Z\",\"values\":{\"a\":0.25,\"b\":1.0}}]}]");
        assertThat(ixon.effects().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"limit\":2',                              0 1",
        "'\"limit\":2,\"offset\":2',                 2",
        "'\"order\":\"desc\"',                       2 1 0",
        "'\"order\":\"desc\",\"limit\":1,\"offset\":1', 1",
        "'\"offset\":9',                             ''",
    })
    void pagesPointsByLimitAndOffset(String members, String values) throws Exception {
        JsonNode points = caller.post("/data", "[" + query("{\"ref\":\"a\"," + members + "}") + "]")
                .json()
                .at("/data/0/points");
        List<String> delivered = new ArrayList<>();
        points.forEach(
                point -> delivered.add(Integer.toString(point.at("/values/a").intValue())));
        assertThat(String.join(" ", delivered)).isEqualTo(values);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"postAggr\":\"mean\"}',              ref",
        "'{\"ref\":\"a\",\"postAggr\":\"all\"}', postAggr",
        "'{\"ref\":\"a\",\"order\":\"up\"}',     order",
        "'{\"ref\":\"a\",\"step\":0}',           step",
        "'{\"ref\":\"a\",\"limit\":0}',          limit",
        "'{\"ref\":\"a\",\"offset\":-1}',        offset",
        "'{\"ref\":\"a\",\"factor\":\"x\"}',     factor",
    })
    void namesPlaceOfWrongQuery(String query, String property) throws Exception {
        Answer refused = caller.post("/data", "[" + query("") + "," + query(query) + "]");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.property()).isEqualTo(property);
        assertThat(refused.json().at("/data/0/listIndex").intValue()).isEqualTo(1);
    }

    @Test
    void rejectsUnknownSourceAndTimes() throws Exception {
        assertThat(caller.post("/data", "[" + query("").replace(ixon.dataSourceId(), "nobody") + "]")
                        .property())
                .isEqualTo("source.publicId");
        assertThat(caller.post("/data", "[" + query("").replace("2024-01-01T00:00:00Z", "today") + "]")
                        .property())
                .isEqualTo("start");
    }

    @Test
    void exportsDataAsTable() throws Exception {
        Answer export = caller.post("/data-export", query("{\"ref\":\"a\"},{\"ref\":\"b\",\"limit\":1}"));
        assertThat(export.status()).isEqualTo(201);
        assertThat(export.header("content-type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(export.text().split("\r\n", -1))
                .containsExactly(
                        "time,a,b",
                        "2024-01-01T00:00:00Z,0.0,0.0",
                        "2024-01-01T00:01:00Z,1.0,",
                        "2024-01-01T00:02:00Z,2.0,",
                        "");
        assertThat(ixon.effects().count()).isZero();
    }

    @Test
    void exportsAuditLog() throws Exception {
        String id = caller.create("/groups", "{\"name\":\"a\"}");
        Answer export = caller.get("/audit-logs-export");
        assertThat(export.status()).isEqualTo(200);
        assertThat(export.header("content-type")).startsWith("text/csv");
        assertThat(id).isNotEmpty();
        assertThat(export.text())
                .matches("publicId,action,topic,time\r\n\\w{12},CREATE,/groups,2026-04-29T14:11:09Z\r\n");
    }

    @Test
    void returnsServerTimeWithoutToken() throws Exception {
        Answer time =
                caller.with("Authorization", null).with("Api-Company", null).get("/server-time");
        assertThat(time.data().get("datetime").stringValue()).isEqualTo("2026-04-29T14:11:09Z");
    }

    @Test
    void answersDiscoveryWithOnlyTheVersion() throws Exception {
        for (String root : List.of("", "/")) {
            Answer discovery = Caller.anonymous("GET", ixon.baseUri() + root, "", "Api-Version", "2");
            assertThat(discovery.status()).isEqualTo(200);
            JsonNode agents = null;
            List<String> sockets = new ArrayList<>();
            for (JsonNode entry : discovery.data()) {
                if (entry.get("rel").stringValue().equals("AgentList")) {
                    agents = entry;
                }
                if (entry.get("href").stringValue().startsWith("ws://")) {
                    sockets.add(entry.get("rel").stringValue());
                }
            }
            assertThat(agents).isNotNull();
            assertThat(String.valueOf(agents))
                    .isEqualTo("{\"rel\":\"AgentList\",\"href\":\"" + ixon.baseUri()
                            + "/agents\",\"methods\":[\"GET\",\"PATCH\",\"DELETE\"]}");
            assertThat(sockets).containsExactly("ChangeNotificationWebSocket", "AgentDataRealTimeWebSocket");
        }
    }

    @ParameterizedTest
    @CsvSource({"60,201", "3600,201", "59,400", "3601,400"})
    void boundsLifetimeOfLiveDataToken(int seconds, int status) throws Exception {
        Answer answer = caller.post(
                "/auth-tokens/data",
                "{\"expiresIn\":" + seconds + ",\"agents\":[{\"publicId\":\"" + ixon.agentId() + "\"}]}");
        assertThat(answer.status()).isEqualTo(status);
        if (status == 201) {
            assertThat(answer.data().get("secretId").stringValue()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        }
        assertThat(caller.post("/auth-tokens/data", "{\"expiresIn\":60,\"agents\":[{\"publicId\":\"x\"}]}")
                        .status())
                .isEqualTo(404);
        assertThat(caller.post("/auth-tokens/cns", "{\"expiresIn\":60}").data().has("secretId"))
                .isTrue();
    }

    @Test
    void rejectsWebAccessToOfflineDevice() throws Exception {
        String body = "{\"agent\":{\"publicId\":\"" + ixon.agentId() + "\"}}";
        Answer access = caller.post("/web-access", body);
        assertThat(access.status()).isEqualTo(201);
        assertThat(access.json().at("/data/0/url").stringValue()).startsWith(ixon.origin() + "/web/");
        ixon.takeOffline(ixon.agentId());
        assertThat(caller.post("/web-access", body).message()).isEqualTo("Device is not online");
        assertThat(ixon.effects().count("POST /web-access")).isEqualTo(1);
    }

    @Test
    void storesObjectAtForeignHostWithoutCredentials() throws Exception {
        Answer upload = caller.post(agent + "/object-storage/upload", "{\"name\":\"a b.txt\"}");
        assertThat(upload.status()).isEqualTo(201);
        assertThat(upload.data().get("type").stringValue()).isEqualTo("azure-blob-storage");
        String url = upload.data().get("url").stringValue();
        assertThat(url).startsWith(ixon.foreignOrigin().toString());
        assertThat(ixon.foreignOrigin()).isNotEqualTo(ixon.origin());
        assertThat(ixon.effects().count()).isZero();
        assertThat(Caller.anonymous("PUT", url, "content", "Authorization", "Bearer x")
                        .status())
                .isEqualTo(403);
        assertThat(Caller.anonymous("PUT", url, "content", "Api-Version", "2").status())
                .isEqualTo(403);
        assertThat(Caller.anonymous("PUT", url.replaceFirst("sig=.", "sig=-"), "content")
                        .status())
                .isEqualTo(403);
        assertThat(caller.post(agent + "/object-storage/download", "{\"name\":\"a b.txt\"}")
                        .status())
                .isEqualTo(404);
        assertThat(Caller.anonymous("PUT", url, "content").status()).isEqualTo(201);
        assertThat(ixon.effects().count("PUT blob")).isEqualTo(1);
        String download = caller.post(agent + "/object-storage/download", "{\"name\":\"a b.txt\"}")
                .data()
                .get("url")
                .stringValue();
        assertThat(Caller.anonymous("GET", download, "").text()).isEqualTo("content");
        assertThat(ixon.foreignRequests().all()).hasSize(5);
    }

    @Test
    void listsAndDeletesObjects() throws Exception {
        String url = caller.post(agent + "/object-storage/upload", "{\"name\":\"a\"}")
                .data()
                .get("url")
                .stringValue();
        Caller.anonymous("PUT", url, "content");
        assertThat(caller.post(agent + "/object-storage/list", "{}").data().toString())
                .isEqualTo("[{\"name\":\"a\"}]");
        assertThat(caller.post(agent + "/object-storage/delete", "{\"name\":\"a\"}")
                        .status())
                .isEqualTo(201);
        assertThat(caller.post(agent + "/object-storage/list", "{}").data()).isEmpty();
        assertThat(caller.post(agent + "/object-storage/delete", "{\"name\":\"a\"}")
                        .status())
                .isEqualTo(404);
        assertThat(Caller.anonymous("GET", url, "").status()).isEqualTo(404);
    }

    @Test
    void failsForeignHostOnCommand() throws Exception {
        ixon.foreignFaults().next(Fault.status(503));
        assertThat(Caller.anonymous("GET", ixon.foreignOrigin() + "/x", "").status())
                .isEqualTo(503);
    }

    @Test
    void redirectsSingleSignOnToForeignHost() throws Exception {
        Answer redirect = caller.get("/sso/redirect/2");
        assertThat(redirect.status()).isEqualTo(302);
        assertThat(redirect.header("location")).startsWith(ixon.foreignOrigin().toString());
    }

    private String query(String queries) {
        return "{\"source\":{\"publicId\":\"" + ixon.dataSourceId() + "\"},\"start\":\"2024-01-01T00:00:00Z\","
                + "\"end\":\"2024-01-01T00:03:00Z\",\"timeZone\":\"UTC\",\"tags\":[{\"slug\":\"temp\",\"queries\":["
                + queries + "]}]}";
    }
}
