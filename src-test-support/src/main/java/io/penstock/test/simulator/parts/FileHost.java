package io.penstock.test.simulator.parts;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The foreign host that stores a vendor's files. It serves a published file to any client with its URL. Thread-safe. */
public final class FileHost implements SimulatedApi {

    private static final byte[] PDF =
            "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\ntrailer<</Root<<>>>>\n%%EOF\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Map<String, SimulatedResponse> files = new ConcurrentHashMap<>();
    private final SimulatorServer server = SimulatorServer.start(0, this);

    /** Creates the host. It listens on a free port of its own when the constructor returns. */
    public FileHost() {}

    /** Returns the server. */
    public SimulatorServer server() {
        return server;
    }

    /** Publishes a file and returns its URL. A published file stays as it is. */
    public URI publish(String pathAndQuery, String contentType, byte[] content) {
        files.putIfAbsent(pathAndQuery, SimulatedResponse.bytes(200, contentType, content));
        return server.origin().resolve(pathAndQuery);
    }

    /** Returns the bytes of a PDF without content. */
    public static byte[] pdf() {
        return PDF.clone();
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        SimulatedResponse file = request.method().equals("GET") ? files.get(request.uri()) : null;
        return file == null ? error(request, 403) : file;
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return SimulatedResponse.text(status, "application/xml", "<Error><Code>AccessDenied</Code></Error>");
    }
}
