package io.penstock.transport.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.penstock.error.ApiException;
import io.penstock.transport.ClientCertificate;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS context of a client, replaced by another one when the files of its certificates have changed. Connections keep
 * the one that they were opened with. A new context has no sessions of the former one: resuming these would not verify
 * certificates again.
 *
 * <pre>
 *  call      a        b              c
 *  files     |--- 1 s ---| changed   | read by c, before it is sent
 *  context   1                       2
 * </pre>
 *
 * Reading blocks, and so {@link #prepare} is not called on an event loop.
 */
final class ClientTls extends SslContext {

    private static final Logger LOG = LoggerFactory.getLogger("io.penstock.tls");
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConnectionOptions options;
    private final List<Path> files;
    private volatile Tls tls;
    private volatile @Nullable SslContext current;
    private volatile long nextLook;

    /** The state of the files that the current context was made of. Guarded by this. */
    private List<Object> seen = List.of();
    /** The state of files that could not be used. Guarded by this. */
    private List<Object> refused = List.of();

    /** The state of a file. Its key changes if another file takes its place. */
    private record Stamp(
            Object modified, long size, @Nullable Object key) {}

    /**
     * Creates a context. The platform's trust store is read later, by {@link #prepare}.
     *
     * @throws ApiException INVALID_CONFIGURATION if the options cannot be used
     */
    ClientTls(ConnectionOptions options) {
        this.options = options;
        this.tls = options.tls();
        this.files = options.tls().files();
        if (TlsContext.isOwn(options.tls(), options.http().version())) {
            prepare();
        }
    }

    /** Returns whether connections may be opened without {@link #prepare}. */
    boolean isReady() {
        return current != null && (files.isEmpty() || System.nanoTime() - nextLook < 0);
    }

    /** Creates the context if there is none, or another one if the files have changed. It blocks. */
    synchronized void prepare() {
        if (isReady()) {
            return;
        }
        List<Object> found = stamps();
        if (current == null) {
            tls = tls.readAgain();
            current = TlsContext.of(tls, options.http().version());
            seen = found;
        } else if (!found.equals(seen)) {
            replace(found);
        }
        nextLook = System.nanoTime() + INTERVAL_NANOS;
    }

    /** Reads the files, again and again while they cannot be used: several of them change one after the other. */
    private void replace(List<Object> found) {
        try {
            Tls read = tls.readAgain();
            current = TlsContext.of(read, options.http().version());
            tls = read;
            seen = found;
            LOG.info("certificates have changed{}", TlsContext.describe(read));
        } catch (ApiException e) {
            if (!found.equals(refused)) {
                refused = found;
                LOG.warn("changed certificates cannot be used, the former ones stay in use: {}", e.getMessage());
            }
        }
    }

    private List<Object> stamps() {
        List<Object> stamps = new ArrayList<>(files.size());
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
            } catch (IOException e) {
                stamps.add(e.getClass());
            }
        }
        return stamps;
    }

    /** Returns the client certificate that is shown now. */
    @Nullable
    ClientCertificate certificate() {
        return tls.clientCertificate();
    }

    String describe() {
        return TlsContext.describe(tls);
    }

    private SslContext current() {
        SslContext known = current;
        if (known == null) {
            throw new IllegalStateException("not prepared");
        }
        return known;
    }

    private String verified(String host) {
        String name = options.tls().handshake().serverName();
        return name == null ? host : name;
    }

    /** Verifies the name (RFC 2818 §3.1) even if the context is one of the application's, which does not. */
    private void verifyName(SSLEngine engine) {
        if (options.tls().handshake().sslContext() != null) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
        }
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator alloc, String host, int port, boolean startTls) {
        SslHandler handler = current().newHandler(alloc, verified(host), port);
        verifyName(handler.engine());
        return handler;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator alloc, String host, int port) {
        SSLEngine engine = current().newEngine(alloc, verified(host), port);
        verifyName(engine);
        return engine;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator alloc) {
        return current().newEngine(alloc);
    }

    @Override
    public boolean isClient() {
        return true;
    }

    @Override
    public List<String> cipherSuites() {
        return current().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // the context of Netty requires it
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return current().applicationProtocolNegotiator();
    }

    @Override
    public SSLSessionContext sessionContext() {
        return current().sessionContext();
    }
}
