package io.penstock.test.proof;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request as the server reads it: whole, or not there. */
record WireRequest(String method, String path, @Nullable String key, int length) {

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: (\\d+)\r\n", Pattern.CASE_INSENSITIVE);
    private static final Pattern KEY_HEADER =
            Pattern.compile("\r\nidempotency-key: ([^\r]*)\r\n", Pattern.CASE_INSENSITIVE);
    private static final Pattern KEY_MEMBER = Pattern.compile("\"idempotency_key\":\"([^\"]*)\"");

    /** The request, or null while bytes are missing. */
    static @Nullable WireRequest of(byte[] bytes, int count) {
        String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return null;
        }
        String head = text.substring(0, headEnd + 2);
        int bodyStart = headEnd + 4;
        Matcher declared = LENGTH.matcher(head);
        int length = bodyStart + (declared.find() ? Integer.parseInt(declared.group(1)) : 0);
        if (count < length) {
            return null;
        }
        String body = text.substring(bodyStart, length);
        String[] line = head.substring(0, head.indexOf('\r')).split(" ", -1);
        return new WireRequest(line[0], line[1], key(head, body), length);
    }

    private static @Nullable String key(String head, String body) {
        Matcher header = KEY_HEADER.matcher(head);
        if (header.find()) {
            return header.group(1);
        }
        Matcher member = KEY_MEMBER.matcher(body);
        return member.find() ? member.group(1) : null;
    }
}
