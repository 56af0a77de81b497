package io.penstock.webhook;

import io.penstock.error.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The signature scheme of an API's webhooks, as data: a header with elements such as {@code t=1714410069,v1=5cf3…}. One
 * element is the time of signing in seconds since the epoch; every element with the signature's name is a signature in
 * hex.
 *
 * @param header the header's name
 * @param timestampElement the name of the element that holds the time
 * @param signatureElement the name of the elements that hold signatures; elements with other names are ignored
 * @param algorithm the MAC algorithm, by its JDK name
 * @param content the content that is signed
 */
public record SignatureScheme(
        String header, String timestampElement, String signatureElement, String algorithm, SignedContent content) {

    /** The signed content, composed of the time as it appears in the header and the body as it arrived. */
    @FunctionalInterface
    public interface SignedContent {

        /** The time, a full stop, and the body. */
        SignedContent TIMESTAMP_DOT_BODY =
                (timestamp, body) -> List.of((timestamp + ".").getBytes(StandardCharsets.US_ASCII), body);

        /** The body alone. An observer of one delivery can replay it with another time. */
        SignedContent BODY = (timestamp, body) -> List.of(body);

        /** Returns the signed bytes, in parts. */
        List<byte[]> of(String timestamp, byte[] body);
    }

    /** Checks that no name is blank; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public SignatureScheme {
        for (String name : List.of(header, timestampElement, signatureElement, algorithm)) {
            if (name.isBlank()) {
                throw ApiException.invalidConfiguration("signature scheme: a blank name (expected: header, elements and"
                        + " algorithm as the API documents them)");
            }
        }
    }

    /** Returns a scheme with the elements {@code t} and {@code v1}, and HMAC-SHA-256 over time, full stop and body. */
    public static SignatureScheme timestamped(String header) {
        return new SignatureScheme(header, "t", "v1", "HmacSHA256", SignedContent.TIMESTAMP_DOT_BODY);
    }

    /** Returns a copy that signs other content. */
    public SignatureScheme withContent(SignedContent newContent) {
        return new SignatureScheme(header, timestampElement, signatureElement, algorithm, newContent);
    }

    /** Returns a copy with another MAC algorithm. */
    public SignatureScheme withAlgorithm(String newAlgorithm) {
        return new SignatureScheme(header, timestampElement, signatureElement, newAlgorithm, content);
    }
}
