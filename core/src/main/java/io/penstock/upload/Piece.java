package io.penstock.upload;

import java.nio.file.Path;

/** A part of a body. A body is a sequence of pieces. */
sealed interface Piece {

    /** Bytes in memory. */
    @SuppressWarnings("ArrayRecordComponent") // never compared and never changed
    record Literal(byte[] bytes) implements Piece {}

    /** The bytes of a file. */
    record Raw(Path file) implements Piece {}

    /** The bytes of a file in base64 (RFC 4648 §4, with padding, in one line). */
    record Base64(Path file) implements Piece {}

    /** Returns the length of a file of this size in base64. */
    static long base64Length(long size) {
        return (size + 2) / 3 * 4;
    }
}
