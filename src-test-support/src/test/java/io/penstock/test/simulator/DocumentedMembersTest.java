package io.penstock.test.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.invicti.InvictiSimulator;
import io.penstock.test.simulator.ixon.IxonSimulator;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Members and headers that the vendors' documents promise for a kind of answer, checked in the simulators' answers. */
class DocumentedMembersTest {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A promise about errors.
     *
     * @param vendor the vendor's id
     * @param statuses the statuses of the errors concerned
     * @param members JSON pointers of the promised members
     */
    private record Promise(String vendor, List<Integer> statuses, List<String> members) {}

    private static final List<Promise> OF_ERRORS = List.of(
            // Page "errors": one envelope for all; request_id is always there.
            new Promise(
                    "pentify",
                    List.of(400, 401, 402, 403, 404, 409, 410, 422, 429, 500, 502, 503),
                    List.of("/error/code", "/error/message", "/error/request_id")),
            // Page "s1-handle-responses".
            new Promise(
                    "invicti", List.of(400), List.of("/error", "/message", "/details/0/field", "/details/0/message")),
            new Promise("invicti", List.of(500), List.of("/requestId")),
            new Promise("invicti", List.of(429, 503), List.of("/retryAfter")),
            // Page "common-errors"; moreAfter is absent in the contract.
            new Promise(
                    "ixon", List.of(400, 401, 403, 404, 409, 422, 429), List.of("/status", "/type", "/data/0/message")),
            // Page "response-codes-errors": error_code and errors are optional.
            new Promise(
                    "picus", List.of(400, 401, 402, 403, 404, 408, 410, 422, 429, 500, 503, 504), List.of("/message")),
            // Page "authorization".
            new Promise("infraon", List.of(400, 401, 403, 500), List.of("/error")));

    private static HttpResponse<String> get(URI uri, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void hasMembers(HttpResponse<String> answer, List<String> members) {
        JsonNode body = JSON.readTree(answer.body());
        assertThat(members).allSatisfy(member -> {
            JsonNode found = body.at(member);
            assertThat(found.isMissingNode() || found.isNull())
                    .as("%s missing in %s", member, body)
                    .isFalse();
        });
    }

    @TestFactory
    Stream<DynamicTest> includesEveryPromisedMemberInErrors() {
        return OF_ERRORS.stream()
                .flatMap(promise -> promise.statuses().stream()
                        .map(status -> DynamicTest.dynamicTest(
                                promise.vendor() + " " + status + " " + promise.members(), () -> {
                                    try (Simulator simulator = Simulators.start(promise.vendor(), 0)) {
                                        simulator.faults().next(Fault.status(status));

                                        HttpResponse<String> answer = get(simulator.baseUri());

                                        assertThat(answer.statusCode()).isEqualTo(status);
                                        hasMembers(answer, promise.members());
                                    }
                                })));
    }

    @Test
    void coversEveryVendor() {
        assertThat(OF_ERRORS.stream().map(Promise::vendor).distinct().sorted().toList())
                .isEqualTo(Simulators.vendors());
    }

    /** Covers refusals of the simulator itself, without a scripted fault. */
    @Test
    void includesRequestIdInPentifyRefusals() {
        try (PentifySimulator simulator = PentifySimulator.start()) {
            String bearer = "Bearer " + simulator.secret();
            URI usage = URI.create(simulator.baseUri() + "/usage");
            HttpResponse<String> unknown =
                    get(URI.create(simulator.baseUri() + "/scans/scn_none"), "authorization", bearer);
            simulator.balance(0);
            List<HttpResponse<String>> refusals = List.of(get(usage), get(usage, "authorization", bearer), unknown);

            assertThat(refusals).extracting(HttpResponse::statusCode).containsExactly(401, 402, 404);
            refusals.forEach(
                    refusal -> hasMembers(refusal, List.of("/error/code", "/error/message", "/error/request_id")));
        }
    }

    @Test
    void sendsRetryAfterOfPentifyInWholeSeconds() {
        try (PentifySimulator simulator = PentifySimulator.start()) {
            simulator.faults().next(Fault.status(429));

            assertThat(get(simulator.baseUri()).headers().firstValue("retry-after"))
                    .hasValueSatisfying(seconds -> assertThat(seconds).matches("\\d+"));
        }
    }

    @Test
    void sendsQuotaHeadersWithEveryInvictiAnswer() {
        try (InvictiSimulator simulator = InvictiSimulator.start()) {
            URI me = URI.create(simulator.baseUri() + "/api/identity/v1/me");
            String[] key = {"x-auth", simulator.secret()};
            HttpResponse<String> success = get(me, key);
            HttpResponse<String> notFound = get(URI.create(simulator.baseUri() + "/api/v1/targets/none"), key);
            simulator.faults().next(Fault.status(500));
            HttpResponse<String> failure = get(me, key);

            assertThat(List.of(success, notFound, failure))
                    .allSatisfy(answer -> assertThat(answer.headers().map())
                            .containsKeys("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"));
        }
    }

    @Test
    void wrapsIxonSuccessesInEnvelope() {
        try (IxonSimulator simulator = IxonSimulator.start()) {
            String[] headers = {
                "api-version",
                "2",
                "api-application",
                simulator.applicationId(),
                "api-company",
                simulator.companyId(),
                "authorization",
                "Bearer " + simulator.secret()
            };
            for (String path : List.of("server-time", "agents", "companies", "groups", "users/me")) {
                HttpResponse<String> answer = get(URI.create(simulator.baseUri() + "/" + path), headers);

                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                hasMembers(answer, List.of("/status", "/type", "/data"));
            }
        }
    }
}
