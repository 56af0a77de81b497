package io.penstock.pentify;

import io.penstock.http.Secret;
import io.penstock.pentify.model.PentifyEvent;
import io.penstock.webhook.DuplicateGuard;
import io.penstock.webhook.SignatureScheme;
import io.penstock.webhook.WebhookReceiver;
import io.penstock.webhook.WebhookVerifier;
import java.time.Duration;

/** The events that Pentify delivers (page "webhooks"). */
public final class PentifyWebhooks {

    /**
     * {@code pentify-signature: t=…,v1=…}. What is signed is not documented: the time, a full stop and the body, by
     * HMAC-SHA-256, is what headers of this form usually mean. {@link SignatureScheme#withContent} and {@link
     * SignatureScheme#withAlgorithm} make another scheme of it.
     */
    public static final SignatureScheme SIGNATURE = SignatureScheme.timestamped("pentify-signature");

    /** An event is delivered again after 1 min, 5 min, 30 min, 2 h and 12 h; an hour more for what is late. */
    public static final Duration DELIVERED_FOR = Duration.ofMinutes(1 + 5 + 30 + 120 + 720 + 60);

    private static final int REMEMBERED_EVENTS = 100_000;

    private PentifyWebhooks() {}

    /** A verifier for the webhook with that secret. */
    public static WebhookVerifier verifier(Secret secret) {
        return WebhookVerifier.of(SIGNATURE, secret);
    }

    /**
     * A receiver that remembers in memory, for as long as Pentify goes on delivering, which events have been acted on. Pentify
     * waits 5 s for an answer: what takes longer is better handed to somebody else than done in the action.
     */
    public static WebhookReceiver<PentifyEvent> receiver(Secret secret) {
        return receiver(verifier(secret), DuplicateGuard.inMemory(REMEMBERED_EVENTS, DELIVERED_FOR));
    }

    /** A receiver with a verifier and a guard of your own, such as one over a store that several instances share. */
    public static WebhookReceiver<PentifyEvent> receiver(WebhookVerifier verifier, DuplicateGuard guard) {
        return new WebhookReceiver<>(verifier, guard, PentifyEvent.class, PentifyEvent::id);
    }
}
