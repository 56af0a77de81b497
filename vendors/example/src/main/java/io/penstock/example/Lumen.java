package io.penstock.example;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.example.model.Lamp;
import io.penstock.example.model.NewOrder;
import io.penstock.example.model.Order;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import java.util.List;
import reactor.core.publisher.Mono;

/** The typed operations of Lumen. {@link #client()} sends all other requests. */
public final class Lumen implements AutoCloseable {

    // guide: payloads
    static final Paging LAMP_PAGES = Paging.number("page", 1).untilPage("/pages");
    static final Payload<Page<Lamp>> LAMPS = Payload.page(Lamp.class, List.of("lamps"), List.of());
    static final Payload<Lamp> LAMP = Payload.json(Lamp.class).inside("lamp");
    static final Payload<Order> ORDER = Payload.json(Order.class).inside("order");
    // guide: end

    // guide: entry
    private final ApiClient client;

    private Lumen(ApiClient client) {
        this.client = client;
    }

    /** Returns Lumen with the given key and the documented settings. */
    public static Lumen connect(Secret key) {
        return over(configure().secret(key).build());
    }

    /** Returns a builder for a client of Lumen. Give the client to {@link #over}. */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(LumenVendor.SPEC);
    }

    /** Returns Lumen over the given client. {@link #close()} closes that client too. */
    public static Lumen over(ApiClient client) {
        return new Lumen(client);
    }

    /** Returns the client, for operations without a typed method. */
    public ApiClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }
    // guide: end

    // guide: operations
    /** Fetches a lamp. */
    public Mono<Lamp> lamp(String id) {
        return client.value(ApiRequest.get("lamps/{id}").path("id", id).as(LAMP));
    }

    /** Reads the catalogue page by page. */
    public Pages<Lamp> lamps() {
        return client.pages(ApiRequest.get("lamps").as(LAMPS), LAMP_PAGES);
    }

    /** Orders lamps: once per key, no matter how often the request is sent. */
    public Mono<Order> order(NewOrder order, IdempotencyKey key) {
        return client.value(
                ApiRequest.post("orders").body(order).idempotencyKey(key).as(ORDER));
    }

    /** Orders lamps without a key. It fails with {@code MAYBE_PROCESSED} rather than order twice. */
    public Mono<Order> order(NewOrder order) {
        return client.value(ApiRequest.post("orders").body(order).as(ORDER));
    }
    // guide: end
}
