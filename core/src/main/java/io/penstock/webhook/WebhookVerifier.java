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
 * Tells whether a delivery comes from who knows the secret, is what was signed, and was signed just now. Immutable,
 * thread-safe, and quick enough for an event loop: it neither blocks nor waits.
 *
 * <p>Give it the body as it arrived, byte for byte: what has been parsed and written again is no longer what was signed.
 * Every signature of the header is compared with that of every secret, each comparison in constant time and none left out,
 * so that the time it takes tells nothing. Several secrets are for the days in which one replaces another.
 */
public final class WebhookVerifier {

    /** How far the time of signing may be from this clock, unless told otherwise: 5 minutes, either way. */
    public static final Duration USUAL_TOLERANCE = Duration.ofMinutes(5);

    private final SignatureScheme scheme;
    private final List<Secret> secrets;
    private final List<Mac> macs;
    private final Duration tolerance;
    private final Clock clock;

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

    /** A verifier with one secret, the usual tolerance and the system's clock. */
    public static WebhookVerifier of(SignatureScheme scheme, Secret secret) {
        return new WebhookVerifier(scheme, List.of(secret), USUAL_TOLERANCE, Clock.systemUTC());
    }

    /** As this one, accepting what was signed with another secret, too. */
    public WebhookVerifier alsoWith(Secret secret) {
        List<Secret> more = new ArrayList<>(secrets);
        more.add(secret);
        return new WebhookVerifier(scheme, more, tolerance, clock);
    }

    /** As this one, with another tolerance. */
    public WebhookVerifier withTolerance(Duration newTolerance) {
        return new WebhookVerifier(scheme, secrets, newTolerance, clock);
    }

    /** As this one, with another clock. */
    public WebhookVerifier withClock(Clock newClock) {
        return new WebhookVerifier(scheme, secrets, tolerance, newClock);
    }

    /** How it is signed. */
    public SignatureScheme scheme() {
        return scheme;
    }

    /** How far the time of signing may be from the clock, either way. */
    public Duration tolerance() {
        return tolerance;
    }

    /**
     * Null if the delivery is to be believed, or why not.
     *
     * @param header the value of the scheme's header, or null if it did not come
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
        // Only now: who cannot sign is not told how this clock stands.
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

    /** A copy of its own for each delivery: a MAC has state, and looking one up may read files. */
    private static byte[] sign(Mac prototype, List<byte[]> content) {
        Mac mac;
        try {
            mac = (Mac) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e); // tried when the verifier was made
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

    /** Header and tolerance: no secret. */
    @Override
    public String toString() {
        return "WebhookVerifier[" + scheme.header() + ", " + secrets.size() + " secrets, " + tolerance + "]";
    }
}
