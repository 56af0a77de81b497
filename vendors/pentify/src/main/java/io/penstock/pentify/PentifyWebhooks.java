package io.penstock.pentify;

import io.penstock.http.Secret;
import io.penstock.pentify.model.PentifyEvent;
import io.penstock.webhook.DuplicateGuard;
import io.penstock.webhook.SignatureScheme;
import io.penstock.webhook.WebhookReceiver;
import io.penstock.webhook.WebhookVerifier;
import java.time.Duration;

/** Signatures, verifiers and receivers for the events that Pentify delivers (page "webhooks"). */
public final class PentifyWebhooks {

    /**
     * {@code pentify-signature: t=…,v1=…}. The signed content is not documented. This scheme is the usual meaning of
     * headers of this form: HMAC-SHA-256 over the time, a full stop and the body. Use
     * {@link SignatureScheme#withContent} and {@link SignatureScheme#withAlgorithm} to change it.
     */
    public static final SignatureScheme SIGNATURE = SignatureScheme.timestamped("pentify-signature");

    /**
     * The time over which an event is delivered again: after 1 min, 5 min, 30 min, 2 h and 12 h, plus an hour for late
     * deliveries.
     */
    public static final Duration DELIVERED_FOR = Duration.ofMinutes(1 + 5 + 30 + 120 + 720 + 60);

    private static final int REMEMBERED_EVENTS = 100_000;

    private PentifyWebhooks() {}

    /** Creates a verifier with the webhook's secret. */
    public static WebhookVerifier verifier(Secret secret) {
        return WebhookVerifier.of(SIGNATURE, secret);
    }

    /**
     * Creates a receiver that remembers handled events in memory for as long as Pentify may deliver them again. Pentify
     * waits 5 s for a response: hand longer work over to another thread or process.
     */
    public static WebhookReceiver<PentifyEvent> receiver(Secret secret) {
        return receiver(verifier(secret), DuplicateGuard.inMemory(REMEMBERED_EVENTS, DELIVERED_FOR));
    }

    /**
     * Creates a receiver with a custom verifier and guard, such as a guard over a store that several instances share.
     */
    public static WebhookReceiver<PentifyEvent> receiver(WebhookVerifier verifier, DuplicateGuard guard) {
        return new WebhookReceiver<>(verifier, guard, PentifyEvent.class, PentifyEvent::id);
    }
}
