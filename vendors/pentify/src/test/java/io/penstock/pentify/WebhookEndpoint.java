package io.penstock.pentify;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.penstock.webhook.WebhookReceiver;
import java.io.ByteArrayOutputStream;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * An endpoint for webhooks on Reactor Netty, to be copied: {@code routes.post("/hook", new WebhookEndpoint<>(receiver,
 * action)::handle)}. It answers 204 to what is done or was done before, 400 and 401 to what is not understood or not
 * believed, 413 to what is too large, and, so that the event is delivered again, 500 where the action fails and 503 while
 * another delivery of it is being acted on. Nothing in it blocks; what the action blocks with belongs on another scheduler.
 */
final class WebhookEndpoint<E> {

    private static final int LARGEST_BODY = 256 * 1024;

    private final WebhookReceiver<E> receiver;
    private final Function<E, Mono<Void>> action;

    WebhookEndpoint(WebhookReceiver<E> receiver, Function<E, Mono<Void>> action) {
        this.receiver = receiver;
        this.action = action;
    }

    // guide: handle
    Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        String signature = request.requestHeaders().get(receiver.header());
        return request.receive()
                .asByteArray()
                .collect(ByteArrayOutputStream::new, WebhookEndpoint::append)
                .flatMap(body -> receiver.receive(signature, body.toByteArray(), action))
                .map(WebhookReceiver.Outcome::status)
                .onErrorResume(error -> Mono.just(error instanceof TooLarge ? 413 : 500))
                .flatMap(status -> {
                    if (status == 413) {
                        response.header(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                    }
                    return response.status(status).send();
                });
    }
    // guide: end

    private static void append(ByteArrayOutputStream body, byte[] part) {
        if (body.size() + part.length > LARGEST_BODY) {
            throw new TooLarge();
        }
        body.writeBytes(part);
    }

    private static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("body over " + LARGEST_BODY + " bytes", null, false, false);
        }
    }
}
