package io.penstock.webhook;

import io.penstock.error.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How an API signs what it sends, as data: one header of elements such as {@code t=1714410069,v1=5cf3…}, in which one element
 * is the time of signing in seconds since the epoch and every element of another name is a signature in hex.
 *
 * @param header the header's name
 * @param timestampElement the name of the element that holds the time
 * @param signatureElement the name of the elements that hold signatures; those of other names are ignored
 * @param algorithm the MAC, as the JDK names it
 * @param content what is signed
 */
public record SignatureScheme(
        String header, String timestampElement, String signatureElement, String algorithm, SignedContent content) {

    /** What is signed, made of the time as the header gives it and the body as it arrived. */
    @FunctionalInterface
    public interface SignedContent {

        /** The time, a full stop, the body. */
        SignedContent TIMESTAMP_DOT_BODY =
                (timestamp, body) -> List.of((timestamp + ".").getBytes(StandardCharsets.US_ASCII), body);

        /** The body alone: whoever has seen one delivery can send it again with another time. */
        SignedContent BODY = (timestamp, body) -> List.of(body);

        /** The bytes that are signed, in parts. */
        List<byte[]> of(String timestamp, byte[] body);
    }

    /** Refuses names that no header could hold. */
    public SignatureScheme {
        for (String name : List.of(header, timestampElement, signatureElement, algorithm)) {
            if (name.isBlank()) {
                throw ApiException.invalidConfiguration("signature scheme: a blank name (expected: header, elements and"
                        + " algorithm as the API documents them)");
            }
        }
    }

    /** Elements {@code t} and {@code v1}, HMAC-SHA-256 over time, full stop and body. */
    public static SignatureScheme timestamped(String header) {
        return new SignatureScheme(header, "t", "v1", "HmacSHA256", SignedContent.TIMESTAMP_DOT_BODY);
    }

    /** The same scheme over other content. */
    public SignatureScheme withContent(SignedContent newContent) {
        return new SignatureScheme(header, timestampElement, signatureElement, algorithm, newContent);
    }

    /** The same scheme with another MAC. */
    public SignatureScheme withAlgorithm(String newAlgorithm) {
        return new SignatureScheme(header, timestampElement, signatureElement, newAlgorithm, content);
    }
}
