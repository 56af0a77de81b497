package io.penstock.transport.netty;

import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.transport.ClientCertificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a TLS handshake. In TLS 1.3 a client may write its request before the server has verified the client's
 * certificate (RFC 8446 §2). A server that refuses it sends an alert in place of a response and has processed nothing of
 * the request.
 *
 * <pre>
 *  client    hello .......... certificate, finished, request ...... alert read: TLS, NOT_SENT
 *  server          hello, certificate request             alert
 * </pre>
 */
final class TlsFailures {

    /** The alerts that refuse a client's certificate, or its absence (RFC 8446 §6.2). */
    private static final Set<String> OF_CERTIFICATES = Set.of(
            "certificate_required",
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied");

    private static final String HANDSHAKE_FAILURE = "handshake_failure";
    private static final String NO_PROTOCOL = "no_application_protocol"; // RFC 7301 §3.2
    private static final String HTTP_2_REMEDY =
            "let the server choose: ConnectionOptions.withHttp(HttpVersion.NEGOTIATED)";

    /** An alert in the words of the JDK, and in those of OpenSSL. */
    private static final Pattern ALERT =
            Pattern.compile("fatal alert: ([a-z_]{1,40})|(?:SSLV3|TLSV1|TLSV13)_ALERT_([A-Z_]{1,40})");

    private TlsFailures() {}

    /** Returns the alert that the server has sent, or null. */
    static @Nullable String alert(Throwable error) {
        int depth = 0;
        for (Throwable e = error; e != null && depth < 8; e = e.getCause(), depth++) {
            Matcher alert = ALERT.matcher(String.valueOf(e.getMessage()));
            if (e instanceof SSLException && alert.find()) {
                return alert.group(1) == null ? alert.group(2).toLowerCase(Locale.ROOT) : alert.group(1);
            }
        }
        return null;
    }

    /** Returns whether an alert ends a handshake even after the client has sent its last part. */
    static boolean isOfHandshake(String alert) {
        return OF_CERTIFICATES.contains(alert) || alert.equals(HANDSHAKE_FAILURE);
    }

    /** Returns the failure of a handshake that the server has ended by an alert. */
    static Failure refused(String alert, @Nullable ClientCertificate shown, Throwable error) {
        String message = "the server refused the TLS handshake with the alert " + alert;
        if (alert.equals(NO_PROTOCOL)) {
            return permanent(message + ": it does not speak HTTP/2", HTTP_2_REMEDY, error);
        }
        if (!isOfHandshake(alert)) {
            return permanent(
                    message,
                    "verify the protocols and cipher suites of both sides: ConnectionOptions.withProtocols, withCiphers",
                    error);
        }
        if (shown != null) {
            return permanent(
                    message + ": it does not accept the client certificate (" + shown + ")",
                    "verify that an authority that the server trusts has issued the client certificate, and that it is"
                            + " neither expired nor revoked",
                    error);
        }
        return alert.equals(HANDSHAKE_FAILURE)
                ? permanent(
                        message + ": it may want a client certificate, or other protocols or cipher suites",
                        "give a client certificate: ConnectionOptions.withClientCertificate; else verify the protocols and"
                                + " cipher suites of both sides",
                        error)
                : permanent(
                        message + ": it wants a client certificate",
                        "give one: ConnectionOptions.withClientCertificate",
                        error);
    }

    /** Returns the failure of a handshake after which the server would not speak HTTP/2. */
    static Failure withoutHttp2() {
        return WireFailures.permanent(WireFailures.notSent(
                        ErrorKind.TLS, "the server has not chosen HTTP/2 (expected: h2 by ALPN)", null))
                .withRemedy(HTTP_2_REMEDY);
    }

    /** Returns the failure of a handshake that the client has ended, most often because of the certificate. */
    static Failure handshake(Throwable error) {
        CertificateException problem = null;
        for (Throwable e = error.getCause(); e != null; e = e.getCause()) {
            if (e instanceof PinnedTrust.Mismatch mismatch) {
                return permanent(
                        "the certificates of " + mismatch.host() + " have none of the pinned keys, but "
                                + mismatch.keys(),
                        "verify who issued these certificates: another server may answer in the place of this one; if its"
                                + " keys were replaced, pin one of the new ones: ConnectionOptions.withPins",
                        error);
            }
            if (e instanceof CertificateExpiredException || e instanceof CertificateNotYetValidException) {
                return permanent(
                        "the server's certificate "
                                + (e instanceof CertificateExpiredException ? "has expired" : "is not valid yet"),
                        "let the server get another certificate, or verify the clock of this machine",
                        error);
            }
            if (e instanceof CertificateException other) {
                problem = other;
            }
        }
        if (problem == null) {
            return permanent(
                    "TLS handshake failed",
                    "verify the protocols and cipher suites of both sides: ConnectionOptions.withProtocols, withCiphers",
                    error);
        }
        String text = String.valueOf(problem.getMessage());
        return text.startsWith("No subject alternative") || text.startsWith("No name matching")
                ? permanent(
                        "the server's certificate is not made out to this host",
                        "call the server by a name of its certificate",
                        error)
                : permanent(
                        "the server's certificate is not trusted",
                        "trust the authority that issued it, if it is one of your own: ConnectionOptions.withTrusted",
                        error);
    }

    private static Failure permanent(String message, String remedy, Throwable error) {
        return WireFailures.permanent(WireFailures.notSent(ErrorKind.TLS, message, error))
                .withRemedy(remedy);
    }
}
