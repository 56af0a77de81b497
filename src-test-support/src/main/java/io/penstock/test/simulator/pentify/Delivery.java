package io.penstock.test.simulator.pentify;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * One delivery to a webhook (page "webhooks"): a POST of JSON with {@code pentify-signature: t=…,v1=…}. The receiver
 * must answer within 5 s. The signed content is undocumented. This simulator signs the time, a full stop and the body
 * with HMAC-SHA-256, in hex, as in the widespread scheme of that form.
 */
final class Delivery {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private Delivery() {}

    static String signature(String secret, long epochSeconds, byte[] event) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((epochSeconds + ".").getBytes(StandardCharsets.US_ASCII));
            return "t=" + epochSeconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(event));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Emits the status of the response. */
    static Mono<Integer> send(String url, String signature, byte[] event) {
        return HttpClient.newConnection()
                .responseTimeout(TIMEOUT)
                .headers(headers ->
                        headers.set("content-type", "application/json").set("pentify-signature", signature))
                .post()
                .uri(url)
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(event)))
                .response()
                .map(response -> response.status().code());
    }
}
