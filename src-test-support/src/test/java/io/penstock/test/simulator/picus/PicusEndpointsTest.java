package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Effect;
import io.penstock.test.simulator.picus.Contract.Operation;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PicusEndpointsTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final PicusSimulator picus =
            PicusSimulator.start(PicusRules.documented().withClock(clock));

    private final Caller caller = new Caller(picus);

    @BeforeEach
    void createWhatThePathsName() throws Exception {
        assertThat(caller.simulate("s").number("/simulation/id")).isEqualTo(1);
        Answer reports = caller.post("/v2/simulations/1/results/reports?type=overview", "{\"format\":[\"PDF\"]}");
        assertThat(reports.number("/0/id")).isEqualTo(1);
        picus.advanceReport(1, "COMPLETED");
        picus.effects().clear();
    }

    @Test
    void servesExactlyTheOperationsOfContract() {
        List<String> served = picus.operations();
        assertThat(served)
                .hasSize(84)
                .containsExactlyInAnyOrderElementsOf(
                        Contract.operations().map(Operation::name).toList());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void answersOperationWithMembersOfContract(Operation operation) throws Exception {
        Answer answer = call(caller, operation);
        String kind = operation.members().get(0);
        assertThat(answer.status()).as(answer.text()).isEqualTo(kind.equals("RETIRED") ? 410 : 200);
        switch (kind) {
            case "RETIRED" -> assertThat(answer.at("/message")).contains("/v2/mitigation/devices");
            case "BINARY" -> assertThat(answer.header("content-type")).isEqualTo("application/octet-stream");
            case "ARRAY" -> assertThat(answer.json().isArray()).isTrue();
            case "SOME" ->
                assertThat(answer.json().propertyNames())
                        .containsAll(operation
                                .members()
                                .subList(1, operation.members().size()));
            default ->
                assertThat(answer.json().propertyNames()).containsExactlyInAnyOrderElementsOf(operation.members());
        }
        assertThat(picus.effects().count(operation.name())).isEqualTo(operation.acts() ? 1 : 0);
        assertThat(picus.effects().count()).isEqualTo(operation.acts() ? 1 : 0);
        assertThat(picus.effects().all()).extracting(Effect::idempotencyKey).allMatch(Objects::isNull);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void requiresTokenExceptForTokenOperations(Operation operation) throws Exception {
        Answer answer = call(new Caller(picus, "X-Nothing", "x"), operation);
        if (operation.template().startsWith("/v1/auth/")) {
            assertThat(answer.status()).isEqualTo(200);
        } else {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.text()).isEqualTo("{\"message\":\"auth header is empty\"}");
            assertThat(picus.effects().count()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("operationsWithAToken")
    void requiresExactlyTheScopeOfOperation(Operation operation) throws Exception {
        String other = operation.name().equals("GET /v1/agents") ? "GET /v1/integrations" : "GET /v1/agents";
        assertThat(call(scoped(other), operation).status()).isEqualTo(403);
        assertThat(picus.effects().count()).isZero();
        assertThat(call(scoped(operation.name()), operation).status()).isIn(200, 410);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /v1/agents/4",
        "GET,    /v1/agents/reinstall-token?agent_id=9",
        "GET,    /v1/simulations/2",
        "PUT,    /v1/simulations/2/cancel",
        "GET,    /v1/simulations/1/run/9",
        "GET,    /v1/simulations/1/run/latest/threats/61/actions",
        "GET,    /v1/simulations/1/run/latest/threats/1/actions/9",
        "GET,    /v2/simulations/1/results/reports/2",
        "GET,    /v1/templates/61",
        "GET,    /v1/threat-library/threats/61",
        "GET,    /v1/threat-library/actions/61",
        "GET,    /v1/mitigation/detection-content/custom/61",
        "GET,    /v1/mitigation/detection-content/nothing/rules",
        "GET,    /v1/mitigation/detection-content/sigma/rules/61",
        "GET,    /v2/mitigation/devices/4",
        "DELETE, /v1/users/1",
        "GET,    /v1/nothing",
        "GET,    /",
        "DELETE, /v1/agents",
        "GET,    /v1/agents/"
    })
    void rejectsUnknownResourcesPathsAndMethods(String method, String path) throws Exception {
        Answer answer = caller.send(method, path, "");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.at("/message")).isEqualTo("not found error");
        assertThat(picus.effects().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/agents/download-link?agent_type=x,             variant",
        "/v1/agents/download-link?variant=x,                agent_type",
        "/v1/agents/install-token,                          agent_type",
        "/v1/agents/kubernetes/download-yaml,               agent_name",
        "/v1/agents/reinstall-token,                        agent_id",
        "/v1/mitigation/devices/1/signatures,               action_ids",
        "/v1/agents/abc,                                    parsing error",
        "/v1/agents/-1,                                     parsing error",
        "/v1/agents/+1,                                     parsing error",
        "/v1/agents/99999999999999999999,                   parsing error",
        "/v1/simulations?limit=x,                           parsing error",
        "/v1/simulations?offset=-1,                         parsing error",
        "/v1/simulations?agent_id=x,                        parsing error",
        "/v1/threat-library/actions?action_ids=1%2Cx,       parsing error",
    })
    void validatesReads(String path, String error) throws Exception {
        caller.simulate("another");
        Answer answer = caller.get(path);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.at("/message")).isEqualTo("validation error");
        assertThat(answer.json().get("errors").propertyNames()).containsExactly(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/simulations                                    | {\"template_id\":1}            | name",
                "POST | /v1/simulations                                    | {\"name\":\"x\"}               | template_id",
                "POST | /v1/simulations                                    | {\"name\":1,\"template_id\":1} | parsing error",
                "POST | /v1/simulations                                    | {\"name\":\"x\",\"template_id\":0} | param",
                "POST | /v1/simulations                                    | {\"name\":\"x\",\"template_id\":1.5} | parsing error",
                "POST | /v1/simulations | {\"name\":\"x\",\"template_id\":1,\"schedule_now\":1} | parsing error",
                "POST | /v1/simulations | {\"name\":\"x\",\"template_id\":1,\"agent_id\":\"1\"} | parsing error",
                "POST | /v1/users/invite                                   | {\"email\":\"x\",\"login_type\":\"sso\"} | role_id",
                "PUT  | /v1/users/1234/role                                | {}                             | role_id",
                "POST | /v1/templates                                      | {}                             | name",
                "POST | /v1/threat-library/threats                         | {}                             | name",
                "POST | /v1/threat-library/threats/import                  | {}                             | parsing error",
                "POST | /v1/threat-library/files                           | {}                             | parsing error",
                "POST | /v1/threat-library/processes                       | {}                             | process_type",
                "POST | /v1/mitigation/detection-content/custom            | {\"items\":[]}                 | items",
                "POST | /v1/mitigation/detection-content/custom            | {\"items\":[{\"content_name\":\"a\"},{}]} | content_name",
                "POST | /v1/exposures/instances/scores                     | {}                             | filters",
                "POST | /v1/exposures/instances/scores                     | {\"filters\":{}}               | host_exposure_pairs",
                "POST | /v2/simulations/1/results/reports                  | {\"format\":[\"PDF\"]}         | type",
                "POST | /v2/simulations/1/results/reports?type=x           | {\"format\":[\"PDF\"]}         | type",
                "POST | /v2/simulations/1/results/reports?type=run         | {\"format\":[\"PDF\"]}         | runId",
                "POST | /v2/simulations/1/results/reports?type=overview    | {}                             | format",
                "POST | /v2/simulations/1/results/reports?type=overview    | {\"format\":[\"DOC\"]}         | format"
            })
    void validatesWritesBeforeActing(String method, String path, String body, String error) throws Exception {
        Answer answer = caller.send(method, path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.json().get("errors").propertyNames()).containsExactly(error);
        assertThat(picus.effects().count()).isZero();
    }

    @Test
    void rejectsUploadWithoutFile() throws Exception {
        Answer answer = caller.upload("/v1/threat-library/files", "other");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("errors").propertyNames()).containsExactly("file");
    }

    private Answer call(Caller caller, Operation operation) throws Exception {
        String body = operation.body().replace("REFRESH", "{\"refresh_token\":\"" + picus.secret() + "\"}");
        return body.equals("MULTIPART")
                ? caller.upload(operation.path(), "file")
                : caller.send(operation.method(), operation.path(), body);
    }

    private Caller scoped(String operation) {
        return new Caller(picus, picus.issueAccessToken(picus.issueRefreshToken(operation)));
    }

    static Stream<Operation> operations() {
        return Contract.operations();
    }

    static Stream<Operation> operationsWithAToken() {
        return operations().filter(operation -> !operation.template().startsWith("/v1/auth/"));
    }
}
