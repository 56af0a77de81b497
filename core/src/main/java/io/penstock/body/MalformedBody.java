package io.penstock.body;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * A body that does not match its payload. It tells the place and what was expected there, never what was found.
 *
 * @hidden
 */
@Internal
public final class MalformedBody extends Exception {

    private static final long serialVersionUID = 1L;

    private final String path;
    private final long offset;
    private final boolean cut;
    private final String expected;
    private final boolean misfit;

    MalformedBody(String path, long offset, boolean cut, String expected) {
        this(path, offset, cut, expected, false);
    }

    private MalformedBody(String path, long offset, boolean cut, String expected, boolean misfit) {
        super(expected, null, false, false);
        this.path = path;
        this.offset = offset;
        this.cut = cut;
        this.expected = expected;
        this.misfit = misfit;
    }

    /** Creates the error of a whole body, like {@link #of(JacksonException, boolean)}. */
    static MalformedBody of(JacksonException e, ByteBuf body) {
        return of(e, endsTooEarly(e, body));
    }

    /**
     * Returns whether the text ends prematurely. The library reports that only in some places: not after a comma, nor
     * inside {@code true}, {@code false}, {@code null} or after a decimal point.
     */
    private static boolean endsTooEarly(JacksonException e, ByteBuf body) {
        if (e instanceof UnexpectedEndOfInputException) {
            return true;
        }
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        long left = body.readableBytes() - offset;
        if (!(e instanceof StreamReadException) || e instanceof StreamConstraintsException || offset < 0 || left > 4) {
            return false;
        }
        String rest = left <= 0
                ? ""
                : body.toString(body.readerIndex() + (int) offset, (int) left, StandardCharsets.ISO_8859_1);
        return rest.equals(".")
                || Stream.of("true", "false", "null").anyMatch(t -> t.startsWith(rest) && !t.equals(rest));
    }

    /** Creates the error without the library's message, which quotes values. */
    public static MalformedBody of(JacksonException e, boolean cut) {
        String expected = "well-formed JSON";
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            expected = mismatch.getTargetType().getSimpleName();
        }
        String told = Tolerance.expectedBy(e);
        if (told != null) {
            expected = told;
        }
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        return new MalformedBody(JsonCodec.place(e), offset, cut, expected, !cut && Tolerance.mayHelp(e));
    }

    /** Returns whether the body ended too early. */
    public boolean cut() {
        return cut;
    }

    /** Returns whether the body is well-formed but holds a value that does not fit its type. */
    boolean isMisfit() {
        return misfit;
    }

    public String path() {
        return path;
    }

    /** Returns the offset from the start of the bytes that were read, or less than 0 if it is not known. */
    public long offset() {
        return offset;
    }

    public String expected() {
        return expected;
    }

    /** Returns place and expectation in one line. */
    public String describe() {
        return (cut ? "ends too early" : "unreadable") + " at " + path + (offset >= 0 ? " (byte " + offset + ")" : "")
                + ", expected: " + expected;
    }
}
