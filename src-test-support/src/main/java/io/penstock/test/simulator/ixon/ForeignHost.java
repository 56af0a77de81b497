package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Another origin: a blob store. It stores and serves a blob for any request that carries the blob's signature, and
 * refuses a request with IXON's headers. The names in the signed query are undocumented. Thread-safe.
 */
final class ForeignHost implements SimulatedApi {

    static final String PUT = "PUT blob";

    private final EffectLedger effects;
    private final Map<String, String> signatures = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final SimulatorServer server = SimulatorServer.start(0, this);

    ForeignHost(EffectLedger effects) {
        this.effects = effects;
    }

    SimulatorServer server() {
        return server;
    }

    /** Returns the URL at which any client can put and get the blob. */
    URI sign(String path) {
        String signature = signatures.computeIfAbsent(path, unsigned -> Ids.secret());
        return server.origin().resolve(path + "?sig=" + signature);
    }

    /** Stores a blob without an effect. */
    void store(String path, byte[] content) {
        blobs.put(path, content);
    }

    boolean holds(String path) {
        return blobs.containsKey(path);
    }

    boolean remove(String path) {
        return blobs.remove(path) != null;
    }

    /** Returns the paths of the blobs below a path, sorted. */
    List<String> below(String path) {
        return blobs.keySet().stream()
                .filter(blob -> blob.startsWith(path + "/"))
                .sorted()
                .toList();
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        String signature = signatures.get(request.path());
        if (signature == null || !signature.equals(request.query("sig")) || hasForeignHeaders(request)) {
            return error(request, 403);
        }
        if (request.method().equals("PUT")) {
            blobs.put(request.path(), request.content());
            effects.enter(PUT, request.path(), null);
            return SimulatedResponse.empty(201);
        }
        byte[] blob = blobs.get(request.path());
        return blob == null || !request.method().equals("GET")
                ? error(request, 404)
                : SimulatedResponse.bytes(200, "application/octet-stream", blob);
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return SimulatedResponse.text(status, "application/xml", "<Error><Code>" + status + "</Code></Error>");
    }

    private static boolean hasForeignHeaders(LoggedRequest request) {
        return request.headers().keySet().stream()
                .anyMatch(name -> name.equals("authorization") || name.startsWith("api-"));
    }
}
