package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.FileHost;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import tools.jackson.databind.node.ObjectNode;

/** Agents and integrations. The first of each is the contract's sample. They never change. */
record Agents(PicusRules rules, Envelopes envelopes, FileHost files) {

    private static final int COUNT = 3;
    private static final String INTEGRATION = """
        {"integration_id":1,"name":"Crowdstrike","display_name":"Crowdstrike","connection_name":"TAC-1",
        "type":"SIEM / EDR","health_status":{"healthy":false,"error":{"step":"Connection","type":"…",
        "message":"…"}},"integration_agent":"…","integration_agent_id":1,"default_integration_id":1,
        "created_at":1645625919624,"updated_at":1645625919624}""";

    List<Route> routes() {
        return List.of(
                Route.get(
                        "/v1/agents",
                        call -> Json.list(
                                "agents",
                                LongStream.rangeClosed(1, COUNT)
                                        .mapToObj(Agents::agent)
                                        .toList())),
                Route.get("/v1/agents/download-link", this::downloadLink),
                Route.get("/v1/agents/install-token", this::installToken),
                Route.get("/v1/agents/kubernetes/download-yaml", this::kubernetes),
                Route.get("/v1/agents/reinstall-token", this::reinstallToken),
                Route.get("/v1/agents/{Id}", this::detail),
                Route.get("/v1/integrations", call -> Json.list("integrations", List.of(Json.sample(INTEGRATION)))),
                Route.get(
                        "/v1/integrations/agents",
                        call -> Json.list("integration_agents", Items.numbered("IntegrationAgent", 1))));
    }

    private static ObjectNode agent(long id) {
        return Json.sample(
                "{\"id\":" + id + ",\"name\":\"Agent-" + id
                        + "\",\"type\":\"Windows\",\"status\":\"alive\",\"version\":\"3.4.0.0\","
                        + "\"platform_name\":\"Windows 10\",\"platform_architecture\":\"64-bit\",\"created_at\":1650284604358}");
    }

    private SimulatedResponse detail(Call call) {
        return envelopes.item("Agent", agent(known(call.id("Id"))));
    }

    private SimulatedResponse downloadLink(Call call) {
        String file = "/agents/" + call.required("agent_type") + "-" + call.required("variant");
        String link = files.server().origin().resolve(file).toString();
        return Json.ok(Json.object().put("link", link).put("short_url", link).put("version", "3.4.0.0"));
    }

    private SimulatedResponse installToken(Call call) {
        call.required("agent_type");
        return SimulatedResponse.json(200, rules.installToken());
    }

    /** Answers with an octet stream, which is undocumented. */
    private SimulatedResponse kubernetes(Call call) {
        String yaml = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " + call.required("agent_name") + "\n";
        return SimulatedResponse.bytes(200, "application/octet-stream", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private SimulatedResponse reinstallToken(Call call) {
        call.required("agent_id");
        long id = known(call.number("agent_id", 0));
        return Json.ok(Json.object().put("token", "reinstall-" + id));
    }

    private static long known(long id) {
        if (id < 1 || id > COUNT) {
            throw Refusal.notFound();
        }
        return id;
    }
}
