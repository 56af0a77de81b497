package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.spec.Vendors;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.infraon.InfraonSimulator;
import io.penstock.test.simulator.invicti.InvictiRules;
import io.penstock.test.simulator.invicti.InvictiSimulator;
import io.penstock.test.simulator.ixon.IxonSimulator;
import io.penstock.test.simulator.picus.PicusSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One scene for each of the other vendors: a peculiarity of its API, against its own simulator. */
final class VendorScenes {

    private static final Duration HINT = Duration.ofSeconds(2);
    private static final String ME = "/api/identity/v1/me";

    private VendorScenes() {}

    static List<Scene> inOrder() {
        return List.of(
                new Scene("Invicti: 503 with the wait in its body: obeyed, then success", VendorScenes::invicti),
                new Scene(
                        "Picus: the access token dies: another is exchanged, and the call repeated once",
                        VendorScenes::picus),
                new Scene("IXON: a mandatory header is missing: the error names it", VendorScenes::ixon),
                new Scene("Infraon: a failure inside a 200 is a failure", VendorScenes::infraon));
    }

    private static Outcome invicti() {
        try (InvictiSimulator simulator =
                InvictiSimulator.start(InvictiRules.documented().withRetryAfter(HINT))) {
            simulator.faults().on("GET", ME, Fault.status(503));
            return with(simulator, client -> {
                Attempted call = Attempted.call(client, ApiRequest.get(ME));
                return call.expectStatus(200)
                        .expectAttempts(2)
                        .expect("wait obeys the hint:", true, call.longestWait().compareTo(HINT) >= 0)
                        .outcome("");
            });
        }
    }

    private static Outcome picus() {
        try (PicusSimulator simulator = PicusSimulator.start()) {
            return with(simulator, client -> {
                Attempted first = Attempted.call(client, ApiRequest.get("v1/agents"));
                simulator.revokeAccessTokens();
                Attempted second = Attempted.call(client, ApiRequest.get("v1/agents"));
                int exchanges =
                        simulator.requests().of("POST", "/v1/auth/token").size();
                return second.expectStatus(200)
                        .expectAttempts(2)
                        .expect(
                                "first call's surprises",
                                0,
                                first.expectStatus(200).expectAttempts(1).surprises())
                        .expect("exchanges", 2, exchanges)
                        .outcome(exchanges + " exchanges for both calls");
            });
        }
    }

    private static Outcome ixon() {
        try (IxonSimulator simulator = IxonSimulator.start();
                ApiClient client = ApiClient.builder(Vendors.byId(simulator.vendor()))
                        .secret(Secret.of(simulator.secret()))
                        .baseUri(simulator.baseUri())
                        .header("api-application", simulator.applicationId())
                        .build()) {
            return Attempted.call(client, ApiRequest.get("agents"))
                    .expectError(ErrorKind.INVALID_CONFIGURATION, Certainty.REJECTED)
                    .expectAttempts(1)
                    .outcome("");
        }
    }

    private static Outcome infraon() {
        try (InfraonSimulator simulator = InfraonSimulator.start()) {
            simulator.addIncidents(1);
            return with(simulator, client -> {
                String id = Attempted.call(
                                client,
                                ApiRequest.get("ux/sd/inci/incident/")
                                        .query("page", 1)
                                        .query("items_per_page", 1))
                        .at("/results/0/incident_id");
                return Attempted.call(
                                client,
                                ApiRequest.of(Method.PUT, "ux/sd/inci/incident/{id}/")
                                        .path("id", id)
                                        .body(Map.of()))
                        .expectError(ErrorKind.VALIDATION, Certainty.MAYBE_PROCESSED)
                        .expectAttempts(1)
                        .outcome("");
            });
        }
    }

    private static Outcome with(Simulator simulator, Function<ApiClient, Outcome> play) {
        try (ApiClient client = ApiClient.builder(Vendors.byId(simulator.vendor()))
                .secret(Secret.of(simulator.secret()))
                .baseUri(simulator.baseUri())
                .build()) {
            return play.apply(client);
        }
    }
}
