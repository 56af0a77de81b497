package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.PlainCaller;
import java.util.HashMap;
import java.util.Map;

/** A caller of Picus. */
final class Caller extends PlainCaller {

    /** Creates a caller with an access token for everything. */
    Caller(PicusSimulator picus) {
        this(picus, picus.issueAccessToken(picus.secret()));
    }

    Caller(PicusSimulator picus, String accessToken) {
        this(picus, "Authorization", "Bearer " + accessToken);
    }

    Caller(PicusSimulator picus, String header, String value) {
        super(picus.origin(), Map.of(header, value));
    }

    /** Creates a simulation that is started at once. */
    Answer simulate(String name) throws Exception {
        return post("/v1/simulations", "{\"name\":\"" + name + "\",\"template_id\":1,\"schedule_now\":true}");
    }

    Answer upload(String path, String part) throws Exception {
        String body = "--b\r\nContent-Disposition: form-data; name=\"" + part
                + "\"; filename=\"a.yaml\"\r\n\r\nid: 1\r\n--b--\r\n";
        Map<String, String> more = new HashMap<>(headers);
        more.put("Content-Type", "multipart/form-data; boundary=b");
        return send("POST", base.resolve(path), body, more);
    }

    static Answer anonymous(PicusSimulator picus, String path, String body) throws Exception {
        return send("POST", picus.origin().resolve(path), body, Map.of());
    }

    static Answer exchange(PicusSimulator picus, String refreshToken) throws Exception {
        return anonymous(picus, "/v1/auth/token", "{\"refresh_token\":\"" + refreshToken + "\"}");
    }
}
