package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.PlainCaller;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A caller of Infraon. */
final class Caller extends PlainCaller {

    static final String INCIDENTS = "/ux/sd/inci/incident/";
    static final String INCIDENT = "{\"summary\":\"VPN down\",\"requester_email\":\"user@example.com\"}";

    Caller(InfraonSimulator infraon) {
        this(infraon, "ApiKey " + infraon.secret());
    }

    /** An empty {@code authorization} is not sent. */
    Caller(InfraonSimulator infraon, String authorization) {
        super(infraon.baseUri(), authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization));
    }

    Answer get(String path, String body) throws Exception {
        return send("GET", path, body);
    }

    Answer put(String path, JsonNode body) throws Exception {
        return put(path, body.toString());
    }

    /** Logs in with the right password. */
    static Answer login(InfraonSimulator infraon) throws Exception {
        return login(infraon, "/ux/api-token-auth/", infraon.username(), infraon.password());
    }

    static Answer login(InfraonSimulator infraon, String path, String username, String password) throws Exception {
        String body = "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}";
        return new Caller(infraon, "").post(path, body);
    }

    /** Creates an incident and returns the id its path takes. */
    String incident() throws Exception {
        return post(INCIDENTS, INCIDENT).json().get("id").asString();
    }

    /** Creates an incident in a stream's lambda. */
    String concurrentIncident() {
        try {
            return incident();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creates an incident and returns its path. */
    String incidentPath() throws Exception {
        return INCIDENTS + incident() + "/";
    }
}
