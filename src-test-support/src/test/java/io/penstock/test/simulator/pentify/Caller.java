package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.PlainCaller;
import java.util.HashMap;
import java.util.Map;

/** A caller of Pentify. */
final class Caller extends PlainCaller {

    Caller(PentifySimulator pentify) {
        this(pentify, pentify.secret());
    }

    Caller(PentifySimulator pentify, String key) {
        super(pentify.origin(), Map.of("Authorization", "Bearer " + key));
    }

    Answer get(String path, String accept) throws Exception {
        Map<String, String> more = new HashMap<>(headers);
        more.put("Accept", accept);
        return send("GET", base.resolve(path), "", more);
    }

    Answer scan(String target, String type) throws Exception {
        return post("/v1/scans", "{\"target\":\"" + target + "\",\"scan_type\":\"" + type + "\"}");
    }

    Answer keyedScan(String target, String key) throws Exception {
        return post(
                "/v1/scans",
                "{\"target\":\"" + target + "\",\"scan_type\":\"quick\",\"idempotency_key\":\"" + key + "\"}");
    }
}
