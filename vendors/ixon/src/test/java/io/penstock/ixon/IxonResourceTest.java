package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.ixon.model.Group;
import io.penstock.ixon.model.ListQuery;
import io.penstock.test.DocumentedOperations;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.ixon.IxonSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** The operations by published path against the simulator. */
class IxonResourceTest extends IxonTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^}]*}");
    private static final ListQuery ALL = ListQuery.all();
    private static final Map<String, String> NAMED = Map.of("name", "a");

    /** Calls an operation of the contract as its table describes it. */
    private static Publisher<?> call(IxonResource<JsonNode> resource, Contract.Operation operation) {
        boolean list = operation.data().equals("list");
        boolean nothing = operation.data().equals("none");
        boolean body = !operation.request().equals("none");
        Object sent = operation.request().equals("array")
                ? List.of(Map.of("publicId", "x", "name", "a"))
                : operation.request().equals("string") ? "text" : NAMED;
        if (operation.request().contains("/")) {
            return resource.upload(Path.of("pom.xml"), operation.request().replace("*", "png"));
        }
        return switch (operation.method()) {
            case GET -> list ? resource.list(ALL) : nothing ? resource.export() : resource.get();
            case POST ->
                nothing ? body ? resource.act(sent) : resource.act() : body ? resource.create(sent) : resource.create();
            case PATCH -> body ? resource.update(sent) : resource.update();
            case PUT -> body ? resource.replace(sent) : resource.replace();
            default -> body ? resource.delete(List.of("x")) : resource.delete();
        };
    }

    /**
     * Sends each published operation once, with ids that nobody has, so it need not succeed: the request itself must be
     * the published one, with a company and a credential only where the contract has them.
     */
    @Test
    void sendsEveryPublishedOperationWithItsHeaders() {
        Ixon unlimited = Ixon.over(open(
                        IxonVendor.SPEC,
                        Ixon.configure(simulator.applicationId()).withoutGate(),
                        simulator.secret()))
                .forCompany(simulator.companyId());
        List<String> wrong = new ArrayList<>();
        List<DocumentedOperations.Row> rows =
                DocumentedOperations.read(Ixon.class, "operations.tsv").rows();
        for (DocumentedOperations.Row row : rows) {
            simulator.requests().clear();
            simulator.faults().next(json(400, "{\"status\":\"error\",\"data\":[]}"));
            String[] ids = PLACEHOLDER
                    .matcher(row.path())
                    .results()
                    .map((MatchResult found) -> "x")
                    .toArray(String[]::new);
            Contract.Operation operation = Ixon.CONTRACT.at(row.path()).operation(Method.valueOf(row.method()));

            assertThat(catchThrowable(() -> Flux.from(call(unlimited.resource(row.path(), ids), operation))
                            .blockLast(PATIENCE)))
                    .isInstanceOf(ApiException.class);

            boolean asPublished = simulator.requests().count() == 1
                    && lastRequest().method().equals(row.method())
                    && lastRequest()
                            .path()
                            .equals("/api" + PLACEHOLDER.matcher(row.path()).replaceAll("x"))
                    && lastRequest().headers().containsKey("api-company")
                            == operation.flags().contains("company")
                    && lastRequest().headers().containsKey("authorization")
                            == operation.flags().contains("token");
            if (!asPublished) {
                wrong.add(row.name());
            }
            simulator.faults().clear();
        }

        assertThat(rows).hasSize(674);
        assertThat(Ixon.CONTRACT.size()).isEqualTo(674);
        assertThat(wrong).isEmpty();
    }

    /** The simulator has a table of its own, which was made from the contract, too. */
    @Test
    void knowsSameOperationsAsSimulator() throws IOException {
        assertThat(lines(Ixon.class, "operations.tsv", "\t"))
                .hasSize(674)
                .containsExactlyInAnyOrderElementsOf(lines(IxonSimulator.class, "contract.txt", " "));
    }

    private static List<List<String>> lines(Class<?> beside, String table, String separator) throws IOException {
        try (InputStream resource = beside.getResourceAsStream(table)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split(separator, -1)).subList(0, 4))
                    .toList();
        }
    }

    @Test
    void createsListsReadsChangesAndDeletesRows() {
        IxonResource<JsonNode> servers = ixon.resource("/agents/{id}/servers/", simulator.agentId());

        List<JsonNode> created = servers.create(List.of(NAMED, Map.of("name", "b")), "publicId", "name")
                .block(PATIENCE);
        String first = created.get(0).get("publicId").asString();
        IxonResource<JsonNode> one = ixon.resource("agents/{agentId}/servers/{publicId}", simulator.agentId(), first);
        one.update(Map.of("name", "c")).block(PATIENCE);

        assertThat(created.get(0).get("name").asString()).isEqualTo("a");
        assertThat(one.get("name").block(PATIENCE).get("name").asString()).isEqualTo("c");
        assertThat(servers.list(ALL.filter("eq(name,\"c\")")).items().count().block(PATIENCE))
                .isEqualTo(1);
        servers.delete(List.of(first)).block(PATIENCE);
        assertThat(servers.list(ALL).items().count().block(PATIENCE)).isEqualTo(1);
    }

    @Test
    void typesRowsAndBeginsAfterPage() {
        IxonResource<Group> groups = ixon.resource("groups").as(Group.class);
        groups.create(List.of(NAMED, Map.of("name", "b"), Map.of("name", "c"))).block(PATIENCE);
        ListQuery query = ALL.pageSize(1).fields("name");

        String cursor = groups.list(query).blockFirst(PATIENCE).resumeToken();
        assertThat(groups.list(query)
                        .resumeFrom(cursor)
                        .items()
                        .map(Group::name)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("b", "c");

        groups.list(query.pageAfter("somewhere")).onErrorComplete().blockLast(PATIENCE);
        assertThat(lastRequest().query("page-after")).isEqualTo("somewhere");
    }

    @Test
    void startsActionsWithoutResult() {
        ixon.resource("agents/{agentId}/reboot", simulator.agentId()).act().block(PATIENCE);

        assertThat(simulator.effects().count("POST /agents/{agentId}/reboot")).isEqualTo(1);
    }

    @Test
    void acceptsNotFoundAfterLostAnswerToDeletionOfOneRow() {
        String group =
                ixon.groups().create(List.of(NAMED)).block(PATIENCE).get(0).publicId();
        simulator.faults().on("DELETE", "/api/groups/" + group, Fault.resetAfterEffect());

        ixon.groups().delete(group).block(PATIENCE);

        assertThat(simulator.requests().of("DELETE", "/api/groups/" + group)).hasSize(2);
        assertThatObject(failureOf(() -> ixon.groups().delete(group).block(PATIENCE))
                        .kind())
                .isEqualTo(ErrorKind.NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource({
        "agents/{agentId}/server, agents/{agentId}/servers",
        "agent, agents",
        "/data-exports, data-export",
        "webhooks-subscriptions, webhook-subscriptions",
        "users/membership/{id}, users/memberships/{publicId}",
        "agents/a1b2c3d4e5f6/servers, agents/{agentId}/servers"
    })
    void namesNearestPathsOfUnknownOne(String unknown, String near) {
        ApiException failure = failureOf(() -> ixon.resource(unknown, "x"));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure)
                .hasMessageContaining("path: " + unknown + " (expected: one of the contract's, such as ")
                .hasMessageContaining(near);
    }

    @Test
    void rejectsOperationsBodiesFiltersAndIdsThatContractDoesNotHave() {
        IxonResource<JsonNode> agents = ixon.resource("agents");

        assertThat(failureOf(() -> agents.create(List.of())))
                .hasMessageContaining("operation: POST agents (expected: GET or ")
                .hasMessageContaining("PATCH");
        assertThat(failureOf(() -> ixon.resource("groups").create(NAMED)))
                .hasMessageContaining("body of POST groups: object (expected: array)");
        assertThat(failureOf(() -> ixon.resource("groups").create()))
                .hasMessageContaining("body of POST groups: none (expected: array)");
        assertThat(failureOf(() -> ixon.resource("groups").upload(Path.of("pom.xml"), "image/png")))
                .hasMessageContaining("body of POST groups: a file (expected: array)");
        assertThat(failureOf(() -> ixon.roles().list(ALL.filter("eq(name,\"a\")"))))
                .hasMessageContaining("filters of GET roles: [eq(name,\"a\")] (expected: none");
        assertThat(failureOf(() -> ixon.resource("users/me").list(ALL)))
                .hasMessageContaining("GET users/me: not a list (expected: get)");
        assertThat(failureOf(() -> ixon.resource("agents/{agentId}/servers")))
                .hasMessageContaining("ids of agents/{agentId}/servers: 0 (expected: 1: agentId)");
        assertThat(failureOf(() -> Ixon.over(ixon.client()).resource("groups").list(ALL)))
                .hasMessageContaining("api-company: missing, and GET groups needs it");
        assertThat(simulator.requests().count()).isZero();
    }
}
