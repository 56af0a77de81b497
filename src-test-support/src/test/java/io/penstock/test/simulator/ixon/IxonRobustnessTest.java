package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The simulator's side of the cases X1 to X8 that a client has to survive. */
class IxonRobustnessTest {

    private static final String POINTS = "{\"source\":{\"publicId\":\"%s\"},\"start\":\"2024-01-01T00:00:00Z\","
            + "\"end\":\"2024-01-01T00:00:55Z\",\"tags\":[{\"slug\":\"a\",\"queries\":[{\"ref\":\"a\",\"step\":1}]}]}";

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final Running<IxonSimulator, IxonRules> running =
            new Running<>(IxonRules.documented().withClock(clock), IxonSimulator::start);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void x1WritesListOfOneAsArrayOrRow(boolean asObject) throws Exception {
        IxonSimulator ixon = running.start(paging(paging -> paging.withSingleRowAsObject(asObject)));
        JsonNode data = new Caller(ixon).get("/agents").data();
        assertThat(data.isObject()).isEqualTo(asObject);
        assertThat((asObject ? data : data.get(0)).get("publicId").stringValue())
                .isEqualTo(ixon.agentId());
        ixon.put("/agents", "{\"name\":\"Second\"}");
        assertThat(new Caller(ixon).get("/agents").data().isArray()).isTrue();
        assertThat(new Caller(ixon).get("/groups").data().isArray()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void x2EndsListInConfiguredWay(ListEnd end) throws Exception {
        IxonSimulator ixon = running.start(paging(paging -> paging.withEnd(end)));
        JsonNode list = new Caller(ixon).get("/agents").json();
        switch (end) {
            case NULL -> assertThat(list.get("moreAfter").isNull()).isTrue();
            case ABSENT -> assertThat(list.has("moreAfter")).isFalse();
            case EMPTY -> assertThat(list.get("moreAfter").stringValue()).isEmpty();
        }
    }

    @Test
    void x2RepeatsCursorForever() throws Exception {
        Caller caller = threeAgents(CursorMode.REPEATED);
        String cursor = caller.get("/agents").moreAfter();
        assertThat(cursor).isNotEmpty();
        Answer second = caller.get("/agents?page-after=" + cursor);
        assertThat(second.moreAfter()).isEqualTo(cursor);
        assertThat(second.data()).hasSize(1);
        assertThat(caller.get("/agents?page-after=" + cursor).text()).isEqualTo(second.text());
    }

    @Test
    void x2SendsEmptyPagesWithNewCursorsForever() throws Exception {
        Caller caller = threeAgents(CursorMode.EMPTY_FOREVER);
        String cursor = caller.get("/agents").moreAfter();
        for (int i = 0; i < 5; i++) {
            Answer page = caller.get("/agents?page-after=" + cursor);
            assertThat(page.data()).isEmpty();
            assertThat(page.moreAfter()).isNotEmpty().isNotEqualTo(cursor);
            cursor = page.moreAfter();
        }
    }

    @Test
    void x2SendsEmptyPagesBetweenPages() throws Exception {
        Caller caller = threeAgents(CursorMode.EMPTY_BETWEEN);
        Answer first = caller.get("/agents");
        assertThat(first.data()).hasSize(1);
        Answer empty = caller.get("/agents?page-after=" + first.moreAfter());
        assertThat(empty.data()).isEmpty();
        Answer second = caller.get("/agents?page-after=" + empty.moreAfter());
        assertThat(second.data()).hasSize(1);
        empty = caller.get("/agents?page-after=" + second.moreAfter());
        Answer third = caller.get("/agents?page-after=" + empty.moreAfter());
        assertThat(third.data()).hasSize(1);
        assertThat(third.moreAfter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void x3HonoursOrIgnoresPagingParameters(boolean honoured) throws Exception {
        IxonSimulator ixon = running.start(paging(paging -> paging.withHonoured(honoured)));
        for (int i = 0; i < 30; i++) {
            ixon.put("/agents", "{\"name\":\"a\"}");
        }
        Answer list = new Caller(ixon).get("/agents?page-size=2&page-after=");
        assertThat(list.data()).hasSize(honoured ? 2 : 31);
        assertThat(list.moreAfter() != null).isEqualTo(honoured);
    }

    @Test
    void x4BlocksAddressWithoutHint() throws Exception {
        IxonSimulator ixon = running.start(rules ->
                rules.withLimits(IxonLimits.newest().withLimits(new IxonLimit(1, Duration.ofSeconds(5), false))));
        Caller caller = new Caller(ixon);
        caller.get("/agents");
        Answer refused = caller.get("/agents");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEmpty();
        clock.advance(Duration.ofSeconds(599));
        assertThat(caller.get("/agents").status()).isEqualTo(429);
        clock.advance(Duration.ofSeconds(1));
        assertThat(caller.get("/agents").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"50,504", "60,201"})
    void x5TimesOutAfterFiftyOrSixtySeconds(int seconds, int status) throws Exception {
        IxonSimulator ixon = running.start(
                rules -> rules.withTimeLimit(Duration.ofSeconds(seconds)).withRowsPerSecond(1));
        Caller caller = new Caller(ixon);
        String query = POINTS.formatted(ixon.dataSourceId());
        assertThat(caller.post("/data", "[" + query + "]").status()).isEqualTo(status);
        assertThat(caller.post("/data-export", query).status()).isEqualTo(status);
        assertThat(caller.post("/data", "[" + query.replace("55Z", "50Z") + "]").status())
                .isEqualTo(201);
    }

    @Test
    void x5TimesOutOnLongList() throws Exception {
        IxonSimulator ixon = running.start(
                rules -> rules.withTimeLimit(Duration.ofSeconds(1)).withRowsPerSecond(1));
        ixon.put("/agents", "{\"name\":\"Second\"}");
        assertThat(new Caller(ixon).get("/agents").status()).isEqualTo(504);
        assertThat(new Caller(ixon).get("/agents?page-size=1").status()).isEqualTo(200);
        new Caller(ixon).create("/groups", "{\"name\":\"a\"}");
        assertThat(new Caller(ixon).get("/audit-logs-export").status()).isEqualTo(504);
    }

    @Test
    void x5DelaysAnswerOnCommand() throws Exception {
        IxonSimulator ixon = running.start(rules -> rules);
        ixon.faults().next(Fault.delay(Duration.ofMillis(300)));
        long start = System.nanoTime();
        assertThat(new Caller(ixon).get("/agents").status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @CsvSource({"400,true", "400,false", "401,false", "403,true", "422,false"})
    void x6FailsAuthenticationWithAnyStatus(int status, boolean named) throws Exception {
        IxonSimulator ixon = running.start(
                errors(errors -> errors.withAuthenticationStatus(status).withAuthorizationNamed(named)));
        Answer refused =
                new Caller(ixon).bearer("0123456789abcdef0123456789abcdef").get("/agents");
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.message()).isEqualTo("Invalid value");
        assertThat(refused.property()).isEqualTo(named ? "Authorization" : "");
        ixon.requireTwoFactor();
        Answer login = new Caller(ixon).basic("user@example.com::correct:horse").post("/access-tokens", "{}");
        assertThat(login.status()).isEqualTo(status);
        assertThat(login.message()).isEqualTo("2FA is required");
        assertThat(login.property()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SAMPLES,    'data,moreAfter,status,type', 'type,data,moreAfter,status'",
        "DATA_FIRST, 'data,moreAfter,status,type', 'data,moreAfter,status,type'",
        "TYPE_FIRST, 'type,data,moreAfter,status', 'type,data,moreAfter,status'",
        "CONTRACT,   'type,data,status',           'type,data,status'",
    })
    void x7WritesErrorMembersInAnyOrder(ErrorShape shape, String header, String twoFactor) throws Exception {
        IxonSimulator ixon = running.start(errors(errors -> errors.withShape(shape)));
        ixon.requireTwoFactor();
        Caller caller = new Caller(ixon);
        assertThat(caller.with("Api-Company", null).get("/agents").json().propertyNames())
                .containsExactly(header.split(",", -1));
        assertThat(caller.basic("user@example.com::correct:horse")
                        .post("/access-tokens", "{}")
                        .json()
                        .propertyNames())
                .containsExactly(twoFactor.split(",", -1));
    }

    @Test
    void x8AnswersReadInPostFormAndDeletionWithBody() throws Exception {
        IxonSimulator ixon = running.start(rules -> rules);
        Caller caller = new Caller(ixon);
        assertThat(caller.post("/data", "[]").status()).isEqualTo(201);
        assertThat(caller.post("/vpn-usage", "{}").status()).isEqualTo(201);
        Answer deleted = caller.delete("/agents/" + ixon.agentId(), "");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.text()).isEqualTo("{\"status\":\"success\",\"type\":\"AgentDeleteResponse\",\"data\":{}}");
    }

    private Caller threeAgents(CursorMode mode) {
        IxonSimulator ixon =
                running.start(paging(paging -> paging.withCursors(mode).withPageSize(1)));
        ixon.put("/agents", "{\"name\":\"Second\"}");
        ixon.put("/agents", "{\"name\":\"Third\"}");
        return new Caller(ixon);
    }

    private static UnaryOperator<IxonRules> paging(UnaryOperator<IxonPaging> change) {
        return rules -> rules.withPaging(change.apply(rules.paging()));
    }

    private static UnaryOperator<IxonRules> errors(UnaryOperator<IxonErrors> change) {
        return rules -> rules.withErrors(change.apply(rules.errors()));
    }
}
