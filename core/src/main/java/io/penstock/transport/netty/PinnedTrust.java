package io.penstock.transport.netty;

import io.penstock.transport.ConnectionOptions.Pin;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A trust manager that accepts what another one accepts, if the chain has a pinned key (RFC 7469 §2.6).
 *
 * <p>A server may send any certificates besides its own, such as that of an authority whose key is pinned and that has
 * nothing to do with it. So only those count that have signed the server's certificate, or one that counts.
 */
final class PinnedTrust extends X509ExtendedTrustManager {

    private static final int LONGEST_CHAIN = 10;

    private final X509ExtendedTrustManager trust;
    private final List<Pin> pins;

    PinnedTrust(X509ExtendedTrustManager trust, List<Pin> pins) {
        this.trust = trust;
        this.pins = pins;
    }

    /** The failure of a trusted chain without a pinned key. Keys of certificates are public, and so are their hashes. */
    static final class Mismatch extends CertificateException {
        private static final long serialVersionUID = 1;

        private final String host;
        private final String keys;

        Mismatch(String host, List<String> keys) {
            super("no pinned key");
            this.host = host;
            this.keys = String.join(", ", keys);
        }

        String host() {
            return host;
        }

        /** Returns the hashes of the chain's keys, that of the server first. */
        String keys() {
            return keys;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        trust.checkServerTrusted(chain, authType, engine);
        verify(chain, engine.getPeerHost());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("the host is not known");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("the host is not known");
    }

    private void verify(X509Certificate[] chain, @Nullable String peer) throws CertificateException {
        if (peer == null) {
            throw new CertificateException("the host is not known");
        }
        String host = peer.toLowerCase(Locale.ROOT);
        List<String> expected = pins.stream()
                .filter(pin -> pin.host().equals(host))
                .map(Pin::sha256)
                .toList();
        if (expected.isEmpty()) {
            return;
        }
        List<String> keys = new ArrayList<>();
        for (X509Certificate certificate : signed(chain)) {
            keys.add(hash(certificate));
        }
        if (keys.stream().noneMatch(expected::contains)) {
            throw new Mismatch(host, keys);
        }
    }

    /** Returns the server's certificate, then the one that has signed it, and so on. */
    private List<X509Certificate> signed(X509Certificate[] sent) {
        List<X509Certificate> candidates = new ArrayList<>(List.of(trust.getAcceptedIssuers()));
        candidates.addAll(List.of(sent));
        List<X509Certificate> path = new ArrayList<>();
        X509Certificate next = sent[0];
        while (next != null && path.size() < LONGEST_CHAIN) {
            path.add(next);
            candidates.removeIf(next::equals);
            next = signer(next, candidates);
        }
        return path;
    }

    private static @Nullable X509Certificate signer(X509Certificate of, List<X509Certificate> candidates) {
        for (X509Certificate candidate : candidates) {
            if (candidate.getBasicConstraints() >= 0 && isSigned(of, candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate by) {
        if (!certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(by.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns the hash of a certificate's key, as a pin has it. */
    static String hash(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return "sha256/" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
