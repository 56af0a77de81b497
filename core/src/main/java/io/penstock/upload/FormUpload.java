package io.penstock.upload;

import io.penstock.annotation.Internal;
import io.penstock.body.JsonCodec;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A form of texts and files, sent as {@code multipart/form-data} with its exact length. Names are written as browsers
 * write them (RFC 7578 §4.2, WHATWG form encoding): UTF-8, with {@code "}, CR and LF as {@code %22}, {@code %0D} and
 * {@code %0A}, and without {@code filename*}, which RFC 7578 forbids. Every form has its own boundary, which all its
 * attempts use.
 */
public final class FormUpload implements Upload {

    static final FormUpload EMPTY = new FormUpload(newBoundary(), List.of());

    private static final String OCTETS = "application/octet-stream";

    private final String boundary;
    private final List<Part> parts;

    private FormUpload(String boundary, List<Part> parts) {
        this.boundary = boundary;
        this.parts = parts;
    }

    /** One field: its head, and a text or a file. */
    private record Part(
            String head, @Nullable String text, @Nullable Path file) {}

    /** Adds a field; a name may occur several times. A null value adds nothing. */
    public FormUpload text(String name, @Nullable Object value) {
        return value == null
                ? this
                : plus(new Part(
                        "content-disposition: form-data; name=\"" + quoted("part", name) + '"',
                        wellFormed("part " + printable(name), value.toString()),
                        null));
    }

    /** Adds a file under its own name, as {@code application/octet-stream}. */
    public FormUpload file(String name, Path file) {
        Path last = file.getFileName();
        if (last == null) {
            throw ApiException.invalidRequest("part " + printable(name) + ": " + file + " (expected: a file)");
        }
        return file(name, file, last.toString(), OCTETS);
    }

    /** Adds a file with the name to send to the server, and with its media type. */
    public FormUpload file(String name, Path file, String fileName, String contentType) {
        Headers.checkSendable("content-type", contentType);
        return plus(new Part(
                "content-disposition: form-data; name=\"" + quoted("part", name) + "\"; filename=\""
                        + quoted("file", fileName) + "\"\r\ncontent-type: " + contentType,
                null,
                file));
    }

    private FormUpload plus(Part part) {
        List<Part> longer = new ArrayList<>(parts);
        longer.add(part);
        return new FormUpload(parts.isEmpty() ? newBoundary() : boundary, List.copyOf(longer));
    }

    /** Returns a boundary with 128 random bits, so that files need not be searched for it. */
    private static String newBoundary() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return String.format(Locale.ROOT, "penstock-%016x%016x", random.nextLong(), random.nextLong());
    }

    private static String quoted(String what, String name) {
        if (name.isEmpty()) {
            throw ApiException.invalidRequest("name of a " + what + ": empty (expected: at least one character)");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c) && c != '\r' && c != '\n') {
                throw ApiException.invalidRequest("name of a " + what + ": " + printable(name) + ", character "
                        + (i + 1) + " is U+" + String.format(Locale.ROOT, "%04X", (int) c)
                        + " (expected: no control characters but line breaks)");
            }
        }
        return wellFormed("name of a " + what, name)
                .replace("\"", "%22")
                .replace("\r", "%0D")
                .replace("\n", "%0A");
    }

    /** Rejects unpaired surrogates: they have no bytes in UTF-8 and would arrive as a question mark. */
    private static String wellFormed(String what, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw ApiException.invalidRequest(
                    what + ": not well-formed, with half of a surrogate pair (expected: text that UTF-8 can encode)");
        }
        return text;
    }

    private static String printable(String name) {
        StringBuilder printable = new StringBuilder();
        name.codePoints()
                .limit(64)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    @Override
    public String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public RequestBody encode(JsonCodec codec, @Nullable Key key, @Nullable Consumer<Progress> listener) {
        Key.refuse(key, "a form");
        if (parts.isEmpty()) {
            throw ApiException.invalidRequest("body: a form without a part (expected: at least one)");
        }
        List<Piece> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append("--").append(boundary).append("\r\n").append(part.head).append("\r\n\r\n");
            if (part.file != null) {
                pieces.add(literal(text));
                pieces.add(new Piece.Raw(part.file));
                text.setLength(0);
            } else {
                text.append(part.text);
            }
            text.append("\r\n");
        }
        pieces.add(literal(text.append("--").append(boundary).append("--\r\n")));
        return new FileBody(pieces, listener);
    }

    private static Piece literal(StringBuilder text) {
        return new Piece.Literal(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the number of parts only: their names and values may be sensitive. */
    @Override
    public String toString() {
        return "form of " + parts.size() + " parts";
    }
}
