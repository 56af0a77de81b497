package io.penstock.webhook;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A verifier of deliveries. It checks that a delivery was signed with a known secret, that it is unchanged, and that it
 * was signed recently. It is immutable, thread-safe, and fast enough for an event loop: it neither blocks nor waits.
 *
 * <p>Pass the body as it arrived, byte for byte: a body that was parsed and written again is no longer what was signed.
 * Each signature in the header is compared with that of each secret. Every comparison takes constant time and none is
 * skipped, so that the duration reveals nothing. Several secrets serve the rotation from one secret to the next.
 */
public final class WebhookVerifier {

    /** The default tolerance between the time of signing and this clock: 5 minutes, in either direction. */
    public static final Duration USUAL_TOLERANCE = Duration.ofMinutes(5);

    private final SignatureScheme scheme;
    private final List<Secret> secrets;
    private final List<Mac> macs;
    private final Duration tolerance;
    private final Clock clock;

    /** The reason why a delivery is rejected. It gives no hint of what a valid delivery would look like. */
    public enum Rejection {
        /** There is no signature header, or an empty one. */
        SIGNATURE_MISSING(401),
        /**
         * The header does not consist of elements, has no time or two of them, no signature or too many, or is too long.
         */
        SIGNATURE_MALFORMED(400),
        /** No signature matches these bytes with any of the secrets. */
        SIGNATURE_WRONG(401),
        /** The time of signing is further back than the tolerance allows: possibly a replay. */
        TOO_OLD(401),
        /** The time of signing is further ahead of this clock than the tolerance allows. */
        TOO_NEW(401),
        /** The signature is valid, but the body is not an event. */
        EVENT_MALFORMED(400);

        private final int status;

        Rejection(int status) {
            this.status = status;
        }

        /** Returns the status to respond with. */
        public int status() {
            return status;
        }
    }

    private WebhookVerifier(SignatureScheme scheme, List<Secret> secrets, Duration tolerance, Clock clock) {
        if (secrets.isEmpty()) {
            throw ApiException.invalidConfiguration("secrets of a webhook: none (expected: at least one)");
        }
        if (tolerance.isNegative() || tolerance.isZero()) {
            throw ApiException.invalidConfiguration(
                    "tolerance of a webhook: " + tolerance + " (expected: more than zero)");
        }
        this.scheme = scheme;
        this.secrets = List.copyOf(secrets);
        this.tolerance = tolerance;
        this.clock = clock;
        this.macs = secrets.stream().map(secret -> mac(scheme, secret)).toList();
    }

    /** Returns a verifier with one secret, the default tolerance and the system clock. */
    public static WebhookVerifier of(SignatureScheme scheme, Secret secret) {
        return new WebhookVerifier(scheme, List.of(secret), USUAL_TOLERANCE, Clock.systemUTC());
    }

    /** Returns a copy that also accepts signatures made with another secret. */
    public WebhookVerifier alsoWith(Secret secret) {
        List<Secret> more = new ArrayList<>(secrets);
        more.add(secret);
        return new WebhookVerifier(scheme, more, tolerance, clock);
    }

    /** Returns a copy with this tolerance. */
    public WebhookVerifier withTolerance(Duration newTolerance) {
        return new WebhookVerifier(scheme, secrets, newTolerance, clock);
    }

    /** Returns a copy with this clock. */
    public WebhookVerifier withClock(Clock newClock) {
        return new WebhookVerifier(scheme, secrets, tolerance, newClock);
    }

    /** Returns the signature scheme. */
    public SignatureScheme scheme() {
        return scheme;
    }

    /** Returns how far the time of signing may be from the clock, in either direction. */
    public Duration tolerance() {
        return tolerance;
    }

    /**
     * Returns the reason for rejecting a delivery, or null if it is valid.
     *
     * @param header the value of the scheme's header, or null if it is missing
     * @param body the body, byte for byte
     */
    public @Nullable Rejection reject(@Nullable String header, byte[] body) {
        if (header == null || header.isBlank()) {
            return Rejection.SIGNATURE_MISSING;
        }
        SignatureHeader signed = SignatureHeader.parse(scheme, header);
        if (signed == null) {
            return Rejection.SIGNATURE_MALFORMED;
        }
        if (!isSigned(signed, body)) {
            return Rejection.SIGNATURE_WRONG;
        }
        // Checked last, so that only a valid signature reveals anything about this clock.
        long ahead = signed.seconds() - Math.floorDiv(clock.millis(), 1000L);
        return ahead > tolerance.toSeconds()
                ? Rejection.TOO_NEW
                : -ahead > tolerance.toSeconds() ? Rejection.TOO_OLD : null;
    }

    private boolean isSigned(SignatureHeader signed, byte[] body) {
        List<byte[]> content = scheme.content().of(signed.timestamp(), body);
        boolean matches = false;
        for (Mac mac : macs) {
            byte[] expected = sign(mac, content);
            for (byte[] signature : signed.signatures()) {
                matches |= MessageDigest.isEqual(expected, signature);
            }
        }
        return matches;
    }

    /** Signs with a clone of the MAC: a MAC has state, and looking one up may read files. */
    private static byte[] sign(Mac prototype, List<byte[]> content) {
        Mac mac;
        try {
            mac = (Mac) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e); // was tried when the verifier was created
        }
        content.forEach(mac::update);
        return mac.doFinal();
    }

    private static Mac mac(SignatureScheme scheme, Secret secret) {
        try {
            Mac mac = Mac.getInstance(scheme.algorithm());
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), scheme.algorithm()));
            return (Mac) mac.clone();
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw ApiException.invalidConfiguration("algorithm of a webhook's signature: " + scheme.algorithm()
                    + " (expected: a MAC that this JDK has, such as HmacSHA256)");
        }
    }

    /** Returns the header, the number of secrets and the tolerance, without the secrets. */
    @Override
    public String toString() {
        return "WebhookVerifier[" + scheme.header() + ", " + secrets.size() + " secrets, " + tolerance + "]";
    }
}
