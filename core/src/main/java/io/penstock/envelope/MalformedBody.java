package io.penstock.envelope;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;

/** A body that is not what the payload promised: where, and what was expected. Never what stood there. */
final class MalformedBody extends Exception {

    private static final long serialVersionUID = 1L;

    private final String path;
    private final long offset;
    private final boolean cut;
    private final String expected;

    MalformedBody(String path, long offset, boolean cut, String expected) {
        super(expected, null, false, false);
        this.path = path;
        this.offset = offset;
        this.cut = cut;
        this.expected = expected;
    }

    /** The library's message is left behind: it quotes values. */
    static MalformedBody of(JacksonException e, boolean cut) {
        String expected = "well-formed JSON";
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            expected = mismatch.getTargetType().getSimpleName();
        }
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        return new MalformedBody(JsonCodec.place(e), offset, cut, expected);
    }

    /** Whether the body ended too early. */
    boolean cut() {
        return cut;
    }

    String path() {
        return path;
    }

    /** From the start of what was read, or less than 0 where that is not known. */
    long offset() {
        return offset;
    }

    String expected() {
        return expected;
    }

    /** Place and expectation in one line. */
    String describe() {
        return (cut ? "ends too early" : "unreadable") + " at " + path + (offset >= 0 ? " (byte " + offset + ")" : "")
                + ", expected: " + expected;
    }
}
