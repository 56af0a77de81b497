package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The foreign host that stores the reports. It serves a published path to any client. Thread-safe. */
final class FileStore implements SimulatedApi {

    private static final byte[] CSV = "threat,result\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PDF =
            "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\ntrailer<</Root<<>>>>\n%%EOF\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Set<String> paths = ConcurrentHashMap.newKeySet();
    private final SimulatorServer server = SimulatorServer.start(0, this);

    SimulatorServer server() {
        return server;
    }

    URI publish(String path) {
        paths.add(path);
        return server.origin().resolve(path);
    }

    static byte[] content(String path) {
        return path.endsWith(".csv") ? CSV.clone() : PDF.clone();
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        return request.method().equals("GET") && paths.contains(request.path())
                ? SimulatedResponse.bytes(200, "application/octet-stream", content(request.path()))
                : error(request, 403);
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return SimulatedResponse.text(status, "application/xml", "<Error><Code>AccessDenied</Code></Error>");
    }
}
