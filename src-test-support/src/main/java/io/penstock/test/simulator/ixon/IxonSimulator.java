package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.time.Duration;

/**
 * A running IXON API with one company, and the foreign host that its blobs are at. All 674 operations of the contract
 * answer. The documented limits are on: a test that sends more than 250 requests in five seconds is blocked for ten
 * minutes, unless it gives other {@link IxonRules}. WebSockets are listed but not served, webhooks are managed but not
 * delivered. All methods may be called from any thread.
 *
 * <pre>{@code
 * try (IxonSimulator ixon = IxonSimulator.start()) {
 *     ixon.faults().on("POST", "/api/groups", Fault.resetAfterEffect());
 *     // … POST to ixon.baseUri() + "/groups" with Api-Version, Api-Application, Api-Company and the bearer token …
 *     assertThat(ixon.effects().count("POST /groups")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class IxonSimulator implements Simulator {

    static final String VENDOR = "ixon";

    private final EffectLedger effects = new EffectLedger();
    private final Contract contract = Contract.load();
    private final Cloud cloud;
    private final Login login;
    private final ForeignHost foreign;
    private final SimulatorServer server;
    private final String secret;

    private IxonSimulator(IxonRules rules, int port) {
        cloud = new Cloud(rules, effects);
        login = new Login(cloud);
        secret = cloud.serviceAccount(cloud.company(), "Example account", cloud.application())
                .secret();
        foreign = new ForeignHost(effects);
        try {
            server = SimulatorServer.start(port, new IxonApi(cloud, contract, login, foreign));
        } catch (RuntimeException e) {
            foreign.server().close();
            throw e;
        }
    }

    /** With the documented rules, on any free port. */
    public static IxonSimulator start() {
        return start(IxonRules.documented());
    }

    /** On any free port. */
    public static IxonSimulator start(IxonRules rules) {
        return start(rules, 0);
    }

    /**
     * Binds and listens before it returns. Reads a resource, so not to be called on an event loop.
     *
     * @param port the port on loopback, 0 for any free one
     */
    public static IxonSimulator start(IxonRules rules, int port) {
        return new IxonSimulator(rules, port);
    }

    @Override
    public String vendor() {
        return VENDOR;
    }

    /** The origin and {@link IxonRules#basePath()}, without a slash at the end. */
    @Override
    public URI baseUri() {
        return URI.create(origin() + cloud.rules().basePath());
    }

    /** {@code http://127.0.0.1:<port>}. */
    public URI origin() {
        return server.origin();
    }

    /** The bearer token of a service account, which never expires and works only with {@link #applicationId()}. */
    @Override
    public String secret() {
        return secret;
    }

    /** The value of {@code Api-Application}. */
    public String applicationId() {
        return cloud.application();
    }

    /** The value of {@code Api-Company}. */
    public String companyId() {
        return cloud.company();
    }

    /** The agent that is there from the start, with a device and {@link #dataSourceId()}. */
    public String agentId() {
        return cloud.agent();
    }

    /** A data source of {@link #agentId()}. */
    public String dataSourceId() {
        return cloud.source();
    }

    /** Of the person who can log in. */
    public String email() {
        return Login.EMAIL;
    }

    /** Of the person who can log in; there is a colon in it. */
    public String password() {
        return Login.PASSWORD;
    }

    /** From now on a login needs a one-time password, or gets {@code 2FA is required}. */
    public void requireTwoFactor() {
        synchronized (cloud) {
            login.requireTwoFactor();
        }
    }

    /** The one-time password for the next login; an earlier one is void. */
    public String oneTimePassword() {
        synchronized (cloud) {
            return login.oneTimePassword();
        }
    }

    /** A person's bearer token, as a login would give it. */
    public String issueToken(Duration life) {
        synchronized (cloud) {
            return cloud.tokens().issue(life).secret();
        }
    }

    /** From now on the bearer token gets {@code Invalid value}; an unknown one is ignored. */
    public void revoke(String token) {
        synchronized (cloud) {
            cloud.tokens().revoke(token);
        }
    }

    /**
     * Adds a row to a collection, as something outside the API does: an agent, an alarm occurrence, a webhook's trigger.
     * It is no effect.
     *
     * @param path without the base path, such as {@code /agents}; of {@link #companyId()} if the operation has a company
     * @param json an object; its {@code publicId} is kept if there is one
     * @return the {@code publicId} of the row
     * @throws IllegalArgumentException if there is no such collection, or the JSON is no object
     */
    public String put(String path, String json) {
        Operation collection = contract.collectionAt(path);
        if (collection == null) {
            throw new IllegalArgumentException("path: " + path + " (expected: a collection of the contract)");
        }
        synchronized (cloud) {
            return cloud.add((collection.needsCompany() ? companyId() : "") + path, json);
        }
    }

    /** Actions on agents that are accepted from now on are finished after so long, by the clock of the rules. */
    public void actionsTake(Duration time) {
        synchronized (cloud) {
            cloud.actions().take(time);
        }
    }

    /**
     * The actions on the agent that were accepted are finished: the audit log says so from now on.
     *
     * @return how many that were
     */
    public int finishActions(String agentId) {
        synchronized (cloud) {
            return cloud.actions().finish(agentId);
        }
    }

    /** From now on web access to this agent, device or server gets that it is not online. */
    public void takeOffline(String publicId) {
        synchronized (cloud) {
            cloud.offline().add(publicId);
        }
    }

    @Override
    public FaultPlan faults() {
        return server.faults();
    }

    @Override
    public RequestLog requests() {
        return server.requests();
    }

    /** Every effect the server has had; what is put to the foreign host is {@code PUT blob}. */
    @Override
    public EffectLedger effects() {
        return effects;
    }

    /** {@code http://127.0.0.1:<other port>}: where the blobs are, and where a redirect or a discovery may lead. */
    public URI foreignOrigin() {
        return foreign.server().origin();
    }

    /** Every request the foreign host has seen. */
    public RequestLog foreignRequests() {
        return foreign.server().requests();
    }

    /** What is scripted to go wrong at the foreign host. */
    public FaultPlan foreignFaults() {
        return foreign.server().faults();
    }

    @Override
    public void close() {
        server.close();
        foreign.server().close();
    }
}
