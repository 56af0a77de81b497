package io.penstock.benchmarks.loopback;

import java.util.List;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** A kind of call. */
enum Scenario {
    /** A GET with a JSON object of 200 bytes as its response. */
    GET_SMALL("get-small", Scenario.ITEM_PATH, Item.class),
    /** A GET with 50 objects, 8 KB, as its response. */
    GET_COLLECTION("get-collection", Scenario.ITEMS_PATH, Listing.class),
    /** A POST of a small JSON object with one of 200 bytes as its response. */
    POST("post", Scenario.ITEMS_PATH, Item.class),
    /** The small GET with a compressed response. */
    GET_SMALL_GZIP("get-small-gzip", Scenario.ITEM_GZIP_PATH, Item.class),
    /** The GET of 50 objects with a compressed response. */
    GET_COLLECTION_GZIP("get-collection-gzip", Scenario.ITEMS_GZIP_PATH, Listing.class),
    /** The small GET on a new connection. */
    HANDSHAKE("handshake", Scenario.ITEM_PATH, Item.class);

    /** An item of the server. */
    record Item(String id, String target, String status, String scanType, int findingsCount, String createdAt) {}

    /** A list of items. */
    record Listing(List<Item> items, int total) {}

    private static final class Readers {

        static final ObjectReader ITEM = new JsonMapper().readerFor(Item.class);
        static final ObjectReader LISTING = new JsonMapper().readerFor(Listing.class);
    }

    /** The body of a request that creates an item. */
    record NewItem(String target, String scanType) {}

    static final String ITEM_PATH = "/v1/items/1";
    static final String ITEMS_PATH = "/v1/items";
    static final String ITEM_GZIP_PATH = "/v1/gzip/items/1";
    static final String ITEMS_GZIP_PATH = "/v1/gzip/items";

    /** The body of the POST. */
    static final NewItem BODY = new NewItem("www.example.com", "standard");

    private final String title;
    private final String path;
    private final Class<?> type;

    Scenario(String title, String path, Class<?> type) {
        this.title = title;
        this.path = path;
        this.type = type;
    }

    String title() {
        return title;
    }

    String path() {
        return path;
    }

    /** Returns the type of the decoded response. */
    Class<?> type() {
        return type;
    }

    /** Returns the reader of the response, for contenders that bring no decoder of their own. */
    ObjectReader reader() {
        return type == Listing.class ? Readers.LISTING : Readers.ITEM;
    }

    /** Decodes a response, for contenders that bring no decoder of their own. */
    Object decode(int status, byte[] body) {
        if (status != 200) {
            throw new CompletionException(Target.unexpected(status));
        }
        return reader().readValue(body);
    }

    boolean expects(Object answer) {
        return type == Listing.class
                ? answer instanceof Listing listing && listing.items().size() == Answers.ITEMS
                : answer instanceof Item item && item.findingsCount() == 12;
    }
}
