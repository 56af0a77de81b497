package io.penstock.transport.netty;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.error.ApiException;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ConnectionOptions.Tls;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/** TLS contexts of the platform's own provider. The context for its trust store is created once. */
final class TlsContext {

    private TlsContext() {}

    private static final class Holder {
        static final SslContext CONTEXT = build(SslContextBuilder.forClient());
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            SslContext context = builder.sslProvider(SslProvider.JDK).build();
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

    /** Returns whether options need a context of their own. */
    static boolean isOwn(ConnectionOptions options) {
        return options.http().version() != HttpVersion.HTTP_1_1 || isOwn(options.tls());
    }

    /** Returns a context for options, whose connections offer HTTP/2 by ALPN if the options say so. */
    static SslContext of(ConnectionOptions options) {
        HttpVersion version = options.http().version();
        if (version == HttpVersion.HTTP_1_1) {
            return of(options.tls());
        }
        String[] offered = version == HttpVersion.HTTP_2
                ? new String[] {ApplicationProtocolNames.HTTP_2}
                : new String[] {ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1};
        return build(builder(options.tls())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        offered)));
    }

    private static boolean isOwn(Tls options) {
        return !options.trusted().isEmpty()
                || options.clientCertificate() != null
                || !options.protocols().isEmpty()
                || !options.ciphers().isEmpty();
    }

    /** Returns a context for options, which is shared if nothing in them differs from the platform's. */
    static SslContext of(Tls options) {
        return isOwn(options) ? build(builder(options)) : platform();
    }

    private static SslContextBuilder builder(Tls options) {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (!options.trusted().isEmpty()) {
            builder.trustManager(options.trusted().toArray(X509Certificate[]::new));
        }
        if (options.clientCertificate() != null) {
            builder.keyManager(options.clientCertificate().keyManager());
        }
        if (!options.protocols().isEmpty()) {
            builder.protocols(options.protocols());
        }
        if (!options.ciphers().isEmpty()) {
            builder.ciphers(options.ciphers());
        }
        return builder;
    }

    /** Returns the context of the platform. */
    static SslContext platform() {
        return Holder.CONTEXT;
    }

    /** Describes what differs from the platform's. */
    static String describe(Tls options) {
        return (options.trusted().isEmpty()
                        ? ""
                        : "; trusts " + options.trusted().size() + " certificates of its own")
                + (options.clientCertificate() == null ? "" : "; client certificate " + options.clientCertificate())
                + (options.protocols().isEmpty() ? "" : "; " + String.join(", ", options.protocols()))
                + (options.ciphers().isEmpty() ? "" : "; " + String.join(", ", options.ciphers()));
    }
}
