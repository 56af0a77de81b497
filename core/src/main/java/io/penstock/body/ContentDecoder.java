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
 * Decoder of one body in the content coding gzip or deflate (RFC 9110 §8.4.1), fed part by part as the body arrives. It
 * knows whether the coding has come to its end, so that a body that was cut inside intact framing is told from a whole one.
 *
 * <p>Gzip is a series of members (RFC 1952 §2.2), each with its checksum and length. Deflate is the zlib format (RFC 1950),
 * or the bare format (RFC 1951) that some servers send under that name. Not safe for use by several threads.
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

    /** What the next byte belongs to. */
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
    /** Bytes of the present field, and their value as it is put together. */
    private int count;

    private long value;

    private ContentDecoder(boolean gzip) {
        this.gzip = gzip;
        this.state = gzip ? State.FIXED : State.UNDECIDED;
    }

    /** Returns a decoder of that coding, or null if it is not decoded. */
    public static @Nullable ContentDecoder of(String coding) {
        return switch (coding) {
            case "gzip", "x-gzip" -> new ContentDecoder(true);
            case "deflate", "x-deflate" -> new ContentDecoder(false);
            default -> null;
        };
    }

    /** Returns whether {@link #of} has a decoder of that coding. */
    public static boolean isDecoded(String coding) {
        return switch (coding) {
            case "gzip", "x-gzip", "deflate", "x-deflate" -> true;
            default -> false;
        };
    }

    /** Returns the content codings of a body in the order of their application, in lower case, without {@code identity}. */
    public static List<String> codings(Headers headers) {
        return headers.contains("content-encoding") ? tokens(headers.all("content-encoding"), "identity") : List.of();
    }

    /** Returns the elements of a list header (RFC 9110 §5.6.1) in lower case, without the empty ones and one other. */
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
     * Decodes from one buffer into another until either is exhausted. Where the output is full afterwards, more of it may be
     * waiting even though no input is left.
     *
     * @throws DataFormatException if the bytes are not of the coding; the message says what the body does, and quotes none of it
     */
    public void decode(ByteBuffer in, ByteBuffer out) throws DataFormatException {
        fed |= in.hasRemaining();
        while (state == State.DATA ? inflated(in, out) : in.hasRemaining()) {
            if (state != State.DATA) {
                next(in);
            }
        }
    }

    /** Whether to go on after inflating: the data is over, or there is room and input left. */
    private boolean inflated(ByteBuffer in, ByteBuffer out) throws DataFormatException {
        Inflater data = inflater();
        int before = out.position();
        data.setInput(in);
        try {
            data.inflate(out);
        } finally {
            data.setInput(NOTHING); // the buffer is the caller's
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

    /** The first ten bytes of a member: two of magic, the method, flags, and six that do not matter. */
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

    /** The field that follows, of those that this member has. */
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

    /** Checksum and length of the member's data, the least significant byte first. */
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

    /** Two bytes tell zlib from the bare format, of which no encoder sets the padding that would look like zlib. */
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
            data.inflate(new byte[1]); // nothing comes of one byte
        }
        state = State.DATA;
    }

    /** Returns whether a body may end here: between two members, behind the end, or before the first byte. */
    public boolean isAtEnd() {
        return !fed || state == State.OVER || (state == State.FIXED && count == 0);
    }

    /** Lets go of native memory. Nothing can be decoded afterwards. */
    @Override
    public void close() {
        Inflater open = inflater;
        if (open != null) {
            open.end();
        }
    }
}
