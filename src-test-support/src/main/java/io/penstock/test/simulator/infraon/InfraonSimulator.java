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
 * A running Infraon API of one tenant with one user, one team and one workflow. It has no rate limit because none is
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

    /** Starts a simulator with the documented rules on any free port. */
    public static InfraonSimulator start() {
        return start(InfraonRules.documented());
    }

    /** Starts a simulator on any free port. */
    public static InfraonSimulator start(InfraonRules rules) {
        return start(rules, 0);
    }

    /**
     * Starts a simulator. It listens when this method returns.
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

    /** Returns the same as {@link #origin()}: a tenant's address has no path. */
    @Override
    public URI baseUri() {
        return origin();
    }

    /** Returns {@code http://127.0.0.1:<port>}, without a path. */
    public URI origin() {
        return server.origin();
    }

    /**
     * Returns an API key that never expires: {@code Authorization: ApiKey <key>}, unless the rules have another
     * {@link KeyForm}.
     */
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

    /** Returns the ledger. Logins are no effects; count them in {@link #requests()}. */
    @Override
    public EffectLedger effects() {
        return effects;
    }

    /** Returns the name of the user who can log in. */
    public String username() {
        return Credentials.USERNAME;
    }

    /** Returns the user's password, which differs for every simulator. */
    public String password() {
        synchronized (tenant) {
            return tenant.credentials.password();
        }
    }

    /** Issues an API key that never expires. */
    public String issueKey() {
        synchronized (tenant) {
            return tenant.credentials.issueKey();
        }
    }

    /** Issues an API key that expires after the lifetime, by the clock of the rules. */
    public String issueKey(Duration lifetime) {
        synchronized (tenant) {
            return tenant.credentials.issueKey(lifetime);
        }
    }

    /** Revokes a key or the token of a login, which then gets 401. An unknown one is ignored. */
    public void revoke(String credential) {
        synchronized (tenant) {
            tenant.credentials.revoke(credential);
        }
    }

    /** Revokes every token issued so far, which then get 401. Keys stay valid. */
    public void revokeTokens() {
        synchronized (tenant) {
            tenant.credentials.revokeTokens();
        }
    }

    /** Adds incidents with the summaries {@code Incident 1}, {@code Incident 2} and so on, without effects. */
    public void addIncidents(int count) {
        synchronized (tenant) {
            for (int i = 1; i <= count; i++) {
                tenant.incidents.add(
                        Json.object().put("summary", "Incident " + i).put("requester_email", "user@example.com"));
            }
        }
    }

    /** Returns the files of an incident, oldest first. There is no documented way to read them over the wire. */
    public List<Attachment> attachments(String incidentId) {
        synchronized (tenant) {
            return tenant.incidents.attachments(incidentId);
        }
    }

    /** Returns a copy of the bytes of the OS image download. */
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
     * Adds an object to a resource, which is served from now on, without an effect. Not for incidents.
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
     * Changes a member of an object, as a background process does, without an effect. A test can move a job this way,
     * because no contract of jobs is published.
     */
    public void change(String path, String id, String member, String value) {
        changeAfterPolls(path, id, 0, member, value);
    }

    /**
     * Changes a member of an object after a number of GETs, which still see the old value.
     *
     * @param polls the number of those GETs
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
