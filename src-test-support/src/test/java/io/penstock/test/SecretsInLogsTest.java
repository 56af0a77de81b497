package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiRequest;
import io.penstock.envelope.Payload;
import io.penstock.test.simulator.Fault;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What may not be logged. */
class SecretsInLogsTest extends ClientOverSockets {

    @Test
    void noLogHoldsTheSecretWhateverItsLevel() {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            simulator.faults().next(Fault.resetBeforeRequestActs(), Fault.status(503), Fault.garbage());
            client().value(ApiRequest.get("usage")).block(PATIENCE);
            failureOf(client().value(ApiRequest.get("scans/none").as(Payload.none())));
        } finally {
            System.setErr(console);
        }

        String text = log.toString(StandardCharsets.UTF_8);
        assertThat(text).as("the log is on").contains("reactor.netty");
        assertThat(text.contains(simulator.secret()))
                .as("the secret is in the log")
                .isFalse();
    }
}
