package io.penstock.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import io.penstock.transport.ConnectionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;
import reactor.netty.channel.AbortedException;

/** Failures that no server can provoke; the test support covers the rest of the table over sockets. */
class WireFailuresTest {

    private static final String SHADED_POOL = "reactor.netty.internal.shaded.reactor.pool.";

    /** If Reactor Netty renames them, {@link WireFailures} has to follow, or two kinds and a phase are lost. */
    @ParameterizedTest
    @ValueSource(strings = {WireFailures.POOL_TIMEOUT, WireFailures.POOL_FULL, WireFailures.POOL_SHUT_DOWN})
    void knowsNamesOfPoolExceptions(String name) throws ClassNotFoundException {
        assertThat(Class.forName(SHADED_POOL + name)).isAssignableTo(Throwable.class);
    }

    /** The channel closes between leaving the pool and the first write: microseconds that no server can aim at. */
    @Test
    void reportsConnectionDeadBeforeFirstByteAsNotSent() {
        Attempt attempt = Call.start(Plans.get(), Schedulers.parallel()).attempt(1);
        attempt.dispatched(true);
        ConnectionOptions options = ConnectionOptions.standard();

        ApiException failure =
                new WireFailures(options, new ClientTls(options)).name(attempt, AbortedException.beforeSend());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure.retryability()).isEqualTo(Retryability.TRANSIENT);
    }
}
