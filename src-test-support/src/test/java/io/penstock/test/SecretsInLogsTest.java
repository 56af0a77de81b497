package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.body.Payload;
import io.penstock.request.ApiRequest;
import io.penstock.test.simulator.Fault;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Logs at every level, which must not contain the secret. */
class SecretsInLogsTest extends ClientOverSockets {

    @Test
    void logsNoSecretAtAnyLevel() {
        try (LogCapture log = LogCapture.ofEverything().at(Level.DEBUG).start()) {
            simulator.faults().next(Fault.resetBeforeRequestActs(), Fault.status(503), Fault.garbage());
            client().value(ApiRequest.get("usage")).block(PATIENCE);
            failureOf(client().value(ApiRequest.get("scans/none").as(Payload.none())));

            assertThat(log.text()).as("the log is on").contains("reactor.netty", "io.penstock.wire");
            assertThat(log.text().contains(simulator.secret()))
                    .as("the secret is in the log")
                    .isFalse();
        }
    }
}
