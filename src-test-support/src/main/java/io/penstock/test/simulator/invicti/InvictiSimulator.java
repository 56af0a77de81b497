package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.parts.VendorSimulator;
import java.net.URI;

/**
 * A running Invicti Platform with one organization, which is empty at first. The header {@code X-Auth} carries the key
 * of a request. The ledger names each operation by its path under {@code /api/v1}, whatever the prefix of the request.
 * The limit of the sample applies: a test that sends more than 100 requests a minute needs other
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
public final class InvictiSimulator extends VendorSimulator {

    static final String VENDOR = "invicti";

    private final InvictiRules rules;
    private final Organization organization;
    private final String secret;

    private InvictiSimulator(InvictiRules rules, Organization organization, int port) {
        super(VENDOR, organization, port, new InvictiApi(rules, organization), null);
        this.rules = rules;
        this.organization = organization;
        secret = issueKey();
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
        return new InvictiSimulator(rules, new Organization(rules, new EffectLedger()), port);
    }

    /**
     * Returns the address of the regional platform, as a client needs it: {@code http://127.0.0.1:<port>} and the base
     * path of the rules. The paths of the operations, with their different prefixes, follow it.
     */
    @Override
    public URI baseUri() {
        return URI.create(origin() + rules.basePath());
    }

    @Override
    public String secret() {
        return secret;
    }

    /** Issues a key of another user, who has all permissions. */
    public String issueKey() {
        return locked(() -> organization.keys.issue(true).secret());
    }

    /** Issues a key of another user, who gets 403 for every method but GET. */
    public String issueReadOnlyKey() {
        return locked(() -> organization.keys.issue(false).secret());
    }

    /**
     * Issues a new key for the same user. The old key gets 401 from now on.
     *
     * @throws IllegalArgumentException for a key that is not valid
     */
    public String regenerate(String key) {
        return locked(() -> organization.keys.regenerate(key).secret());
    }

    /** Revokes a key, which then gets 401. An unknown key is ignored. */
    public void revoke(String key) {
        locked(() -> organization.keys.revoke(key));
    }

    /** Sets whether the organization's IP allow-list excludes the client, which then gets 403 with any key, at once. */
    public void shutOut(boolean shutOut) {
        locked(() -> organization.shutOut = shutOut);
    }

    /** Creates a target, as the user does in the browser, which is no effect of the API, and returns its id. */
    public String addTarget(String name, String url) {
        return locked(() -> organization.targets.add(name, url));
    }

    /** Adds an API to the hub's inventory, which no request can do, and returns its id. */
    public String addApiTarget(String name) {
        return locked(() -> organization.inventory.addApiTarget(name));
    }

    /**
     * Adds a vulnerability to a scan and returns its id.
     *
     * @throws IllegalArgumentException for an unknown scan
     */
    public String addVulnerability(String scanId, String name) {
        return locked(() -> organization.scans.addVulnerability(scanId, name));
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
        locked(() -> organization.scans.advance(scanId, status));
    }

    /** Sets the course of scans that start from now on. {@link #advanceScan} still moves them. */
    public void scansTake(JobCourse course) {
        locked(() -> organization.scans.course(course));
    }

    /**
     * Moves a report or an export to a status.
     *
     * @param status as for {@link #advanceScan(String, String)}
     * @throws IllegalArgumentException for an unknown report or status
     * @throws IllegalStateException if it has ended
     */
    public void advanceReport(String id, String status) {
        locked(() -> {
            if (!organization.reports.advance(id, status) && !organization.exports.advance(id, status)) {
                throw new IllegalArgumentException("id: " + id + " (expected: the id of a report or an export)");
            }
        });
    }

    /**
     * Runs an importer.
     *
     * @param syncStatus {@code None}, {@code Completed} or {@code Failed}
     * @throws IllegalArgumentException for an unknown importer or status
     */
    public void syncImporter(String importerId, String syncStatus) {
        locked(() -> organization.importers.synced(importerId, syncStatus));
    }
}
