package io.penstock.transport.netty;

import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.body.ContentDecoder;
import io.penstock.http.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The coding of one body, decoded part by part. Used on one thread at a time. {@link #close} releases native memory.
 *
 * <p>The head of a decoded body loses its {@code Content-Encoding} and its {@code Content-Length}, which describe the
 * stored bytes. A body in another coding, or in several, is not decoded, and its head still names them for the reader.
 */
final class BodyCoding implements AutoCloseable {

    private final ContentDecoder decoder;
    private final String name;
    private final boolean endsWithConnection;

    private BodyCoding(ContentDecoder decoder, String name, boolean endsWithConnection) {
        this.decoder = decoder;
        this.name = name;
        this.endsWithConnection = endsWithConnection;
    }

    /**
     * Returns the coding of a body, and removes it from the head; null if the body is not coded, or in codings that are
     * not decoded here.
     *
     * @param stored whether the content is wanted as it is stored
     */
    static @Nullable BodyCoding of(HttpHeaders headers, boolean stored) {
        boolean contentCoded = !stored && headers.contains(HttpHeaderNames.CONTENT_ENCODING);
        String transfer = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
        boolean transferCoded = transfer != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(transfer);
        if (!contentCoded && !transferCoded) {
            return null;
        }
        List<String> codings = transferCodings(headers);
        if (contentCoded) {
            codings.addAll(0, ContentDecoder.codings(Headers.view(headers)));
        }
        ContentDecoder decoder = codings.size() == 1 ? ContentDecoder.of(codings.get(0)) : null;
        if (decoder == null) {
            return null;
        }
        boolean endsWithConnection = !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.containsValue(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED, true);
        if (contentCoded) {
            headers.remove(HttpHeaderNames.CONTENT_ENCODING);
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH) || transferCoded) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return new BodyCoding(decoder, codings.get(0), endsWithConnection);
    }

    /**
     * Returns the transfer codings except chunked. A client that sends no {@code TE} should not get any (RFC 9112
     * §6.1), but some servers use them.
     */
    private static List<String> transferCodings(HttpHeaders headers) {
        List<String> values = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return values.isEmpty() ? new ArrayList<>(2) : ContentDecoder.tokens(values, "chunked");
    }

    /**
     * Decodes from one buffer into another until either is exhausted. If the output is full afterwards, more of it may
     * be pending even though no input is left.
     *
     * @throws DecompressionException if the bytes are not in the coding
     */
    void decode(ByteBuffer in, ByteBuffer out) {
        try {
            decoder.decode(in, out);
        } catch (DataFormatException e) {
            throw corrupt(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Checks that the body may end here. A body that ends with its connection cannot be told from one whose connection
     * was lost.
     */
    void end() throws PrematureChannelClosureException {
        if (decoder.isAtEnd()) {
            return;
        }
        if (endsWithConnection) {
            throw new PrematureChannelClosureException("closed inside a body that ends with the connection");
        }
        throw corrupt("ends too early");
    }

    private DecompressionException corrupt(String how) {
        return new DecompressionException(
                "compressed body is corrupt: it " + how + " (expected: " + name + ", as its head says)");
    }

    @Override
    public void close() {
        decoder.close();
    }
}
