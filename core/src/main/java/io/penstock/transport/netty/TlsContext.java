package io.penstock.transport.netty;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.error.ApiException;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ConnectionOptions.Tls;
import io.penstock.transport.ConnectionOptions.Tls.Handshake;
import io.penstock.transport.ConnectionOptions.Tls.Trust;
import io.penstock.transport.ConnectionOptions.TlsEngine;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS contexts. The one of the platform's own provider and trust store is created once. */
final class TlsContext {

    private TlsContext() {}

    private static final class Holder {
        static final SslContext CONTEXT = build(SslContextBuilder.forClient(), TlsEngine.JDK);
    }

    /** Makes a context. */
    private interface Maker {
        SslContext make() throws SSLException;
    }

    private static SslContext build(SslContextBuilder builder, TlsEngine engine) {
        return checked(() -> builder.sslProvider(provider(engine)).build());
    }

    private static SslContext checked(Maker maker) {
        try {
            SslContext context = maker.make();
            context.newEngine(UnpooledByteBufAllocator.DEFAULT); // an unknown protocol or cipher suite is reported now
            return context;
        } catch (SSLException e) {
            throw ApiException.invalidConfiguration("TLS: the platform has no usable provider or trust store ("
                    + e.getMessage() + "; expected: the JDK's own)");
        } catch (IllegalArgumentException e) {
            throw ApiException.invalidConfiguration("TLS: protocols or ciphers that the platform does not support ("
                    + e.getMessage() + "; expected: names of SSLContext.getSupportedSSLParameters())");
        }
    }

    private static SslProvider provider(TlsEngine engine) {
        if (engine == TlsEngine.JDK) {
            return SslProvider.JDK;
        }
        if (!OpenSsl.isAvailable()) {
            throw ApiException.invalidConfiguration("tlsEngine: OPENSSL, which cannot be loaded ("
                    + OpenSsl.unavailabilityCause().getClass().getSimpleName()
                    + "; expected: io.netty:netty-tcnative-boringssl-static for this machine on the class path)");
        }
        return SslProvider.OPENSSL;
    }

    /** Returns whether options need a context of their own. */
    static boolean isOwn(Tls options, HttpVersion version) {
        return version != HttpVersion.HTTP_1_1 || isOwn(options);
    }

    private static boolean isOwn(Tls options) {
        Trust trust = options.trust();
        Handshake handshake = options.handshake();
        return !trust.trusted().isEmpty()
                || trust.trustManager() != null
                || !trust.pins().isEmpty()
                || options.clientCertificate() != null
                || !handshake.protocols().isEmpty()
                || !handshake.ciphers().isEmpty()
                || handshake.tlsEngine() != TlsEngine.JDK
                || handshake.sslContext() != null;
    }

    /**
     * Returns a context for options, which is shared if nothing in them differs from the platform's. It offers HTTP/2 by
     * ALPN if the version says so.
     */
    static SslContext of(Tls options, HttpVersion version) {
        if (!isOwn(options, version)) {
            return platform();
        }
        SSLContext given = options.handshake().sslContext();
        return given == null ? built(options, version) : around(given, options.handshake(), version);
    }

    /** Returns a context that negotiates with one of the application's. */
    private static SslContext around(SSLContext given, Handshake handshake, HttpVersion version) {
        return checked(() -> new JdkSslContext(
                given,
                true,
                handshake.ciphers().isEmpty() ? null : handshake.ciphers(),
                IdentityCipherSuiteFilter.INSTANCE,
                version == HttpVersion.HTTP_1_1 ? null : offering(version),
                ClientAuth.NONE,
                handshake.protocols().isEmpty() ? null : handshake.protocols().toArray(new String[0]),
                false));
    }

    private static SslContext built(Tls options, HttpVersion version) {
        SslContextBuilder builder = SslContextBuilder.forClient();
        X509ExtendedTrustManager manager = trust(options.trust());
        if (manager != null) {
            builder.trustManager(manager);
        }
        if (options.clientCertificate() != null) {
            builder.keyManager(options.clientCertificate().keyManager());
        }
        Handshake handshake = options.handshake();
        if (!handshake.protocols().isEmpty()) {
            builder.protocols(handshake.protocols());
        }
        if (!handshake.ciphers().isEmpty()) {
            builder.ciphers(handshake.ciphers());
        }
        if (version != HttpVersion.HTTP_1_1) {
            builder.applicationProtocolConfig(offering(version));
        }
        return build(builder, handshake.tlsEngine());
    }

    private static ApplicationProtocolConfig offering(HttpVersion version) {
        List<String> offered = version == HttpVersion.HTTP_2
                ? List.of(ApplicationProtocolNames.HTTP_2)
                : List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
        return new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, offered);
    }

    /** Returns the manager that decides on the certificates of servers; null for the platform's. */
    private static @Nullable X509ExtendedTrustManager trust(Trust trust) {
        X509ExtendedTrustManager manager = trust.trustManager();
        if (manager == null && (!trust.trusted().isEmpty() || !trust.pins().isEmpty())) {
            manager = trusting(trust.trusted());
        }
        return manager == null || trust.pins().isEmpty() ? manager : new PinnedTrust(manager, trust.pins());
    }

    /** Returns a manager that trusts these certificates, or the platform's if there are none. */
    private static X509ExtendedTrustManager trusting(List<X509Certificate> certificates) {
        try {
            KeyStore store = null;
            if (!certificates.isEmpty()) {
                store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                for (int i = 0; i < certificates.size(); i++) {
                    store.setCertificateEntry("trusted-" + i, certificates.get(i));
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) {
                    return found;
                }
            }
            throw new GeneralSecurityException("no trust manager for X.509");
        } catch (GeneralSecurityException | IOException e) {
            throw ApiException.invalidConfiguration("trusted: certificates that the platform does not accept ("
                    + e.getClass().getSimpleName() + "; expected: X.509 certificates)");
        }
    }

    /** Returns the context of the platform. */
    static SslContext platform() {
        return Holder.CONTEXT;
    }

    /** Describes what differs from the platform's. */
    static String describe(Tls options) {
        Trust trust = options.trust();
        Handshake handshake = options.handshake();
        return (trust.trusted().isEmpty() ? "" : "; trusts " + trust.trusted().size() + " certificates of its own")
                + (trust.trustManager() == null ? "" : "; trusts what a trust manager accepts")
                + (trust.pins().isEmpty() ? "" : "; pins " + trust.pins())
                + (options.clientCertificate() == null ? "" : "; client certificate " + options.clientCertificate())
                + (handshake.protocols().isEmpty() ? "" : "; " + String.join(", ", handshake.protocols()))
                + (handshake.ciphers().isEmpty() ? "" : "; " + String.join(", ", handshake.ciphers()))
                + (handshake.serverName() == null ? "" : "; server name " + handshake.serverName())
                + (handshake.tlsEngine() == TlsEngine.JDK ? "" : "; TLS of OpenSSL")
                + (handshake.sslContext() == null ? "" : "; an SSLContext of its own");
    }
}
