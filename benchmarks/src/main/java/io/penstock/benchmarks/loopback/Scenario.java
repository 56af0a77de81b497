package io.penstock.benchmarks.loopback;

/** A call. */
enum Scenario {
    /** A GET that is answered with a JSON object of 200 bytes. */
    GET_SMALL("get-small", "/v1/items/1", Item.class),
    /** A GET that is answered with 50 objects, 8 KB. */
    GET_COLLECTION("get-collection", "/v1/items", Listing.class),
    /** A POST of a small JSON object that is answered with one of 200 bytes. */
    POST("post", "/v1/items", Item.class);

    /** What is posted. */
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

    /** What the answer decodes to. */
    Class<?> type() {
        return type;
    }

    boolean expects(Object answer) {
        return this == GET_COLLECTION
                ? answer instanceof Listing listing && listing.items().size() == Answers.ITEMS
                : answer instanceof Item item && item.findingsCount() == 12;
    }

    static Scenario of(String title) {
        for (Scenario scenario : values()) {
            if (scenario.title.equals(title)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException("scenario: " + title + " (expected: get-small, get-collection or post)");
    }
}
