package io.penstock.upload;

import io.penstock.annotation.Internal;
import io.penstock.body.JsonCodec;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document in which some texts are files in base64. The files are encoded while they are sent, and the exact
 * length is known in advance. A file of any size takes no more memory than one chunk of it.
 */
public final class JsonUpload implements Upload {

    private final Object value;
    private final List<Member> members;

    private JsonUpload(Object value, List<Member> members) {
        this.value = value;
        this.members = members;
    }

    private record Member(String pointer, String prefix, Path file) {}

    static JsonUpload of(Object value) {
        return new JsonUpload(value, List.of());
    }

    /**
     * Puts a file at this place, in base64.
     *
     * @param pointer a JSON pointer (RFC 6901) to a member of an existing object, or to an existing element of an
     *     array; the document's value at this place is replaced
     */
    public JsonUpload base64(String pointer, Path file) {
        return plus(new Member(pointer, "", file));
    }

    /** Puts a file at this place as a {@code data:} URI (RFC 2397): {@code data:<mediaType>;base64,…}. */
    public JsonUpload dataUri(String pointer, Path file, String mediaType) {
        Headers.checkSendable("content-type", mediaType);
        if (mediaType.isBlank() || mediaType.contains(",")) {
            throw ApiException.invalidRequest("media type of " + pointer + ": \"" + mediaType
                    + "\" (expected: one such as image/png, without a comma)");
        }
        return plus(new Member(pointer, "data:" + mediaType + ";base64,", file));
    }

    private JsonUpload plus(Member member) {
        for (Member other : members) {
            if (other.pointer.equals(member.pointer)) {
                throw ApiException.invalidRequest(
                        "body: two files at " + member.pointer + " (expected: one for each place)");
            }
        }
        List<Member> longer = new ArrayList<>(members);
        longer.add(member);
        return new JsonUpload(value, List.copyOf(longer));
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    /**
     * Encodes the document once, with a random mark in place of each file, and cuts it at the marks.
     *
     * @hidden
     */
    @Internal
    @Override
    public RequestBody encode(JsonCodec codec, @Nullable Key key, @Nullable Consumer<Progress> listener) {
        Object document = value;
        List<String> marks = new ArrayList<>();
        for (Member member : members) {
            String mark = newMark();
            marks.add(mark);
            document = codec.with(document, member.pointer, member.prefix + mark);
        }
        byte[] encoded = key == null ? codec.encode(document) : codec.encodeWith(document, key.member(), key.text());
        List<Piece> pieces = new ArrayList<>();
        // Marks are ASCII, so each of their bytes in UTF-8 is one character in ISO 8859-1.
        String text = new String(encoded, StandardCharsets.ISO_8859_1);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < marks.size(); i++) {
            order.add(i);
        }
        order.sort((a, b) -> Integer.compare(text.indexOf(marks.get(a)), text.indexOf(marks.get(b))));
        int from = 0;
        for (int i : order) {
            int at = text.indexOf(marks.get(i));
            if (at < from) {
                throw ApiException.invalidRequest("body: the place " + members.get(i).pointer
                        + " was overwritten by another one (expected: places that do not contain each other)");
            }
            pieces.add(new Piece.Literal(Arrays.copyOfRange(encoded, from, at)));
            pieces.add(new Piece.Base64(members.get(i).file));
            from = at + marks.get(i).length();
        }
        pieces.add(new Piece.Literal(Arrays.copyOfRange(encoded, from, encoded.length)));
        return new FileBody(pieces, listener);
    }

    private static String newMark() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return String.format(Locale.ROOT, "penstock.%016x%016x", random.nextLong(), random.nextLong());
    }

    /** Returns the places of the files only: the document may be sensitive. */
    @Override
    public String toString() {
        return "JSON with files at " + members.stream().map(Member::pointer).toList();
    }
}
