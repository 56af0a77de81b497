package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.http.RawQuery;
import io.penstock.http.Secret;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credential of an attempt in the form in which it is sent: in headers, or in the query. Attempts share one object
 * for as long as the credential stays the same.
 *
 * @param secret the secret or token
 * @param headers alternating names and checked values; empty if it goes into the query
 * @param names the names of the query parameters; empty if it goes into headers
 * @param query the encoded pairs of the query; null if it goes into headers
 * @param texts the texts that must not be shown: the secret and its parts
 * @hidden
 */
@Internal
public record SentCredential(
        Secret secret,
        List<String> headers,
        List<String> names,
        @Nullable String query,
        List<String> texts) {

    /**
     * Returns the target of a redirect without the credential that a server has copied into its query. Within the origin,
     * the parameter goes altogether, because the next attempt adds it again. A foreign origin may have a parameter of the
     * same name, such as a signature, so only the value decides.
     *
     * @param within whether the target belongs to the origin of the credential
     */
    URI removedFrom(URI target, boolean within) {
        return names.isEmpty()
                ? target
                : RawQuery.without(target, (name, value) -> within ? names.contains(name) : texts.contains(value));
    }

    /** Returns nothing of the credential. */
    @Override
    public String toString() {
        return "SentCredential[****]";
    }
}
