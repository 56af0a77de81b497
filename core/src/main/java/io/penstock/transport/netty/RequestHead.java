package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
import org.jspecify.annotations.Nullable;

/**
 * The head of a planned request in the form of RFC 9112 §3, encoded once. Headers that operators add to an attempt
 * follow the planned ones, or replace one of the same name. The bytes with the headers of the latest attempt are kept,
 * because most attempts add the same ones.
 */
final class RequestHead {

    /** A body up to this size goes into the buffer of the head, and so to the socket in one write. */
    private static final int SMALL_BODY = 8 * 1024;

    private static final byte[] END = {'\r', '\n'};

    private final Plan plan;
    private final Origin origin;
    private final Encoded planned;
    private volatile @Nullable Whole latest;

    /** A head with the headers of an attempt, which are recognised by the identity of their list. */
    private record Whole(List<String> added, byte[] bytes) {}

    private RequestHead(Plan plan, Origin origin, Encoded planned) {
        this.plan = plan;
        this.origin = origin;
        this.planned = planned;
    }

    /**
     * Encodes the head of a plan.
     *
     * @throws ApiException INVALID_REQUEST if the URI or a header cannot be sent
     */
    static RequestHead of(Plan plan) {
        Origin origin = Origin.of(plan.uri());
        return new RequestHead(plan, origin, encode(plan, origin, List.of()));
    }

    Plan plan() {
        return plan;
    }

    Origin origin() {
        return origin;
    }

    /**
     * Returns a buffer with the head, and with the body if that is small and in memory.
     *
     * @param added the headers that operators have added, as alternating names and values
     * @throws ApiException INVALID_REQUEST if one of them cannot be sent
     */
    ByteBuf write(ByteBufAllocator allocator, List<String> added) {
        byte[] head = with(added);
        RequestBody body = plan.body();
        if (!(body instanceof RequestBody.Bytes bytes) || !isInHead(bytes)) {
            return allocator.buffer(head.length).writeBytes(head);
        }
        return allocator
                .buffer(head.length + (int) bytes.length())
                .writeBytes(head)
                .writeBytes(bytes.buffer());
    }

    /** Returns whether {@link #write} includes this body. */
    static boolean isInHead(RequestBody.Bytes body) {
        return body.length() <= SMALL_BODY;
    }

    @SuppressWarnings("ReferenceEquality") // an equal list would do, but comparing costs more than encoding anew
    private byte[] with(List<String> added) {
        Whole known = latest;
        if (known != null && known.added == added) {
            return known.bytes;
        }
        Encoded head = replacesPlanned(added) ? encode(plan, origin, added) : planned.copy();
        for (int i = 0; i < added.size(); i += 2) {
            if (!isNamed(added, added.get(i), i + 2)) { // the last one of a name counts
                head.header(added.get(i), added.get(i + 1));
            }
        }
        byte[] bytes = head.append(END).bytes();
        latest = new Whole(added, bytes);
        return bytes;
    }

    private boolean replacesPlanned(List<String> added) {
        for (int i = 0; i < added.size(); i += 2) {
            if (isNamed(plan.headers(), added.get(i), 0)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(List<String> headers, String name, int from) {
        for (int i = from; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Encodes everything but the added headers and the end. */
    private static Encoded encode(Plan plan, Origin origin, List<String> replacing) {
        Encoded head = new Encoded(256);
        head.text(plan.method().name()).text(" ").target(plan.uri()).text(" HTTP/1.1\r\n");
        head.header("host", origin.hostHeader());
        List<String> headers = plan.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            if (!isNamed(replacing, headers.get(i), 0)) {
                head.header(headers.get(i), headers.get(i + 1));
            }
        }
        // RFC 9110 §12.5.3: without the header any coding would be acceptable.
        head.header("accept-encoding", plan.payload().wantsIdentity() ? "identity" : "gzip");
        RequestBody body = plan.body();
        if (body == null ? expectsContent(plan.method()) : body.length() != Progress.UNKNOWN) {
            head.header("content-length", Long.toString(body == null ? 0 : body.length()));
        } else if (body != null) {
            head.header("transfer-encoding", "chunked");
        }
        return head;
    }

    /** RFC 9110 §8.6: these methods announce an empty body as well. */
    private static boolean expectsContent(Method method) {
        return method == Method.POST || method == Method.PUT || method == Method.PATCH;
    }

    /** A growing head. Nothing that would begin another line gets into it. */
    private static final class Encoded {
        private byte[] bytes;
        private int size;

        Encoded(int capacity) {
            this.bytes = new byte[capacity];
        }

        Encoded copy() {
            Encoded copy = new Encoded(size + 128);
            return copy.append(bytes());
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, size);
        }

        Encoded append(byte[] more) {
            room(more.length);
            System.arraycopy(more, 0, bytes, size, more.length);
            size += more.length;
            return this;
        }

        private void room(int more) {
            if (bytes.length - size < more) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }

        /** Appends text of ISO-8859-1, as header values are. */
        Encoded text(String text) {
            int length = text.length();
            room(length);
            for (int i = 0; i < length; i++) {
                bytes[size + i] = (byte) text.charAt(i);
            }
            size += length;
            return this;
        }

        Encoded target(URI uri) {
            String path = uri.getRawPath();
            String query = uri.getRawQuery();
            visible(path == null || path.isEmpty() ? "/" : path);
            return query == null ? this : text("?").visible(query);
        }

        /** Appends a part of a URI. Characters outside of ASCII are percent-encoded (RFC 3987 §3.1). */
        private Encoded visible(String part) {
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

        private Encoded encoded(String rest) {
            StringBuilder ascii = new StringBuilder(rest.length() * 3);
            for (byte b : rest.getBytes(StandardCharsets.UTF_8)) {
                if (b >= 0) {
                    ascii.append((char) b);
                } else {
                    ascii.append('%').append(Integer.toHexString(b & 0xff).toUpperCase(java.util.Locale.ROOT));
                }
            }
            return visible(ascii.toString());
        }

        Encoded header(String name, String value) {
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
            return text(name).text(": ").text(value).text("\r\n");
        }
    }
}
