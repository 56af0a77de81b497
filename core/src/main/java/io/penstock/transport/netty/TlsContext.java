package io.penstock.transport.netty;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.error.ApiException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;

/** TLS contexts of the platform's own provider. The context for its trust store is created once. */
final class TlsContext {

    private TlsContext() {}

    private static final class Holder {
        static final SslContext CONTEXT = build(SslContextBuilder.forClient());
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.sslProvider(SslProvider.JDK).build();
        } catch (SSLException e) {
            throw ApiException.invalidConfiguration("TLS: the platform has no usable provider or trust store ("
                    + e.getMessage() + "; expected: the JDK's own)");
        }
    }

    /** Returns a context that trusts the given certificates, or what the platform trusts if there are none. */
    static SslContext trusting(List<X509Certificate> certificates) {
        return certificates.isEmpty()
                ? Holder.CONTEXT
                : build(SslContextBuilder.forClient().trustManager(certificates.toArray(X509Certificate[]::new)));
    }
}
