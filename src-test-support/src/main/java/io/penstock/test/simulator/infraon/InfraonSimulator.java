package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.StringNode;

/**
 * A running Infraon API of one tenant with one user, one team and one workflow. No rate limit is on, for none is
 * documented. Outgoing webhooks are not delivered. All methods may be called from any thread.
 *
 * <pre>{@code
 * try (InfraonSimulator infraon = InfraonSimulator.start()) {
 *     infraon.faults().on("POST", "/ux/sd/inci/incident/", Fault.resetAfterEffect());
 *     // … send a POST to infraon.baseUri() with "Authorization: ApiKey " + infraon.secret() …
 *     assertThat(infraon.effects().count("POST /ux/sd/inci/incident/")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class InfraonSimulator implements Simulator {

    static final String VENDOR = "infraon";

    private final EffectLedger effects = new EffectLedger();
    private final Tenant tenant;
    private final SimulatorServer server;
    private final String secret;

    private InfraonSimulator(InfraonRules rules, int port) {
        tenant = new Tenant(rules, effects);
        secret = issueKey();
        server = SimulatorServer.start(port, new InfraonApi(rules, tenant));
    }

    /** With the documented rules, on any free port. */
    public static InfraonSimulator start() {
        return start(InfraonRules.documented());
    }

    /** On any free port. */
    public static InfraonSimulator start(InfraonRules rules) {
        return start(rules, 0);
    }

    /**
     * Binds and listens before it returns.
     *
     * @param port the port on loopback, 0 for any free one
     */
    public static InfraonSimulator start(InfraonRules rules, int port) {
        return new InfraonSimulator(rules, port);
    }

    @Override
    public String vendor() {
        return VENDOR;
    }

    /** The same as {@link #origin()}: a tenant's address has no path. */
    @Override
    public URI baseUri() {
        return origin();
    }

    /** {@code http://127.0.0.1:<port>}, without a path. */
    public URI origin() {
        return server.origin();
    }

    /** An API key without end: {@code Authorization: ApiKey <key>}, unless the rules have another {@link KeyForm}. */
    @Override
    public String secret() {
        return secret;
    }

    @Override
    public FaultPlan faults() {
        return server.faults();
    }

    @Override
    public RequestLog requests() {
        return server.requests();
    }

    /** Logins are no effects; count them in {@link #requests()}. */
    @Override
    public EffectLedger effects() {
        return effects;
    }

    /** The user who can log in. */
    public String username() {
        return Credentials.USERNAME;
    }

    /** The user's password, another one for every simulator. */
    public String password() {
        synchronized (tenant) {
            return tenant.credentials.password();
        }
    }

    /** Another API key without end. */
    public String issueKey() {
        synchronized (tenant) {
            return tenant.credentials.issueKey();
        }
    }

    /** Another API key, which expires by the rules' clock. */
    public String issueKey(Duration lifetime) {
        synchronized (tenant) {
            return tenant.credentials.issueKey(lifetime);
        }
    }

    /** From now on the key, or the token of a login, gets 401; an unknown one is ignored. */
    public void revoke(String credential) {
        synchronized (tenant) {
            tenant.credentials.revoke(credential);
        }
    }

    /** From now on every token given so far gets 401; keys stay. */
    public void revokeTokens() {
        synchronized (tenant) {
            tenant.credentials.revokeTokens();
        }
    }

    /** Adds incidents with the summaries {@code Incident 1}, {@code Incident 2} and so on; no effects. */
    public void addIncidents(int count) {
        synchronized (tenant) {
            for (int i = 1; i <= count; i++) {
                tenant.incidents.add(
                        Json.object().put("summary", "Incident " + i).put("requester_email", "user@example.com"));
            }
        }
    }

    /** The files of an incident, oldest first; there is no documented way to read them over the wire. */
    public List<Attachment> attachments(String incidentId) {
        synchronized (tenant) {
            return tenant.incidents.attachments(incidentId);
        }
    }

    /** The bytes that the OS image download delivers; a copy. */
    public byte[] osImage() {
        return OsImage.content();
    }

    /** Serves a path, such as {@code /ux/tags/}, even with {@link Quirk#DECLARED_PATHS_ONLY}. */
    public void serve(String path) {
        synchronized (tenant) {
            tenant.resources.of(path);
        }
    }

    /**
     * Adds an object to a resource, which is served from now on; no effect. Not for incidents.
     *
     * @param path such as {@code /ux/tags/}
     * @param json an object; it gets an id of its own
     * @return the id
     */
    public String add(String path, String json) {
        synchronized (tenant) {
            return tenant.resources.of(path).add(Json.parse(json));
        }
    }

    /**
     * Changes a member of an object as the background does: the way to move a job on, for no contract of jobs is
     * published. No effect.
     */
    public void change(String path, String id, String member, String value) {
        changeAfterPolls(path, id, 0, member, value);
    }

    /**
     * The same, but the next GETs of the object still see it as it was.
     *
     * @param polls how many of them
     */
    public void changeAfterPolls(String path, String id, int polls, String member, String value) {
        if (polls < 0) {
            throw new IllegalArgumentException("polls: " + polls + " (expected: >= 0)");
        }
        synchronized (tenant) {
            tenant.resources.of(path).change(id, polls, member, StringNode.valueOf(value));
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
