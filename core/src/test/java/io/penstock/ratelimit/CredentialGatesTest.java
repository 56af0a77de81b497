package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.http.Secret;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class CredentialGatesTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicInteger made = new AtomicInteger();
    private final CredentialGates gates = new CredentialGates(() -> {
        made.incrementAndGet();
        return new Admission(QuotaModel.unknown(), GatePolicy.standard(), time, URI.create("https://api.example.com/"));
    });

    private Admission of(int secret) {
        return gates.of(Secret.of("secret-" + secret));
    }

    @Test
    void keepsOneGatePerSecret() {
        assertThat(of(1)).isSameAs(of(1)).isNotSameAs(of(2));
        assertThat(made).hasValue(2);
    }

    @Test
    void dropsGateThatWasIdleForLongest() {
        Admission first = of(0);
        Admission second = of(1);
        for (int i = 2; i < CredentialGates.MOST; i++) {
            of(i);
        }
        of(0);
        of(CredentialGates.MOST);

        assertThat(of(0)).isSameAs(first);
        assertThat(of(1)).isNotSameAs(second);
        assertThat(made).hasValue(CredentialGates.MOST + 2);
    }
}
