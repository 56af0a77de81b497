package io.penstock.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies in a content coding. */
final class Codings {

    private Codings() {}

    static byte[] gzip(byte[] plain) {
        return coded("gzip", plain);
    }

    /** Encodes as {@code gzip}, as {@code zlib}, which RFC 9110 calls deflate, or without zlib's head. */
    static byte[] coded(String coding, byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream coder = switch (coding) {
            case "gzip" -> new GZIPOutputStream(out);
            case "zlib" -> new DeflaterOutputStream(out);
            default -> new DeflaterOutputStream(out, new Deflater(6, true));
        }) {
            coder.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
