package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.parts.VendorSimulator;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.StringNode;

/**
 * A running Infraon API of one tenant with one user, one team and one workflow. It has no rate limit because none is
 * documented. Logins are no effects; count them in {@link #requests()}. Outgoing webhooks are not delivered. All methods may be called from any thread.
 *
 * <pre>{@code
 * try (InfraonSimulator infraon = InfraonSimulator.start()) {
 *     infraon.faults().on("POST", "/ux/sd/inci/incident/", Fault.resetAfterEffect());
 *     // … send a POST to infraon.baseUri() with "Authorization: ApiKey " + infraon.secret() …
 *     assertThat(infraon.effects().count("POST /ux/sd/inci/incident/")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class InfraonSimulator extends VendorSimulator {

    static final String VENDOR = "infraon";

    private final Tenant tenant;
    private final String secret;

    private InfraonSimulator(InfraonRules rules, Tenant tenant, int port) {
        super(VENDOR, tenant, port, new InfraonApi(rules, tenant), null);
        this.tenant = tenant;
        secret = issueKey();
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
        return new InfraonSimulator(rules, new Tenant(rules, new EffectLedger()), port);
    }

    /**
     * Returns an API key that never expires: {@code Authorization: ApiKey <key>}, unless the rules have another
     * {@link KeyForm}.
     */
    @Override
    public String secret() {
        return secret;
    }

    /** Returns the name of the user who can log in. */
    public String username() {
        return Credentials.USERNAME;
    }

    /** Returns the user's password, which differs for every simulator. */
    public String password() {
        return locked(() -> tenant.credentials.password());
    }

    /** Issues an API key that never expires. */
    public String issueKey() {
        return locked(() -> tenant.credentials.issueKey());
    }

    /** Issues an API key that expires after the lifetime, by the clock of the rules. */
    public String issueKey(Duration lifetime) {
        return locked(() -> tenant.credentials.issueKey(lifetime));
    }

    /** Revokes a key or the token of a login, which then gets 401. An unknown one is ignored. */
    public void revoke(String credential) {
        locked(() -> tenant.credentials.revoke(credential));
    }

    /** Revokes every token issued so far, which then get 401. Keys stay valid. */
    public void revokeTokens() {
        locked(() -> tenant.credentials.revokeTokens());
    }

    /** Adds incidents with the summaries {@code Incident 1}, {@code Incident 2} and so on, without effects. */
    public void addIncidents(int count) {
        locked(() -> {
            for (int i = 1; i <= count; i++) {
                tenant.incidents.add(
                        Json.object().put("summary", "Incident " + i).put("requester_email", "user@example.com"));
            }
        });
    }

    /** Returns the files of an incident, oldest first. There is no documented way to read them over the wire. */
    public List<Attachment> attachments(String incidentId) {
        return locked(() -> tenant.incidents.attachments(incidentId));
    }

    /** Returns a copy of the bytes of the OS image download. */
    public byte[] osImage() {
        return OsImage.content();
    }

    /** Serves a path, such as {@code /ux/tags/}, even with {@link Quirk#DECLARED_PATHS_ONLY}. */
    public void serve(String path) {
        locked(() -> tenant.resources.of(path));
    }

    /**
     * Adds an object to a resource, which is served from now on, without an effect. Not for incidents.
     *
     * @param path such as {@code /ux/tags/}
     * @param json an object; it gets an id of its own
     * @return the id
     */
    public String add(String path, String json) {
        return locked(() -> tenant.resources.of(path).add(Json.contentOf(json)));
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
        locked(() -> tenant.resources.of(path).change(id, polls, member, StringNode.valueOf(value)));
    }
}
