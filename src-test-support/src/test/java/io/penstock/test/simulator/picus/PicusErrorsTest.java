package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of the simulator; the samples of status 401 are in {@link PicusAuthenticationTest}. */
class PicusErrorsTest {

    private static final String SAMPLE = "{\"message\":\"The error message\",\"error_code\":1001,"
            + "\"errors\":{\"error1\":\"message\",\"error2\":\"message2\"}}";

    @AutoClose
    private PicusSimulator picus = PicusSimulator.start();

    private Caller caller = new Caller(picus);

    @ParameterizedTest
    @ValueSource(ints = {400, 402, 403, 408, 410, 429, 500, 502, 503, 504})
    void answersScriptedStatusWithDocumentedSample(int status) throws Exception {
        picus.faults().on("POST", "/v1/simulations", Fault.status(status));
        Answer answer = caller.simulate("s");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.text()).isEqualTo(SAMPLE);
        assertThat(picus.effects().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"message\":\"unauthorized error\"}",
                "404 | {\"message\":\"not found error\"}",
                "422 | {\"message\":\"validation error\",\"errors\":{\"parsing error\":\"strconv.ParseUint: parsing \\\"abc\\\": invalid syntax\"}}"
            })
    void answersScriptedStatusWithItsDocumentedBody(int status, String body) throws Exception {
        picus.faults().next(Fault.status(status));
        Answer answer = caller.get("/v1/agents");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo(body);
    }

    @Test
    void answersUnknownResourceWithDocumentedBody() throws Exception {
        assertThat(caller.get("/v1/agents/99").text()).isEqualTo("{\"message\":\"not found error\"}");
        assertThat(caller.get("/v2/simulations/9/results/reports/1").text())
                .isEqualTo("{\"message\":\"not found error\"}");
    }

    @Test
    void answersNonNumericIdWithDocumentedBody() throws Exception {
        Answer answer = caller.get("/v1/agents/abc");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text())
                .isEqualTo("{\"message\":\"validation error\",\"errors\":{\"parsing error\":"
                        + "\"strconv.ParseUint: parsing \\\"abc\\\": invalid syntax\"}}");
    }

    @Test
    void answersPageAboveMaximumWithDocumentedBody() throws Exception {
        Answer answer = caller.get("/v1/users?limit=1000");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text())
                .isEqualTo("{\"errors\":{\"param\":\"tag=max, param=25, given value=1000\"},"
                        + "\"message\":\"validation error\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/mitigation/detection-content/custom/999",
        "DELETE, /v1/mitigation/detection-content/custom/999",
        "GET, /v2/mitigation/devices/999"
    })
    void addsCodeToErrorsOfCustomContentAndVersionTwo(String method, String path) throws Exception {
        assertThat(caller.send(method, path, "").text())
                .isEqualTo("{\"code\":404,\"message\":\"not found error\",\"success\":false}");
        picus.faults().next(Fault.status(400));
        assertThat(caller.send(method, path, "").text())
                .isEqualTo("{\"code\":400,\"message\":\"The error message\","
                        + "\"errors\":{\"error1\":\"message\",\"error2\":\"message2\"},\"success\":false}");
    }

    @ParameterizedTest
    @CsvSource({"DELETE, /v1/simulations/9", "PUT, /v1/simulations/9/cancel"})
    void addsFlagToErrorsOfDeletingAndCancelling(String method, String path) throws Exception {
        assertThat(caller.send(method, path, "").text())
                .isEqualTo("{\"message\":\"not found error\",\"success\":false}");
        picus.faults().next(Fault.status(500));
        assertThat(caller.send(method, path, "").text())
                .isEqualTo(SAMPLE.substring(0, SAMPLE.length() - 1) + ",\"success\":false}");
    }

    @ParameterizedTest
    @EnumSource(ErrorsMember.class)
    void writesErrorsAsMapStringOrNotAtAll(ErrorsMember errors) throws Exception {
        restart(PicusRules.documented().withErrorsMember(errors));
        picus.faults().next(Fault.status(400));
        String text = caller.get("/v1/agents").text();
        assertThat(text)
                .isEqualTo(
                        switch (errors) {
                            case MAP -> SAMPLE;
                            case STRING ->
                                "{\"message\":\"The error message\",\"error_code\":1001,"
                                        + "\"errors\":\"[\\\"error1\\\", \\\"error2\\\"]\"}";
                            case ABSENT -> "{\"message\":\"The error message\",\"error_code\":1001}";
                        });
    }

    @Test
    void requiresPaymentForUsedUpLicenceUntilDeletion() throws Exception {
        restart(PicusRules.documented().withSimulationLicence(1));
        caller.simulate("a");
        Answer refused = caller.simulate("b");
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.json().propertyNames()).containsExactly("message");
        assertThat(caller.simulate("a").at("/simulation_already_exist")).isEqualTo("true");
        assertThat(picus.effects().count("POST /v1/simulations")).isEqualTo(1);
        caller.delete("/v1/simulations/1");
        assertThat(caller.simulate("b").status()).isEqualTo(200);
    }

    @Test
    void rejectsBodyOverOneMebibyte() throws Exception {
        Answer answer = caller.post("/v1/templates", "x".repeat(1024 * 1024 + 1));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text()).isEqualTo(SAMPLE);
    }

    private void restart(PicusRules rules) {
        picus.close();
        picus = PicusSimulator.start(rules);
        caller = new Caller(picus);
    }
}
