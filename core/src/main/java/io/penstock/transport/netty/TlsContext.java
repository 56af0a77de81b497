package io.penstock.transport.netty;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.ApiException;
import javax.net.ssl.SSLException;

/** TLS by the platform's own provider and trust store, made once. */
final class TlsContext {

    private TlsContext() {}

    private static final class Holder {
        static final SslContext CONTEXT = build();

        private static SslContext build() {
            try {
                return SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .build();
            } catch (SSLException e) {
                throw ApiException.invalidConfiguration("TLS: the platform has no usable provider or trust store ("
                        + e.getMessage() + "; expected: the JDK's own)");
            }
        }
    }

    static SslContext ofThePlatform() {
        return Holder.CONTEXT;
    }
}
