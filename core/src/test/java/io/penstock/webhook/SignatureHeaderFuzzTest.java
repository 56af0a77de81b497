package io.penstock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.penstock.http.Secret;
import java.nio.charset.StandardCharsets;

/** Fuzz target for headers that anyone may send to an endpoint: each is parsed or refused, and none is accepted. */
class SignatureHeaderFuzzTest {

    private static final SignatureScheme SCHEME = SignatureScheme.timestamped("acme-signature");
    private static final WebhookVerifier VERIFIER = WebhookVerifier.of(SCHEME, Secret.of("whsec_nobody_knows_it"));

    @FuzzTest
    void parsesOrRefusesHeader(byte[] input) {
        String header = new String(input, StandardCharsets.ISO_8859_1);
        SignatureHeader parsed = SignatureHeader.parse(SCHEME, header);
        if (parsed != null) {
            assertThat(parsed.seconds()).isBetween(0L, 999_999_999_999L);
            assertThat(parsed.timestamp()).matches("[0-9]+");
            assertThat(parsed.signatures()).hasSizeLessThanOrEqualTo(16);
        }
        assertThat(VERIFIER.reject(header, input)).isNotNull();
    }
}
