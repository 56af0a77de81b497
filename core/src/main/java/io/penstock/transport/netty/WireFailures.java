package io.penstock.transport.netty;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.http.Authority;
import io.penstock.pipeline.Attempt;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ProxyOptions.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;

/**
 * The mapping of Reactor Netty's errors to typed failures. The call's dispatch flag determines whether anything was
 * sent; the class of the exception only determines the kind of the failure. Messages of decoders are dropped, because
 * they quote what the peer sent.
 */
final class WireFailures {

    /** The pool's exceptions are shaded into Reactor Netty, so only the names of their classes can be used. */
    static final String POOL_TIMEOUT = "PoolAcquireTimeoutException";

    static final String POOL_FULL = "PoolAcquirePendingLimitException";
    static final String POOL_SHUT_DOWN = "PoolShutdownException";

    private final ConnectionOptions options;
    private final ClientTls tls;

    WireFailures(ConnectionOptions options, ClientTls tls) {
        this.options = options;
        this.tls = tls;
    }

    ApiException name(Attempt call, Throwable error) {
        if (error instanceof ApiException known) {
            return known;
        }
        Server proxy = call.isDispatched() ? null : proxyOf(call);
        Failure failure = call.isDispatched()
                ? afterDispatch(call, error)
                : proxy == null || isTls(call, error) ? beforeDispatch(call, error) : atProxy(call, proxy, error);
        return new ApiException(failure.withStatus(call.status()));
    }

    private @Nullable Server proxyOf(Attempt call) {
        Authority authority = Authority.of(call.plan().uri());
        if (authority == null) {
            return null;
        }
        Origin origin = Origin.of(call.plan().uri());
        return options.proxy().proxyFor(origin.secure(), origin.host(), origin.port());
    }

    /** Returns the failure of a connection to a proxy, or of the tunnel through it. */
    private Failure atProxy(Attempt call, Server proxy, Throwable error) {
        if (error instanceof ProxyConnectException refused) {
            return ProxyFailures.name(
                    proxy, refused, Origin.of(call.plan().uri()).authority(), options.connectTimeout());
        }
        Failure failure = beforeDispatch(call, error);
        return failure.kind() == ErrorKind.CONNECT
                ? failure.withMessage("proxy " + proxy + ": " + failure.message())
                : failure;
    }

    /** Returns whether TLS failed, which it does beyond the proxy if there is one. */
    private static boolean isTls(Attempt call, Throwable error) {
        return !(error instanceof ProxyConnectException)
                && (error instanceof SSLException || isTlsFailure(error) || isLostInHandshake(call, error));
    }

    private Failure beforeDispatch(Attempt call, Throwable error) {
        if (error instanceof UnknownHostException) {
            return notSent(ErrorKind.CONNECT, "host name not resolved", error);
        }
        if (isTls(call, error)) {
            return tls(error);
        }
        if (error instanceof Http2Exception http2) {
            return permanent(
                            notSent(ErrorKind.CONNECT, "the peer does not speak HTTP/2 (" + spoken(http2) + ")", error))
                    .withRemedy("speak HTTP/1.1 with this server: ConnectionOptions.withHttp(HttpVersion.HTTP_1_1)");
        }
        if (error instanceof Http2Failure left) {
            return notSent(ErrorKind.CONNECT, String.valueOf(left.getMessage()), left);
        }
        if (error instanceof ConnectTimeoutException) {
            return tooLong(Phase.CONNECT, ErrorKind.CONNECT, "connecting", options.connectTimeout(), error);
        }
        return switch (error.getClass().getSimpleName()) {
            case POOL_TIMEOUT -> poolTookTooLong().failure().withCause(error);
            case POOL_FULL -> poolIsFull().failure().withCause(error);
            case POOL_SHUT_DOWN -> NettyTransport.closedBeforeSend().failure();
            default -> notSent(ErrorKind.CONNECT, connectMessage(error), error);
        };
    }

    /** Returns the failure of a request that has waited too long for a connection. */
    ApiException poolTookTooLong() {
        return new ApiException(tooLong(
                Phase.QUEUE,
                ErrorKind.POOL_EXHAUSTED,
                "waiting for a connection of the pool",
                options.pool().acquireTimeout(),
                null));
    }

    /** Returns the failure of a request that too many others wait before. */
    ApiException poolIsFull() {
        return new ApiException(notSent(
                ErrorKind.POOL_EXHAUSTED,
                "too many requests wait for a connection of the pool (at most "
                        + options.pool().maxPending() + ")",
                null));
    }

    private Failure tls(Throwable error) {
        if (error instanceof SslHandshakeTimeoutException) {
            return tooLong(
                    Phase.TLS, ErrorKind.TLS, "TLS handshake", options.tls().tlsTimeout(), error);
        }
        if (error instanceof NotSslRecordException) {
            return permanent(
                    notSent(ErrorKind.TLS, "the peer does not speak TLS (expected: the port of https)", error));
        }
        String alert = TlsFailures.alert(error);
        if (alert != null) {
            return TlsFailures.refused(alert, tls.certificate(), error);
        }
        if (error instanceof SSLHandshakeException) {
            return TlsFailures.handshake(error);
        }
        return notSent(ErrorKind.TLS, "connection lost inside the TLS handshake", error);
    }

    /** Returns the code of an error of the codec, whose message may quote what the peer sent. */
    private static String spoken(Http2Exception error) {
        return error.error().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String connectMessage(Throwable error) {
        String text = String.valueOf(error.getMessage());
        if (error instanceof ConnectException && text.contains("refused")) {
            return "connection refused";
        }
        return text.contains("reset") ? "connection reset before it was ready" : "no connection";
    }

    /** Returns whether TLS failed. A peer that hangs up during the handshake shows only as a suppressed exception. */
    private static boolean isTlsFailure(Throwable error) {
        for (Throwable suppressed : error.getSuppressed()) {
            if (suppressed instanceof SSLException) {
                return true;
            }
        }
        return error.getCause() instanceof SSLException;
    }

    /**
     * Returns whether an established connection was lost in its handshake, which is all that can happen to it before
     * the first byte of a request. Whether that shows as a failed read, a failed write or a failed handshake depends on
     * which came first.
     */
    private static boolean isLostInHandshake(Attempt call, Throwable error) {
        if (!(error instanceof IOException)
                || error instanceof ConnectException
                || !"https".equalsIgnoreCase(call.plan().uri().getScheme())) {
            return false;
        }
        String text = String.valueOf(error.getMessage());
        return text.contains("reset") || text.contains("Broken pipe");
    }

    static Failure tooLong(Phase phase, ErrorKind kind, String what, Duration limit, @Nullable Throwable cause) {
        return notSent(kind, what + " took longer than " + limit.toMillis() + " ms", cause)
                .withPhase(phase);
    }

    static Failure notSent(ErrorKind kind, String message, @Nullable Throwable cause) {
        return Failure.of(kind, Certainty.NOT_SENT, Retryability.TRANSIENT, message)
                .withCause(cause);
    }

    static Failure permanent(Failure f) {
        Failure permanent = Failure.of(f.kind(), f.certainty(), Retryability.PERMANENT, f.message());
        return f.cause() == null ? permanent : permanent.withCause(f.cause());
    }

    /** Returns what may be too long after the head of a response. */
    private static String laterPart(Throwable error) {
        return error instanceof Http2Exception ? "trailers" : "trailers or chunk size";
    }

    private Failure afterDispatch(Attempt call, Throwable error) {
        String message = error.getMessage() == null ? "" : error.getMessage();
        if (error instanceof AbortedException && message.contains("BEFORE send")) {
            return Failure.of(
                            ErrorKind.CONNECTION_LOST,
                            Certainty.NOT_SENT,
                            Retryability.TRANSIENT,
                            "connection found dead before the first byte was written")
                    .withCause(error);
        }
        String alert = call.status() == 0 && !call.isReusedConnection() ? TlsFailures.alert(error) : null;
        if (alert != null && TlsFailures.isOfHandshake(alert)) {
            return TlsFailures.refused(alert, tls.certificate(), error);
        }
        Certainty certainty = call.certaintyIfInterrupted();
        if (error instanceof Http2Failure lost) {
            return lost.named(call.status() != 0, certainty);
        }
        String where = call.status() == 0 ? "before the response" : "inside the body";
        if (error instanceof DecompressionException) {
            return Failure.of(
                    ErrorKind.UNDECODABLE, certainty, Retryability.PERMANENT, message); // WholeDecompressor's own
        }
        if (error instanceof PrematureChannelClosureException
                || (error instanceof IOException && !(error instanceof SSLException))
                || error instanceof ClosedChannelException
                || error instanceof AbortedException) {
            String how = message.toLowerCase(Locale.ROOT).contains("reset") ? "reset" : "closed";
            return Failure.of(
                            ErrorKind.CONNECTION_LOST,
                            certainty,
                            Retryability.TRANSIENT,
                            "connection " + how + " " + where)
                    .withCause(error);
        }
        if (error instanceof TooLongFrameException || error instanceof Http2Exception.HeaderListSizeException) {
            return Failure.of(
                    ErrorKind.PROTOCOL_VIOLATION,
                    certainty,
                    Retryability.TRANSIENT,
                    (call.status() == 0 ? "response head" : laterPart(error)) + " of more than "
                            + options.http().maxResponseHeaderBytes()
                            + " bytes (expected: at most that; raise maxResponseHeaderBytes of ConnectionOptions)");
        }
        if (error instanceof Http2Exception http2) {
            return Failure.of(
                    ErrorKind.PROTOCOL_VIOLATION,
                    certainty,
                    Retryability.TRANSIENT,
                    "the peer does not speak HTTP/2 " + where + " (" + spoken(http2) + ")");
        }
        if (error instanceof DecoderException || error instanceof IllegalArgumentException) {
            // a chunk size that is no number throws NumberFormatException, which is an IllegalArgumentException
            return Failure.of(
                    ErrorKind.PROTOCOL_VIOLATION,
                    certainty,
                    Retryability.TRANSIENT,
                    "the peer does not speak HTTP " + where + " ("
                            + error.getClass().getSimpleName() + ")");
        }
        return Failure.of(
                        ErrorKind.CONNECTION_LOST,
                        certainty,
                        Retryability.TRANSIENT,
                        "attempt broke off " + where + " (" + error.getClass().getSimpleName() + ")")
                .withCause(error);
    }
}
