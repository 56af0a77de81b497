package io.penstock.benchmarks;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The response of every stub, and its decoding for users without a decoder of a library. */
public final class StubAnswer {

    /** A body of about 170 bytes. */
    static final String JSON =
            "{\"id\":\"scn_01HFY3ZZZZZZZZZZZZZZZZZZZZ\",\"target\":\"example.com\",\"status\":\"succeeded\","
                    + "\"scan_type\":\"standard\",\"findings_count\":12,\"created_at\":\"2026-04-29T14:11:09Z\"}";

    /** The credential that every client sends. */
    static final String KEY = "pk_test_ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static final ObjectReader READER = JsonMapper.builder().build().readerFor(Scan.class);

    private StubAnswer() {}

    /** The decoded body. The JSON has more members than this record. */
    public record Scan(String id, String target, String status) {}

    /** Returns the body as it goes over the wire. */
    static byte[] body() {
        return JSON.getBytes(StandardCharsets.UTF_8);
    }

    /** Decodes a body with the JSON library alone. */
    static Scan decode(byte[] body) {
        return READER.readValue(body);
    }
}
