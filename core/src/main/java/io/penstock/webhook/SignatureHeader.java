package io.penstock.webhook;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a signature header.
 *
 * @param timestamp the time as it appears in the header, digits only
 * @param seconds the time as a number
 * @param signatures the decoded signatures; those that are not hex are left out, as they match nothing
 */
record SignatureHeader(String timestamp, long seconds, List<byte[]> signatures) {

    private static final int MOST_CHARACTERS = 4096;
    private static final int MOST_SIGNATURES = 16;
    /**
     * The maximum number of digits of a time, which reach into the year 33658: more could overflow and make no sense.
     */
    private static final int MOST_DIGITS = 12;

    /** Parses a header; returns null if it is malformed. */
    static @Nullable SignatureHeader parse(SignatureScheme scheme, String header) {
        if (header.length() > MOST_CHARACTERS) {
            return null;
        }
        String timestamp = null;
        int count = 0;
        List<byte[]> signatures = new ArrayList<>();
        for (int from = 0; from <= header.length(); ) {
            int comma = header.indexOf(',', from);
            int to = comma < 0 ? header.length() : comma;
            String element = header.substring(from, to).strip();
            from = to + 1;
            int equals = element.indexOf('=');
            if (equals <= 0) {
                return null;
            }
            String name = element.substring(0, equals);
            String value = element.substring(equals + 1);
            if (name.equals(scheme.timestampElement())) {
                if (timestamp != null || !isTime(value)) {
                    return null;
                }
                timestamp = value;
            } else if (name.equals(scheme.signatureElement())) {
                count++;
                decode(value, signatures);
            }
        }
        return timestamp == null || count == 0 || count > MOST_SIGNATURES
                ? null
                : new SignatureHeader(timestamp, Long.parseLong(timestamp), List.copyOf(signatures));
    }

    private static boolean isTime(String value) {
        return !value.isEmpty()
                && value.length() <= MOST_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static void decode(String value, List<byte[]> signatures) {
        if (value.length() % 2 == 0 && value.chars().allMatch(HexFormat::isHexDigit)) {
            signatures.add(HexFormat.of().parseHex(value));
        }
    }
}
