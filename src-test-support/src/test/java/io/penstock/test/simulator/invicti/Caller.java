package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.PlainCaller;
import java.net.URI;
import java.util.Map;

/** A caller of Invicti. */
final class Caller extends PlainCaller {

    static final String ME = "/api/identity/v1/me";
    static final String SCANS = "/api/v1/scans";
    static final String TARGETS = "/api/v1/targets";
    static final String APPLICATIONS = "/api/inventory/v1/applications";
    static final String API_TARGETS = "/api/apihub/v1/inventory/api-targets";
    static final String IMPORTERS = "/api/apihub/v1/importers";
    static final String CONNECTIONS = "/api/external-scan/v1/connections";
    static final String MEND = "/api/external-scan/v1/mend/connections";
    static final String INSTANCES = "/api/integrations/v1/instances";
    static final String IMPORTER =
            "{\"name\":\"Gateway\",\"type\":\"aws_api_gateway\",\"status\":\"active\",\"updateFrequency\":"
                    + "{\"unit\":\"daily\",\"value\":1},\"parameters\":{\"clientId\":\"c\",\"clientSecret\":\"s\"},"
                    + "\"excludeEmptySpecs\":true}";

    Caller(InvictiSimulator invicti) {
        this(invicti, invicti.secret());
    }

    Caller(InvictiSimulator invicti, String key) {
        super(invicti.baseUri(), Map.of("X-Auth", key));
    }

    Answer scan(String targetId) throws Exception {
        return post(SCANS, scanBody(targetId));
    }

    /** Sends a GET with this header in place of the key's. */
    Answer getWith(String header, String value, String path) throws Exception {
        return send("GET", URI.create(base + path), "", Map.of(header, value));
    }

    Answer getWithoutKey(String path) throws Exception {
        return anonymous(URI.create(base + path));
    }

    /** Absolute or relative to the server's root. */
    Answer follow(String reference) throws Exception {
        return send("GET", base.resolve(reference), "", headers);
    }

    static String scanBody(String targetId) {
        return "{\"user_authorized_to_scan\":\"yes\",\"target_id\":\"" + targetId
                + "\",\"profile_id\":\"11111111-1111-1111-1111-111111111112\","
                + "\"schedule\":{\"disable\":false,\"time_sensitive\":false}}";
    }
}
