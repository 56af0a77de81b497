package io.penstock.download;

import io.penstock.http.Headers;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The name in a {@code Content-Disposition} (RFC 6266), sanitized for use as a file name: it comes from the server and
 * cannot be trusted.
 */
final class FileName {

    private static final int MOST_BYTES = 200;
    private static final int LONGEST_EXTENSION = 20;
    private static final String RESERVED_CHARACTERS = "<>:\"|?*";

    /** The names of devices on Windows, which are reserved with any extension. */
    private static final Set<String> RESERVED = Set.of(
            "con", "prn", "aux", "nul", "conin$", "conout$", "com0", "com1", "com2", "com3", "com4", "com5", "com6",
            "com7", "com8", "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private FileName() {}

    /** Returns the name that the head gives, or null if it gives no usable one. */
    static @Nullable String of(Headers headers) {
        String disposition = headers.first("content-disposition");
        if (disposition == null) {
            return null;
        }
        Map<String, String> parameters = parameters(disposition);
        String extended = parameters.get("filename*");
        String name = extended == null ? null : extended(extended);
        if (name == null || sanitised(name) == null) {
            name = parameters.get("filename"); // RFC 6266 §4.3: the extended one is preferred if it can be read
        }
        return name == null ? null : sanitised(name);
    }

    /** Returns the parameters by lower-case name, the first of each name; quoted values without their quotes. */
    private static Map<String, String> parameters(String disposition) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int at = disposition.indexOf(';');
        while (at >= 0 && at < disposition.length()) {
            int equals = disposition.indexOf('=', at + 1);
            if (equals < 0) {
                break;
            }
            String name = disposition.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            at = value(disposition, equals + 1, value);
            parameters.putIfAbsent(name, value.toString());
        }
        return parameters;
    }

    /** Reads a token or a quoted string (RFC 9110 §5.6.4); returns the index of the next semicolon, or -1. */
    private static int value(String text, int from, StringBuilder value) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length() || text.charAt(at) != '"') {
            int end = text.indexOf(';', at);
            value.append(text.substring(at, end < 0 ? text.length() : end).strip());
            return end;
        }
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at));
        }
        return text.indexOf(';', at);
    }

    /** Decodes {@code charset'language'percent-encoded} (RFC 8187 §3.2); returns null if it cannot be decoded. */
    private static @Nullable String extended(String value) {
        String[] parts = value.split("'", 3);
        if (parts.length != 3) {
            return null;
        }
        Charset charset = switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "utf-8" -> StandardCharsets.UTF_8;
            case "iso-8859-1" -> StandardCharsets.ISO_8859_1;
            default -> null;
        };
        if (charset == null) {
            return null;
        }
        try {
            String bytes = URLDecoder.decode(parts[2].replace("+", "%2B"), StandardCharsets.ISO_8859_1);
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null; // invalid percent-encoding: treated as missing
        }
    }

    /** Returns a name that stays in its directory and is valid on every system; null if nothing is left of it. */
    static @Nullable String sanitised(String raw) {
        String last = raw.substring(Math.max(raw.lastIndexOf('/'), raw.lastIndexOf('\\')) + 1);
        StringBuilder clean = new StringBuilder(last.length());
        last.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                return;
            }
            clean.appendCodePoint(RESERVED_CHARACTERS.indexOf(c) >= 0 ? '_' : c);
        });
        String name = withoutTrailing(clean.toString().strip().replaceFirst("^[. ]+", ""));
        if (name.isEmpty()) {
            return null;
        }
        name = withoutTrailing(shortened(name)); // a cut may end behind another dot or blank
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).strip();
        return RESERVED.contains(stem.toLowerCase(Locale.ROOT)) ? "_" + name : name;
    }

    private static String withoutTrailing(String name) {
        return name.replaceFirst("[. ]+$", "");
    }

    /** Shortens a name, keeping the extension. File systems allow 255 bytes; some are reserved for a suffix. */
    private static String shortened(String name) {
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && name.length() - dot <= LONGEST_EXTENSION ? name.substring(dot) : "";
        StringBuilder stem = new StringBuilder(name.substring(0, name.length() - extension.length()));
        int room = MOST_BYTES - extension.getBytes(StandardCharsets.UTF_8).length;
        while (stem.toString().getBytes(StandardCharsets.UTF_8).length > room) {
            int before = stem.offsetByCodePoints(stem.length(), -1);
            stem.setLength(before);
        }
        return stem.append(extension).toString();
    }
}
