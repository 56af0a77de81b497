package io.penstock.benchmarks.overhead;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** What every stub answers, and what a user who has no decoder of a library's decodes it with. */
public final class StubAnswer {

    /** A body of about 170 bytes. */
    public static final String JSON =
            "{\"id\":\"scn_01HFY3ZZZZZZZZZZZZZZZZZZZZ\",\"target\":\"example.com\",\"status\":\"succeeded\","
                    + "\"scan_type\":\"standard\",\"findings_count\":12,\"created_at\":\"2026-04-29T14:11:09Z\"}";

    /** The credential that all of them send. */
    public static final String KEY = "pk_test_ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static final ObjectReader READER = JsonMapper.builder().build().readerFor(Scan.class);

    private StubAnswer() {}

    /** What the body decodes to; the body has more members. */
    public record Scan(String id, String target, String status) {}

    /** The body as it goes over the wire. */
    public static byte[] body() {
        return JSON.getBytes(StandardCharsets.UTF_8);
    }

    /** Decoded by the JSON library alone. */
    public static Scan decode(byte[] body) {
        return READER.readValue(body);
    }
}
