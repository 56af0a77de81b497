package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.Progress;
import io.penstock.request.Plan;
import io.penstock.upload.RequestBody;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The head of a planned request in the form of RFC 9112 §3. Headers that operators add to an attempt follow the planned
 * ones, or replace one of the same name. For a plan without a body, the bytes with the headers of the latest attempt
 * are kept: such a plan is used again, and most attempts add the same headers.
 */
final class RequestHead {

    /** A body up to this size goes into the buffer of the head, and so to the socket in one write. */
    private static final int SMALL_BODY = 8 * 1024;

    /** The headers of a connection of HTTP/1.1, which have no meaning in HTTP/2 (RFC 9113 §8.2.2). */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "host", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade");

    private final Plan plan;
    private final Address address;
    private volatile @Nullable Whole latest;
    private volatile @Nullable Fields latestFields;

    /** Where a URI leads, and what its {@code Host} header says. */
    record Address(URI uri, Origin origin, String host) {

        /**
         * Returns the address of a URI.
         *
         * @throws ApiException INVALID_REQUEST if it has no host
         */
        static Address of(URI uri) {
            Origin origin = Origin.of(uri);
            return new Address(uri, origin, origin.hostHeader());
        }
    }

    /** A head with the headers of an attempt, which are recognised by the identity of their list. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Whole(List<String> added, @Nullable String query, byte[] bytes) {}

    /** The same for HTTP/2. The fields are not changed any more. */
    private record Fields(List<String> added, @Nullable String query, Http2Headers fields) {}

    /** Creates the head of a plan whose URI has this address. */
    RequestHead(Plan plan, Address address) {
        this.plan = plan;
        this.address = address;
    }

    /**
     * Returns the head of a plan.
     *
     * @throws ApiException INVALID_REQUEST if its URI has no host
     */
    static RequestHead of(Plan plan) {
        return new RequestHead(plan, Address.of(plan.uri()));
    }

    Plan plan() {
        return plan;
    }

    Origin origin() {
        return address.origin;
    }

    /**
     * Returns a buffer with the head, and with the body if that is small and in memory.
     *
     * @param added the headers that operators have added, as alternating names and values
     * @param query the encoded pairs that authentication adds to the query, or null
     * @throws ApiException INVALID_REQUEST if the URI or a header cannot be sent
     */
    @SuppressWarnings("ReferenceEquality") // an equal list would do, but comparing costs more than encoding anew
    ByteBuf write(ByteBufAllocator allocator, List<String> added, @Nullable String query) {
        Whole known = latest;
        if (known != null && known.added == added && known.query == query) {
            return allocator.buffer(known.bytes.length).writeBytes(known.bytes);
        }
        Encoding head = Encoding.begin();
        encode(head, added, query);
        RequestBody body = plan.body();
        if (body == null) {
            latest = new Whole(added, query, head.copy());
        }
        if (!(body instanceof RequestBody.Bytes bytes) || !isInHead(bytes)) {
            return head.writeTo(allocator.buffer(head.size));
        }
        ByteBuf whole = head.writeTo(allocator.buffer(head.size + (int) bytes.length()));
        bytes.writeTo(whole);
        return whole;
    }

    /** Returns whether {@link #write} includes this body. */
    static boolean isInHead(RequestBody.Bytes body) {
        return body.length() <= SMALL_BODY;
    }

    private static boolean isNamed(List<String> headers, String name, int from) {
        for (int i = from; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the head in the form of RFC 9113 §8.3.1, which must not be changed.
     *
     * @param added the headers that operators have added, as alternating names and values
     * @param query the encoded pairs that authentication adds to the query, or null
     * @throws ApiException INVALID_REQUEST if the URI or a header cannot be sent
     */
    @SuppressWarnings("ReferenceEquality") // as above
    Http2Headers http2(List<String> added, @Nullable String query) {
        Fields known = latestFields;
        if (known != null && known.added == added && known.query == query) {
            return known.fields;
        }
        Http2Headers fields = new DefaultHttp2Headers(false); // validated here
        fields.method(plan.method().name());
        fields.scheme(address.origin.secure() ? "https" : "http");
        fields.authority(address.host);
        fields.path(new AsciiString(Encoding.begin().target(plan.uri(), query).copy(), false));
        fields(added, (name, value) -> {
            Encoding.check(name, value);
            String lower = name.toLowerCase(Locale.ROOT); // RFC 9113 §8.2.1
            if (!OF_CONNECTIONS.contains(lower)) {
                fields.add(lower, value);
            }
        });
        if (plan.body() == null) {
            latestFields = new Fields(added, query, fields);
        }
        return fields;
    }

    private void encode(Encoding head, List<String> added, @Nullable String query) {
        head.text(plan.method().name()).text(" ").target(plan.uri(), query).text(" HTTP/1.1\r\n");
        head.header("host", address.host);
        fields(added, head::header);
        if (plan.body() != null && plan.body().length() == Progress.UNKNOWN) {
            head.header("transfer-encoding", "chunked");
        }
        head.text("\r\n");
    }

    /** Passes on the headers that do not depend on the version of HTTP. */
    private void fields(List<String> added, BiConsumer<String, String> to) {
        List<String> planned = plan.headers();
        for (int i = 0; i < planned.size(); i += 2) {
            if (!isNamed(added, planned.get(i), 0)) {
                to.accept(planned.get(i), planned.get(i + 1));
            }
        }
        // RFC 9110 §12.5.3: without the header any coding would be acceptable.
        to.accept("accept-encoding", plan.payload().wantsIdentity() ? "identity" : "gzip");
        RequestBody body = plan.body();
        if (body == null ? expectsContent(plan.method()) : body.length() != Progress.UNKNOWN) {
            to.accept("content-length", Long.toString(body == null ? 0 : body.length()));
        }
        for (int i = 0; i < added.size(); i += 2) {
            if (!isNamed(added, added.get(i), i + 2)) { // the last one of a name counts
                to.accept(added.get(i), added.get(i + 1));
            }
        }
    }

    /** RFC 9110 §8.6: these methods announce an empty body as well. */
    private static boolean expectsContent(Method method) {
        return method == Method.POST || method == Method.PUT || method == Method.PATCH;
    }

    /** A growing head, one for each thread. Nothing that would begin another line gets into it. */
    private static final class Encoding {
        private static final FastThreadLocal<Encoding> CURRENT = new FastThreadLocal<>() {
            @Override
            protected Encoding initialValue() {
                return new Encoding();
            }
        };

        private static final int USUAL = 2 * 1024;

        private byte[] bytes = new byte[USUAL];
        private int size;

        static Encoding begin() {
            Encoding current = CURRENT.get();
            current.size = 0;
            if (current.bytes.length > USUAL) {
                current.bytes = new byte[USUAL]; // the last head was an unusual one
            }
            return current;
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, size);
        }

        ByteBuf writeTo(ByteBuf buffer) {
            return buffer.writeBytes(bytes, 0, size);
        }

        private void room(int more) {
            if (bytes.length - size < more) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }

        /** Appends text of ISO-8859-1, as header values are. */
        Encoding text(String text) {
            int length = text.length();
            room(length);
            for (int i = 0; i < length; i++) {
                bytes[size + i] = (byte) text.charAt(i);
            }
            size += length;
            return this;
        }

        Encoding target(URI uri, @Nullable String more) {
            String path = uri.getRawPath();
            String query = uri.getRawQuery();
            visible(path == null || path.isEmpty() ? "/" : path);
            if (query != null) {
                text("?").visible(query);
            }
            return more == null ? this : text(query == null ? "?" : "&").text(more);
        }

        /** Appends a part of a URI. Characters outside of ASCII are percent-encoded (RFC 3987 §3.1). */
        private Encoding visible(String part) {
            for (int i = 0; i < part.length(); i++) {
                char c = part.charAt(i);
                if (c <= ' ' || c == 0x7f) {
                    throw ApiException.invalidRequest("URI: character " + (i + 1) + " of its path or query is U+00"
                            + Integer.toHexString(c | 0x100).substring(1)
                            + " (expected: none that separates words or lines)");
                }
                if (c > 0x7f) {
                    return text(part.substring(0, i)).encoded(part.substring(i));
                }
            }
            return text(part);
        }

        private Encoding encoded(String rest) {
            StringBuilder ascii = new StringBuilder(rest.length() * 3);
            for (byte b : rest.getBytes(StandardCharsets.UTF_8)) {
                if (b >= 0) {
                    ascii.append((char) b);
                } else {
                    ascii.append('%').append(Integer.toHexString(b & 0xff).toUpperCase(Locale.ROOT));
                }
            }
            return visible(ascii.toString());
        }

        void header(String name, String value) {
            check(name, value);
            text(name).text(": ").text(value).text("\r\n");
        }

        static void check(String name, String value) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c <= ' ' || c >= 0x7f || c == ':') {
                    throw ApiException.invalidRequest("header name: character " + (i + 1)
                            + " is not allowed (expected: a token as in RFC 9110 §5.6.2)");
                }
            }
            String wrong = Headers.whatIsWrongWith(value);
            if (wrong != null) {
                throw ApiException.invalidRequest("header " + name + ": " + wrong);
            }
        }
    }
}
