package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IxonLoginTest {

    private static final String TOKENS = "/access-tokens";

    private final IxonSimulator ixon = IxonSimulator.start();

    @AfterEach
    void stop() {
        ixon.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'',             '{\"expiresIn\":0}',                '',       expiresIn",
        "'',             '[]',                               '',       ''",
        "?fields=a(,     '{}',                               '',       fields",
        "'',             '{\"trustedDeviceName\":\"Mine\"}', 'no uuid', Api-Device-Identifier",
    })
    void invalidLoginSpendsNoOneTimePassword(String query, String body, String device, String property)
            throws Exception {
        ixon.requireTwoFactor();
        Caller basic = new Caller(ixon).basic("user@example.com:" + ixon.oneTimePassword() + ":correct:horse");
        Caller identified = device.isEmpty() ? basic : basic.with("Api-Device-Identifier", device);
        assertThat(identified.post(TOKENS + query, body).property()).isEqualTo(property);
        assertThat(ixon.effects().count()).isZero();
        assertThat(basic.post(TOKENS, "{}").status()).isEqualTo(201);
        assertThat(basic.post(TOKENS, "{}").status()).isEqualTo(401);
    }
}
