package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.retry.Backoff;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * A test of a vendor's module over real sockets: a simulator and a client for each test, both closed afterwards, and no
 * buffer lost. A vendor extends it once and opens its own client in {@link #connect()}.
 *
 * <p>It needs JUnit and AssertJ.
 *
 * @param <S> the vendor's simulator
 * @param <R> the simulator's rules
 */
@ExtendWith(NoBufferLeaks.class)
public abstract class VendorTest<S extends Simulator, R> {

    /** The longest wait for a result, which no test reaches. */
    protected static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Brief pauses between attempts. */
    protected static final Backoff FAST = new Backoff(Duration.ofMillis(20), 2, Duration.ofMillis(100), 0.25);

    /** More than any vendor's policy allows. */
    private static final int MOST_ATTEMPTS = 6;

    /** The simulator that runs now. */
    protected S simulator;

    private final Function<R, S> starter;
    private final List<ApiClient> clients = new ArrayList<>();

    /** Creates the test and starts a simulator with these rules. For subclasses. */
    protected VendorTest(R rules, Function<R, S> starter) {
        this.starter = starter;
        this.simulator = starter.apply(rules);
    }

    @BeforeEach
    final void connectFirst() {
        connect();
    }

    /** Opens the client under test for {@link #simulator}: before each test and after each restart. */
    protected abstract void connect();

    /** Starts another simulator in place of the one that runs, and opens its client. */
    protected final void restart(R rules) {
        stop();
        simulator = starter.apply(rules);
        connect();
    }

    /** Returns a client of the simulator with brief pauses between attempts. It is closed after the test. */
    protected final ApiClient open(VendorSpec spec, ApiClientBuilder builder, String secret) {
        return closedAfterwards(builder.baseUri(simulator.baseUri())
                .secret(Secret.of(secret))
                .retry(spec.retry().withBackoff(FAST))
                .build());
    }

    /** Closes this client, too, after the test or at the next restart, and returns it. */
    protected final ApiClient closedAfterwards(ApiClient client) {
        clients.add(client);
        return client;
    }

    /** Closes the clients and the simulator. */
    @AfterEach
    protected final void stop() {
        clients.forEach(client -> client.closeLater().block(PATIENCE));
        clients.clear();
        simulator.close();
    }

    /** Makes the simulator answer the next request with this status and JSON. */
    protected final void answer(int status, String json) {
        simulator.faults().next(json(status, json));
    }

    /** Makes the simulator answer every attempt of a call with this fault. */
    protected final void always(String method, String path, Fault fault) {
        simulator
                .faults()
                .on(method, path, Collections.nCopies(MOST_ATTEMPTS, fault).toArray(new Fault[0]));
    }

    /** Returns an answer with this status and JSON, for the operation it is scripted for. */
    protected static Fault json(int status, String json) {
        return Fault.status(status, Map.of(), "application/json", json);
    }

    /** Returns the last request that the simulator has received. */
    protected final LoggedRequest lastRequest() {
        List<LoggedRequest> all = simulator.requests().all();
        return all.get(all.size() - 1);
    }

    /** Returns the failure of a call that must fail. */
    protected static ApiException failureOf(Publisher<?> call) {
        Throwable failure = catchThrowable(() -> Flux.from(call).then().block(PATIENCE));
        assertThat(failure).isInstanceOf(ApiException.class);
        return (ApiException) failure;
    }
}
