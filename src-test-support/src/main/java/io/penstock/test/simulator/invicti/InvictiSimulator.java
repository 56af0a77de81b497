package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;

/**
 * A running Invicti Platform with one organization, which begins empty. A request is authenticated by its key in the
 * header {@code X-Auth}. The limit of the sample is on: give a test that sends more than 100 requests a minute other
 * {@link InvictiRules}. All methods may be called from any thread.
 *
 * <pre>{@code
 * try (InvictiSimulator invicti = InvictiSimulator.start()) {
 *     invicti.faults().on("POST", "/api/v1/scans", Fault.resetAfterEffect());
 *     // … start a scan at invicti.baseUri() with a client that must not repeat it …
 *     assertThat(invicti.effects().count("POST /api/v1/scans")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class InvictiSimulator implements Simulator {

    static final String VENDOR = "invicti";

    private final EffectLedger effects = new EffectLedger();
    private final InvictiRules rules;
    private final Organization organization;
    private final SimulatorServer server;
    private final String secret;

    private InvictiSimulator(InvictiRules rules, int port) {
        this.rules = rules;
        organization = new Organization(rules, effects);
        secret = issueKey();
        server = SimulatorServer.start(port, new InvictiApi(rules, organization));
    }

    /** With the documented rules, on any free port. */
    public static InvictiSimulator start() {
        return start(InvictiRules.documented());
    }

    /** On any free port. */
    public static InvictiSimulator start(InvictiRules rules) {
        return start(rules, 0);
    }

    /**
     * Binds and listens before it returns.
     *
     * @param port the port on loopback, 0 for any free one
     */
    public static InvictiSimulator start(InvictiRules rules, int port) {
        return new InvictiSimulator(rules, port);
    }

    @Override
    public String vendor() {
        return VENDOR;
    }

    /**
     * The regional platform's address, as a client is given it: {@code http://127.0.0.1:<port>} and the rules' base path.
     * The paths of the operations, with their different prefixes, come after it.
     */
    @Override
    public URI baseUri() {
        return URI.create(origin() + rules.basePath());
    }

    /** {@code http://127.0.0.1:<port>}, without a path. */
    public URI origin() {
        return server.origin();
    }

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

    /** The operations are named by their path under {@code /api/v1}, wherever the request was sent. */
    @Override
    public EffectLedger effects() {
        return effects;
    }

    /** A new key of another user, who may do everything. */
    public String issueKey() {
        synchronized (organization) {
            return organization.keys.issue(true).secret();
        }
    }

    /** A new key of another user, who gets 403 for whatever is not a GET. */
    public String issueReadOnlyKey() {
        synchronized (organization) {
            return organization.keys.issue(false).secret();
        }
    }

    /**
     * The same user's new key; from now on the old one gets 401.
     *
     * @throws IllegalArgumentException for a key that is not valid
     */
    public String regenerate(String key) {
        synchronized (organization) {
            return organization.keys.regenerate(key).secret();
        }
    }

    /** From now on the key gets 401; an unknown key is ignored. */
    public void revoke(String key) {
        synchronized (organization) {
            organization.keys.revoke(key);
        }
    }

    /** Whether the organization's IP allow-list leaves out the client, who then gets 403 with any key; at once. */
    public void shutOut(boolean shutOut) {
        synchronized (organization) {
            organization.shutOut = shutOut;
        }
    }

    /** Creates a target as the user does in the browser: no effect of the API. Returns its id. */
    public String addTarget(String name, String url) {
        synchronized (organization) {
            return organization.targets.add(name, url);
        }
    }

    /** Adds an API to the hub's inventory, which no request can. Returns its id. */
    public String addApiTarget(String name) {
        synchronized (organization) {
            return organization.inventory.addApiTarget(name);
        }
    }

    /**
     * Lets a scan find something. Returns the vulnerability's id.
     *
     * @throws IllegalArgumentException for an unknown scan
     */
    public String addVulnerability(String scanId, String name) {
        synchronized (organization) {
            return organization.scans.addVulnerability(scanId, name);
        }
    }

    /**
     * Moves a scan on.
     *
     * @param status {@code scheduled}, {@code queued}, {@code processing}, {@code completed}, {@code failed} or
     *     {@code aborted}
     * @throws IllegalArgumentException for an unknown scan or status
     * @throws IllegalStateException if the scan has ended
     */
    public void advanceScan(String scanId, String status) {
        synchronized (organization) {
            organization.scans.advance(scanId, status);
        }
    }

    /** How scans that are started from now on get on by themselves; {@link #advanceScan} moves them all the same. */
    public void scansTake(JobCourse course) {
        synchronized (organization) {
            organization.scans.course(course);
        }
    }

    /**
     * Moves a report or an export on.
     *
     * @param status as for {@link #advanceScan(String, String)}
     * @throws IllegalArgumentException for an unknown report or status
     * @throws IllegalStateException if it has ended
     */
    public void advanceReport(String id, String status) {
        synchronized (organization) {
            if (!organization.reports.advance(id, status) && !organization.exports.advance(id, status)) {
                throw new IllegalArgumentException("id: " + id + " (expected: the id of a report or an export)");
            }
        }
    }

    /**
     * Lets an importer run.
     *
     * @param syncStatus {@code None}, {@code Completed} or {@code Failed}
     * @throws IllegalArgumentException for an unknown importer or status
     */
    public void syncImporter(String importerId, String syncStatus) {
        synchronized (organization) {
            organization.importers.synced(importerId, syncStatus);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
