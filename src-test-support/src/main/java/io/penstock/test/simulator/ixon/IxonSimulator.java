package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.parts.VendorSimulator;
import java.net.URI;
import java.time.Duration;

/**
 * A running IXON API with one company, and the foreign host of its blobs. All 674 operations of the contract answer.
 * The documented limits apply: a test that sends more than 250 requests in five seconds is blocked for ten minutes,
 * unless it uses other {@link IxonRules}. The ledger names an upload to the foreign host {@code PUT blob}. WebSockets are listed but not served, webhooks are managed but not delivered.
 * All methods may be called from any thread.
 *
 * <pre>{@code
 * try (IxonSimulator ixon = IxonSimulator.start()) {
 *     ixon.faults().on("POST", "/api/groups", Fault.resetAfterEffect());
 *     // … POST to ixon.baseUri() + "/groups" with Api-Version, Api-Application, Api-Company and the bearer token …
 *     assertThat(ixon.effects().count("POST /groups")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class IxonSimulator extends VendorSimulator {

    static final String VENDOR = "ixon";

    private final Contract contract;
    private final Cloud cloud;
    private final Login login;
    private final ForeignHost foreign;
    private final String secret;

    private IxonSimulator(Contract contract, Cloud cloud, Login login, ForeignHost foreign, int port) {
        super(VENDOR, cloud, port, new IxonApi(cloud, contract, login, foreign), foreign.server());
        this.contract = contract;
        this.cloud = cloud;
        this.login = login;
        this.foreign = foreign;
        secret = locked(() -> cloud.serviceAccount(cloud.company, "Example account", cloud.application)
                .secret());
    }

    /** Starts a simulator with the documented rules on any free port. */
    public static IxonSimulator start() {
        return start(IxonRules.documented());
    }

    /** Starts a simulator on any free port. */
    public static IxonSimulator start(IxonRules rules) {
        return start(rules, 0);
    }

    /**
     * Starts a simulator. It listens when this method returns. It reads a resource and must not be called on an event
     * loop.
     *
     * @param port the port on loopback, 0 for any free one
     */
    public static IxonSimulator start(IxonRules rules, int port) {
        Cloud cloud = new Cloud(rules, new EffectLedger());
        return new IxonSimulator(Contract.load(), cloud, new Login(cloud), new ForeignHost(cloud.effects), port);
    }

    /** Returns the origin and {@link IxonRules#basePath()}, without a slash at the end. */
    @Override
    public URI baseUri() {
        return URI.create(origin() + cloud.rules.basePath());
    }

    /**
     * Returns the bearer token of a service account, which never expires and works only with {@link #applicationId()}.
     */
    @Override
    public String secret() {
        return secret;
    }

    /** Returns the value of {@code Api-Application}. */
    public String applicationId() {
        return cloud.application;
    }

    /** Returns the value of {@code Api-Company}. */
    public String companyId() {
        return cloud.company;
    }

    /** Returns the initial agent, which has a device and {@link #dataSourceId()}. */
    public String agentId() {
        return cloud.agent;
    }

    /** Returns a data source of {@link #agentId()}. */
    public String dataSourceId() {
        return cloud.source;
    }

    /** Returns the e-mail address of the person who can log in. */
    public String email() {
        return Login.EMAIL;
    }

    /** Returns the password of the person who can log in. It contains a colon. */
    public String password() {
        return Login.PASSWORD;
    }

    /** Requires a one-time password for every login from now on. A login without one gets {@code 2FA is required}. */
    public void requireTwoFactor() {
        locked(() -> login.requireTwoFactor());
    }

    /** Issues the one-time password for the next login and invalidates an earlier one. */
    public String oneTimePassword() {
        return locked(() -> login.oneTimePassword());
    }

    /** Issues a person's bearer token, as a login does. */
    public String issueToken(Duration life) {
        return locked(() -> cloud.tokens.issue(life).secret());
    }

    /** Revokes a bearer token, which then gets {@code Invalid value}. An unknown one is ignored. */
    public void revoke(String token) {
        locked(() -> cloud.tokens.revoke(token));
    }

    /**
     * Adds a row to a collection, as if by something outside the API: an agent, an alarm occurrence, a webhook's
     * trigger. It is no effect.
     *
     * @param path without the base path, such as {@code /agents}; of {@link #companyId()} if the operation has a
     *     company
     * @param json an object; its {@code publicId} is kept if there is one
     * @return the {@code publicId} of the row
     * @throws IllegalArgumentException if there is no such collection, or the JSON is no object
     */
    public String put(String path, String json) {
        Operation collection = contract.collectionAt(path);
        if (collection == null) {
            throw new IllegalArgumentException("path: " + path + " (expected: a collection of the contract)");
        }
        return locked(() -> cloud.add((collection.needsCompany() ? companyId() : "") + path, json));
    }

    /**
     * Stores an object of an agent, as an upload does. It is no effect.
     *
     * @param agentId an agent of {@link #companyId()}
     * @return the name
     */
    public String putObject(String agentId, String name, byte[] content) {
        foreign.store(ObjectStorage.path("/" + companyId() + "/agents/" + agentId, name), content.clone());
        return name;
    }

    /** Sets the duration of actions on agents that are accepted from now on, by the clock of the rules. */
    public void actionsTake(Duration time) {
        locked(() -> cloud.actions.take(time));
    }

    /**
     * Finishes the accepted actions on an agent. The audit log then shows their outcomes.
     *
     * @return the number of those actions
     */
    public int finishActions(String agentId) {
        return locked(() -> cloud.actions.finish(agentId));
    }

    /** Takes an agent, device or server offline. Web access to it is then refused because it is not online. */
    public void takeOffline(String publicId) {
        locked(() -> cloud.offline.add(publicId));
    }

    /**
     * Returns {@code http://127.0.0.1:<other port>}, the origin of the blobs, and a possible target of a redirect or of
     * discovery.
     */
    public URI foreignOrigin() {
        return foreign.server().origin();
    }

    /** Returns the log of the requests to the foreign host. */
    public RequestLog foreignRequests() {
        return foreign.server().requests();
    }

    /** Returns the faults scripted for the foreign host. */
    public FaultPlan foreignFaults() {
        return foreign.server().faults();
    }
}
