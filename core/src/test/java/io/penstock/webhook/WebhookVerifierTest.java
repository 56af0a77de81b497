package io.penstock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookVerifierTest {

    private static final long NOW = 1_714_410_069;
    private static final byte[] BODY = "{\"id\":\"evt_1\",\"text\":\"caf\u00e9\"}".getBytes(StandardCharsets.UTF_8);
    private static final Secret SECRET = Secret.of("whsec_blue");
    private static final Secret OLD = Secret.of("whsec_green");

    private final WebhookVerifier verifier = WebhookVerifier.of(SignatureScheme.timestamped("acme-signature"), SECRET)
            .withClock(Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));

    private static String v1(Secret secret, String content, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(content.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(Secret secret, long at) {
        return "t=" + at + ",v1=" + v1(secret, at + ".", BODY);
    }

    /** Computed apart from this library: {@code printf '1714410069.{}' | openssl dgst -sha256 -hmac whsec_blue}. */
    @Test
    void acceptsSignatureOfOtherPrograms() {
        assertThat(verifier.reject(
                        "t=1714410069,v1=4729a694875cb9ae610f11332978de3a6228d5b49c2a444e56577b8e26dfe5bc",
                        "{}".getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }

    @Test
    void acceptsFreshSignature() {
        assertThat(verifier.reject(signed(SECRET, NOW), BODY)).isNull();
        assertThat(verifier.reject(
                        " t=" + NOW + " , v0=zz , v1="
                                + v1(SECRET, NOW + ".", BODY).toUpperCase(Locale.ROOT),
                        BODY))
                .isNull();
    }

    @Test
    void detectsEveryChangedByteOfBody() {
        for (int i = 0; i < BODY.length; i++) {
            byte[] changed = BODY.clone();
            changed[i] ^= 1;
            assertThat(verifier.reject(signed(SECRET, NOW), changed))
                    .isEqualTo(WebhookVerifier.Rejection.SIGNATURE_WRONG);
        }
    }

    @Test
    void detectsChangedTimestamp() {
        String header = "t=" + (NOW + 1) + ",v1=" + v1(SECRET, NOW + ".", BODY);
        assertThat(verifier.reject(header, BODY)).isEqualTo(WebhookVerifier.Rejection.SIGNATURE_WRONG);
    }

    @Test
    void toleratesClockDifferenceBothWaysUpToLimit() {
        assertThat(verifier.reject(signed(SECRET, NOW - 300), BODY)).isNull();
        assertThat(verifier.reject(signed(SECRET, NOW - 301), BODY)).isEqualTo(WebhookVerifier.Rejection.TOO_OLD);
        assertThat(verifier.reject(signed(SECRET, NOW + 300), BODY)).isNull();
        assertThat(verifier.reject(signed(SECRET, NOW + 301), BODY)).isEqualTo(WebhookVerifier.Rejection.TOO_NEW);
        WebhookVerifier patient = verifier.withTolerance(Duration.ofHours(1));
        assertThat(patient.reject(signed(SECRET, NOW - 3600), BODY)).isNull();
        assertThat(patient.reject(signed(SECRET, 999_999_999_999L), BODY)).isEqualTo(WebhookVerifier.Rejection.TOO_NEW);
    }

    @Test
    void refusesWrongSignatureWithoutRevealingClock() {
        assertThat(verifier.reject("t=1,v1=" + "00".repeat(32), BODY))
                .isEqualTo(WebhookVerifier.Rejection.SIGNATURE_WRONG);
    }

    @Test
    void acceptsOneValidSignatureOfSeveral() {
        WebhookVerifier both = verifier.alsoWith(OLD);
        String header = "t=" + NOW + ",v1=" + "ab".repeat(32) + ",v1=no-hex,v1=" + v1(OLD, NOW + ".", BODY);

        assertThat(both.reject(header, BODY)).isNull();
        assertThat(verifier.reject(header, BODY)).isEqualTo(WebhookVerifier.Rejection.SIGNATURE_WRONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t=1714410069",
                "v1=00",
                "t=,v1=00",
                "t=-5,v1=00",
                "t=1e3,v1=00",
                "t=1714410069000000,v1=00",
                "t=1,t=1,v1=00",
                "t=1,,v1=00",
                "t=1;v1=00",
                "=1,v1=00",
                "t",
                ",",
                "t=\u0661,v1=00"
            })
    void refusesMalformedHeader(String header) {
        assertThat(verifier.reject(header, BODY)).isEqualTo(WebhookVerifier.Rejection.SIGNATURE_MALFORMED);
    }

    @Test
    void refusesTooManySignaturesAndOverlongHeader() {
        assertThat(verifier.reject("t=1" + ",v1=00".repeat(17), BODY))
                .isEqualTo(WebhookVerifier.Rejection.SIGNATURE_MALFORMED);
        assertThat(verifier.reject("t=1,v1=" + "0".repeat(5000), BODY))
                .isEqualTo(WebhookVerifier.Rejection.SIGNATURE_MALFORMED);
    }

    @Test
    void reportsMissingOrEmptyHeaderAsMissing() {
        assertThat(verifier.reject(null, BODY)).isEqualTo(WebhookVerifier.Rejection.SIGNATURE_MISSING);
        assertThat(verifier.reject("  ", BODY)).isEqualTo(WebhookVerifier.Rejection.SIGNATURE_MISSING);
    }

    @Test
    void verifiesConfiguredAlgorithmAndContent() throws GeneralSecurityException {
        SignatureScheme other = SignatureScheme.timestamped("acme-signature")
                .withAlgorithm("HmacSHA512")
                .withContent((timestamp, body) -> List.of(body, timestamp.getBytes(StandardCharsets.US_ASCII)));
        Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec("whsec_blue".getBytes(StandardCharsets.UTF_8), "HmacSHA512"));
        mac.update(BODY);
        String signature =
                HexFormat.of().formatHex(mac.doFinal(Long.toString(NOW).getBytes(StandardCharsets.US_ASCII)));
        WebhookVerifier adjusted =
                WebhookVerifier.of(other, SECRET).withClock(Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));

        assertThat(adjusted.reject("t=" + NOW + ",v1=" + signature, BODY)).isNull();
        assertThat(adjusted.reject(signed(SECRET, NOW), BODY)).isEqualTo(WebhookVerifier.Rejection.SIGNATURE_WRONG);
    }

    @Test
    void refusesInvalidConfiguration() {
        SignatureScheme scheme = SignatureScheme.timestamped("acme-signature");
        assertThatThrownBy(() -> WebhookVerifier.of(scheme.withAlgorithm("HmacNope"), SECRET))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("HmacNope");
        assertThatThrownBy(() -> verifier.withTolerance(Duration.ZERO))
                .hasMessageContaining("expected: more than zero");
        assertThatThrownBy(() -> SignatureScheme.timestamped(" ")).hasMessageContaining("blank");
        assertThatThrownBy(() -> DuplicateGuard.inMemory(0, Duration.ofHours(1)))
                .hasMessageContaining("expected: >= 1");
        assertThatThrownBy(() -> DuplicateGuard.inMemory(1, Duration.ZERO)).hasMessageContaining("more than zero");
    }

    @Test
    void describesItselfWithoutSecret() {
        assertThat(verifier.alsoWith(OLD).toString())
                .isEqualTo("WebhookVerifier[acme-signature, 2 secrets, PT5M]")
                .doesNotContain("whsec");
    }
}
