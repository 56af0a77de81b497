package io.penstock.transport.netty;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.pipeline.Transport;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * The choice between the two transports, by the system property {@value #PROPERTY}: {@value #HTTP1}, the default, for
 * the one that speaks HTTP/1.1 itself, {@value #HTTP_CLIENT} for the one over Reactor Netty's {@code HttpClient}.
 *
 * @hidden
 */
@Internal
public final class Transports {

    public static final String PROPERTY = "penstock.transport";
    public static final String HTTP_CLIENT = "http-client";
    public static final String HTTP1 = "http1";

    private Transports() {}

    /** Creates a transport on the event loops of the process. */
    public static Transport create(ConnectionOptions options) {
        return create(options, null);
    }

    /**
     * Creates the transport that is chosen at this moment.
     *
     * @param resources the event loops and the DNS client; null for those of the process
     * @throws ApiException INVALID_CONFIGURATION if the property has another value, or names a transport that cannot speak
     *     what the options say
     */
    public static Transport create(ConnectionOptions options, @Nullable ClientResources resources) {
        String choice = System.getProperty(PROPERTY, HTTP1);
        return switch (choice) {
            case HTTP_CLIENT -> overHttpClient(options, resources);
            case HTTP1 -> new HttpTransport(options, resources);
            default ->
                throw ApiException.invalidConfiguration(
                        PROPERTY + ": " + choice + " (expected: " + HTTP_CLIENT + " or " + HTTP1 + ")");
        };
    }

    private static Transport overHttpClient(ConnectionOptions options, @Nullable ClientResources resources) {
        if (options.http().version() != HttpVersion.HTTP_1_1) {
            throw ApiException.invalidConfiguration(PROPERTY + ": " + HTTP_CLIENT + " with "
                    + options.http().version() + " (expected: " + HTTP1 + ", which speaks HTTP/2 as well)");
        }
        return new NettyTransport(options, resources);
    }
}
