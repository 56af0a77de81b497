package io.penstock.body;

import io.penstock.annotation.Internal;
import io.penstock.http.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of one body in the content coding gzip or deflate (RFC 9110 §8.4.1), fed part by part as the body arrives.
 * It knows whether the coding is complete, and so detects a body that was truncated inside intact framing.
 *
 * <p>Gzip is a series of members (RFC 1952 §2.2), each with its checksum and length. Deflate is the zlib format (RFC
 * 1950), or the bare format (RFC 1951) that some servers send under that name. Not thread-safe.
 *
 * @hidden
 */
@Internal
public final class ContentDecoder implements AutoCloseable {

    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CHECKSUM = 2;
    private static final int RESERVED = 0xe0;
    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The field that the next byte belongs to. */
    private enum State {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CHECKSUM,
        DATA,
        TRAILER,
        UNDECIDED,
        OVER
    }

    private final boolean gzip;
    private final CRC32 checksum = new CRC32();
    private @Nullable Inflater inflater;
    private State state;
    private boolean fed;
    private int flags;
    /** The number of bytes of the current field, and its value so far. */
    private int count;

    private long value;

    private ContentDecoder(boolean gzip) {
        this.gzip = gzip;
        this.state = gzip ? State.FIXED : State.UNDECIDED;
    }

    /** Returns a decoder of this coding, or null if it is not supported. */
    public static @Nullable ContentDecoder of(String coding) {
        return switch (coding) {
            case "gzip", "x-gzip" -> new ContentDecoder(true);
            case "deflate", "x-deflate" -> new ContentDecoder(false);
            default -> null;
        };
    }

    /** Returns whether {@link #of} has a decoder of this coding. */
    public static boolean isDecoded(String coding) {
        return switch (coding) {
            case "gzip", "x-gzip", "deflate", "x-deflate" -> true;
            default -> false;
        };
    }

    /**
     * Returns the content codings of a body in the order in which they were applied, in lower case, without
     * {@code identity}.
     */
    public static List<String> codings(Headers headers) {
        return headers.contains("content-encoding") ? tokens(headers.all("content-encoding"), "identity") : List.of();
    }

    /**
     * Returns the elements of a list header (RFC 9110 §5.6.1) in lower case, without empty ones and the omitted one.
     */
    public static List<String> tokens(List<String> values, String omitted) {
        List<String> tokens = new ArrayList<>(2);
        for (String value : values) {
            for (String element : value.split(",", -1)) {
                String token = element.strip().toLowerCase(Locale.ROOT);
                if (!token.isEmpty() && !token.equals(omitted)) {
                    tokens.add(token);
                }
            }
        }
        return tokens;
    }

    /**
     * Decodes from one buffer into another until either is exhausted. If the output is full afterwards, more of it may
     * be pending even though no input is left.
     *
     * @throws DataFormatException if the bytes are not in the coding; the message says what is wrong with the body and
     *     quotes none of it
     */
    public void decode(ByteBuffer in, ByteBuffer out) throws DataFormatException {
        fed |= in.hasRemaining();
        while (state == State.DATA ? inflated(in, out) : in.hasRemaining()) {
            if (state != State.DATA) {
                next(in);
            }
        }
    }

    /** Inflates, and returns whether to continue: the data is complete and input is left. */
    private boolean inflated(ByteBuffer in, ByteBuffer out) throws DataFormatException {
        Inflater data = inflater();
        int before = out.position();
        data.setInput(in);
        try {
            data.inflate(out);
        } finally {
            data.setInput(NOTHING); // the buffer belongs to the caller
        }
        if (gzip && out.position() > before) {
            ByteBuffer made = out.duplicate();
            made.flip().position(before);
            checksum.update(made);
        }
        if (data.finished()) {
            state = gzip ? State.TRAILER : State.OVER;
            return in.hasRemaining();
        }
        if (data.needsDictionary()) {
            throw new DataFormatException("needs a preset dictionary");
        }
        return false;
    }

    private Inflater inflater() {
        Inflater known = inflater;
        if (known == null) {
            known = new Inflater(true);
            inflater = known;
        }
        return known;
    }

    private void next(ByteBuffer in) throws DataFormatException {
        if (state == State.UNDECIDED) {
            decide(in);
            return;
        }
        if (state == State.OVER) {
            throw new DataFormatException("goes on behind its end");
        }
        int octet = in.get() & 0xff;
        if (state != State.TRAILER && state != State.HEADER_CHECKSUM) {
            checksum.update(octet);
        }
        switch (state) {
            case FIXED -> fixed(octet);
            case EXTRA_LENGTH -> {
                value |= (long) octet << (8 * count);
                if (++count == 2) {
                    count = (int) value;
                    enter(count > 0 ? State.EXTRA : after(State.EXTRA));
                }
            }
            case EXTRA -> {
                if (--count == 0) {
                    enter(after(State.EXTRA));
                }
            }
            case NAME, COMMENT -> {
                if (octet == 0) {
                    enter(after(state));
                }
            }
            case HEADER_CHECKSUM -> {
                value |= (long) octet << (8 * count);
                if (++count == 2) {
                    if (value != (checksum.getValue() & 0xffff)) {
                        throw new DataFormatException("has a header with another checksum than announced");
                    }
                    enter(State.DATA);
                }
            }
            default -> trailer(octet);
        }
    }

    /** Reads the first ten bytes of a member: two of magic, the method, the flags, and six that are ignored. */
    private void fixed(int octet) throws DataFormatException {
        boolean good = switch (count) {
            case 0 -> octet == 0x1f;
            case 1 -> octet == 0x8b;
            case 2 -> octet == 8;
            case 3 -> (octet & RESERVED) == 0;
            default -> true;
        };
        if (!good) {
            throw new DataFormatException("has no gzip member where one has to begin");
        }
        if (count == 3) {
            flags = octet;
        }
        if (++count == FIXED_HEADER) {
            enter((flags & EXTRA) != 0 ? State.EXTRA_LENGTH : after(State.EXTRA));
        }
    }

    /** Returns the next field among those that this member has. */
    private State after(State field) {
        if (field == State.EXTRA && (flags & NAME) != 0) {
            return State.NAME;
        }
        if (field != State.COMMENT && (flags & COMMENT) != 0) {
            return State.COMMENT;
        }
        return (flags & HEADER_CHECKSUM) != 0 ? State.HEADER_CHECKSUM : State.DATA;
    }

    private void enter(State field) {
        state = field;
        if (field != State.EXTRA) {
            count = 0;
            value = 0;
        }
        if (field == State.DATA) {
            checksum.reset();
            inflater().reset();
        }
    }

    /** Reads the checksum and length of the member's data, least significant byte first. */
    private void trailer(int octet) throws DataFormatException {
        value |= (long) octet << (8 * count);
        if (++count < TRAILER) {
            return;
        }
        if ((value & 0xffff_ffffL) != checksum.getValue()) {
            throw new DataFormatException("has data with another checksum than announced");
        }
        if ((value >>> 32) != (inflater().getBytesWritten() & 0xffff_ffffL)) {
            throw new DataFormatException("has data of another length than announced");
        }
        checksum.reset();
        enter(State.FIXED);
    }

    /**
     * Tells zlib from the bare format by the first two bytes: no encoder of the bare format sets the padding that would
     * look like zlib.
     */
    private void decide(ByteBuffer in) throws DataFormatException {
        if (count == 0 && in.remaining() == 1) {
            value = in.get() & 0xff;
            count = 1;
            return;
        }
        int first = count == 1 ? (int) value : in.get(in.position()) & 0xff;
        int second = in.get(in.position() + 1 - count) & 0xff;
        boolean zlib = (first & 0x0f) == 8 && (first >> 4) <= 7 && ((first << 8) | second) % 31 == 0;
        Inflater data = new Inflater(!zlib);
        inflater = data;
        if (count == 1) {
            data.setInput(new byte[] {(byte) first});
            data.inflate(new byte[1]); // one byte yields no output
        }
        state = State.DATA;
    }

    /** Returns whether a body may end here: between two members, after the end, or before the first byte. */
    public boolean isAtEnd() {
        return !fed || state == State.OVER || (state == State.FIXED && count == 0);
    }

    /** Releases native memory. Nothing can be decoded afterwards. */
    @Override
    public void close() {
        Inflater open = inflater;
        if (open != null) {
            open.end();
        }
    }
}
