package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every operation of the contract, over sockets. */
class IxonContractTest {

    /** Operations that answer without an envelope or need more knowledge to be called. */
    private static final Set<String> OTHERS = Set.of(
            "POST /access-tokens",
            "POST /data-export",
            "GET /audit-logs-export",
            "GET /sso/redirect/{api-version}",
            "DELETE /agents/{publicId}");

    /** Reads in POST form, which have no effect. */
    private static final Pattern QUERIES = Pattern.compile("vpn-usage|auth-tokens|object-storage/(list|upload)");

    /** Operations that need another body or a stored object. */
    private static final List<String> REFUSED = List.of(
            "400 POST /auth-tokens/data",
            "400 POST /data",
            "404 POST /agents/{agentId}/object-storage/delete",
            "404 POST /agents/{agentId}/object-storage/download",
            "404 POST /assets/{assetId}/object-storage/delete",
            "404 POST /assets/{assetId}/object-storage/download");

    private final Contract contract = Contract.load();
    private final List<Operation> operations = contract.operations();

    @AutoClose
    private final IxonSimulator ixon =
            IxonSimulator.start(IxonRules.documented().withLimits(IxonLimits.none()));

    private final Caller caller = new Caller(ixon);

    @Test
    void readsAllOperationsOfContract() {
        assertThat(operations).hasSize(674);
        assertThat(operations.stream().map(Operation::template).distinct()).hasSize(359);
        assertThat(operations.stream().filter(Operation::needsCompany)).hasSize(552);
        assertThat(operations.stream().filter(Operation::needsToken)).hasSize(625);
        assertThat(operations.stream().filter(o -> o.method().equals("DELETE") && o.takesArray()))
                .hasSize(66);
    }

    @Test
    void requiresExactlyTheHeadersOfEachOperation() throws Exception {
        for (Operation operation : operations) {
            assertThat(property(caller.with("Api-Version", null), operation))
                    .as(operation.name())
                    .isEqualTo("Api-Version");
            assertThat(property(caller.with("Api-Company", null), operation).equals("Api-Company"))
                    .as(operation.name())
                    .isEqualTo(operation.needsCompany());
            assertThat(property(caller.with("Authorization", null), operation).equals("Authorization"))
                    .as(operation.name())
                    .isEqualTo(operation.needsToken());
        }
        assertThat(ixon.effects().count("DELETE /agents")).isZero();
    }

    @Test
    void answersEachOperationWithItsStatusAndEnvelope() throws Exception {
        Set<String> refused = new TreeSet<>();
        for (Operation operation : operations) {
            if (OTHERS.contains(operation.name())) {
                continue;
            }
            putParents(operation);
            ixon.effects().clear();
            Answer answer = send(caller, operation);
            if (answer.status() >= 400) {
                refused.add(answer.status() + " " + operation.name());
                continue;
            }
            JsonNode envelope = answer.json();
            boolean silent = operation.method().equals("GET")
                    || QUERIES.matcher(operation.template()).find();
            assertThat(answer.status())
                    .as(operation.name())
                    .isEqualTo(operation.method().equals("POST") ? 201 : 200);
            assertThat(envelope.get("status").stringValue())
                    .as(operation.name())
                    .isEqualTo("success");
            assertThat(envelope.get("data").isArray()).as(operation.name()).isEqualTo(operation.answersList());
            assertThat(ixon.effects().count(operation.name()))
                    .as(operation.name())
                    .isEqualTo(silent ? 0 : 1);
        }
        assertThat(refused).isEqualTo(new TreeSet<>(REFUSED));
    }

    @Test
    void doesNotTakeLiteralSegmentForId() throws Exception {
        assertThat(caller.get("/agents/memberships").json().get("type").stringValue())
                .isEqualTo("AgentMembershipList");
        assertThat(caller.get("/users/me").json().at("/data/name").stringValue())
                .isEqualTo("Example user");
    }

    @Test
    void rejectsUnknownPathsAndMethods() throws Exception {
        assertThat(caller.get("/nothing").status()).isEqualTo(404);
        assertThat(caller.get("/agents/").status()).isEqualTo(404);
        assertThat(caller.post("/agents", "[]").status()).isEqualTo(404);
        assertThat(Caller.anonymous("GET", ixon.origin() + "/agents", "", "Api-Version", "2")
                        .status())
                .isEqualTo(404);
        assertThat(caller.get("/nothing").text())
                .isEqualTo("{\"data\":[{\"message\":\"Not found\"}],\"moreAfter\":null,\"status\":\"error\","
                        + "\"type\":\"Error\"}");
    }

    /** Adds a row {@code x} to every collection on the path of the operation. */
    private void putParents(Operation operation) {
        String[] template = operation.template().split("/", -1);
        for (int i = 1; i <= template.length; i++) {
            String parent = String.join("/", List.of(template).subList(0, i));
            if (contract.collection(parent) != null) {
                ixon.put(filled(parent), "{\"publicId\":\"x\",\"name\":\"Row\"}");
            }
        }
    }

    private String filled(String template) {
        String path = template.startsWith("/agents/{") ? template.replaceFirst("\\{[^}]*}", ixon.agentId()) : template;
        return path.replaceAll("\\{[^}]*}", "x");
    }

    private String property(Caller caller, Operation operation) throws Exception {
        Answer answer = send(caller, operation);
        boolean refused = answer.header("content-type").equals("application/json")
                && answer.json().get("status").stringValue().equals("error");
        return refused ? answer.property() : "";
    }

    /**
     * Sends with a token of its own, because one operation revokes it, and with the initial agent where one is needed.
     */
    private Answer send(Caller sender, Operation operation) throws Exception {
        Caller caller = sender.has("Authorization") ? sender.bearer(ixon.issueToken(Duration.ofHours(1))) : sender;
        String body = switch (operation.request()) {
            case "array" -> "[{\"publicId\":\"x\",\"name\":\"a\"}]";
            case "object" -> "{\"name\":\"a\"}";
            default -> "";
        };
        Caller typed = operation.request().contains("/")
                ? caller.with("Content-Type", operation.request().replace("*", "png"))
                : caller;
        return typed.send(operation.method(), filled(operation.template()), body);
    }
}
