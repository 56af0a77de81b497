package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;

/**
 * A running Invicti Platform with one organization, which is empty at first. The header {@code X-Auth} carries the key
 * of a request. The limit of the sample applies: a test that sends more than 100 requests a minute needs other
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

    /** Starts a simulator with the documented rules on any free port. */
    public static InvictiSimulator start() {
        return start(InvictiRules.documented());
    }

    /** Starts a simulator on any free port. */
    public static InvictiSimulator start(InvictiRules rules) {
        return start(rules, 0);
    }

    /**
     * Starts a simulator. It listens when this method returns.
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
     * Returns the address of the regional platform, as a client needs it: {@code http://127.0.0.1:<port>} and the base
     * path of the rules. The paths of the operations, with their different prefixes, follow it.
     */
    @Override
    public URI baseUri() {
        return URI.create(origin() + rules.basePath());
    }

    /** Returns {@code http://127.0.0.1:<port>}, without a path. */
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

    /**
     * Returns the ledger. It names each operation by its path under {@code /api/v1}, whatever the prefix of the
     * request.
     */
    @Override
    public EffectLedger effects() {
        return effects;
    }

    /** Issues a key of another user, who has all permissions. */
    public String issueKey() {
        synchronized (organization) {
            return organization.keys.issue(true).secret();
        }
    }

    /** Issues a key of another user, who gets 403 for every method but GET. */
    public String issueReadOnlyKey() {
        synchronized (organization) {
            return organization.keys.issue(false).secret();
        }
    }

    /**
     * Issues a new key for the same user. The old key gets 401 from now on.
     *
     * @throws IllegalArgumentException for a key that is not valid
     */
    public String regenerate(String key) {
        synchronized (organization) {
            return organization.keys.regenerate(key).secret();
        }
    }

    /** Revokes a key, which then gets 401. An unknown key is ignored. */
    public void revoke(String key) {
        synchronized (organization) {
            organization.keys.revoke(key);
        }
    }

    /** Sets whether the organization's IP allow-list excludes the client, which then gets 403 with any key, at once. */
    public void shutOut(boolean shutOut) {
        synchronized (organization) {
            organization.shutOut = shutOut;
        }
    }

    /** Creates a target, as the user does in the browser, which is no effect of the API, and returns its id. */
    public String addTarget(String name, String url) {
        synchronized (organization) {
            return organization.targets.add(name, url);
        }
    }

    /** Adds an API to the hub's inventory, which no request can do, and returns its id. */
    public String addApiTarget(String name) {
        synchronized (organization) {
            return organization.inventory.addApiTarget(name);
        }
    }

    /**
     * Adds a vulnerability to a scan and returns its id.
     *
     * @throws IllegalArgumentException for an unknown scan
     */
    public String addVulnerability(String scanId, String name) {
        synchronized (organization) {
            return organization.scans.addVulnerability(scanId, name);
        }
    }

    /**
     * Moves a scan to a status.
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

    /** Sets the course of scans that start from now on. {@link #advanceScan} still moves them. */
    public void scansTake(JobCourse course) {
        synchronized (organization) {
            organization.scans.course(course);
        }
    }

    /**
     * Moves a report or an export to a status.
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
     * Runs an importer.
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
