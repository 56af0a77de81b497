package io.penstock.benchmarks.loopback;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The JSON bodies that the server has ready. */
final class Answers {

    static final int ITEMS = 50;

    private Answers() {}

    /** Returns an item of 200 bytes. */
    static String item() {
        String item = item(0, "");
        return item(0, "s".repeat(200 - item.length()));
    }

    /** Returns a list of 50 items, 8 KB. */
    static String listing() {
        return IntStream.range(0, ITEMS)
                .mapToObj(i -> item(i, ""))
                .collect(Collectors.joining(",", "{\"items\":[", "],\"total\":" + ITEMS + "}"));
    }

    private static String item(int number, String more) {
        return "{\"id\":\"" + id(number) + "\",\"target\":\"www" + more + ".example.com\",\"status\":\"succeeded\","
                + "\"scanType\":\"standard\",\"findingsCount\":12,\"createdAt\":\"2026-04-29T14:11:09Z\"}";
    }

    static String id(int number) {
        return "itm_01HFY3QV" + (10_000 + number);
    }
}
