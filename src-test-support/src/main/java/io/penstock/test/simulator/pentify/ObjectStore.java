package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The foreign host that stores the PDFs. It serves a path to any request that carries the signature of the path. The
 * names in the signed query are undocumented. Thread-safe.
 */
final class ObjectStore implements SimulatedApi {

    private static final byte[] PDF =
            "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\ntrailer<</Root<<>>>>\n%%EOF\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Map<String, String> signatures = new ConcurrentHashMap<>();
    private final SimulatorServer server = SimulatorServer.start(0, this);

    SimulatorServer server() {
        return server;
    }

    URI sign(String scanId) {
        String path = "/reports/" + scanId + ".pdf";
        String signature = signatures.computeIfAbsent(path, unsigned -> Ids.secret(""));
        return server.origin().resolve(path + "?X-Signature=" + signature);
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        String signature = signatures.get(request.path());
        boolean signed = signature != null && signature.equals(request.query("X-Signature"));
        return signed && request.method().equals("GET")
                ? SimulatedResponse.bytes(200, "application/pdf", PDF)
                : error(request, 403);
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return SimulatedResponse.text(status, "application/xml", "<Error><Code>AccessDenied</Code></Error>");
    }
}
