package io.penstock.test.proof;

import io.penstock.test.simulator.EffectLedger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one case: its state, the effects it had, and the requests it saw. A POST without a key has an
 * effect each time; one with a key has it once, and the second time gives what exists; PUT and DELETE have one if they
 * change the state.
 */
final class World {

    /** What the server knows of one request. */
    static final class Arrival {
        private int read;
        private boolean lookup;
        private @Nullable WireRequest request;
        private @Nullable Answer toldStatus;

        /** Whether something was read that no answer has settled. */
        boolean open() {
            Answer told = toldStatus;
            return read > 0 && (told == null || !told.refusal());
        }

        /** Whether it is one that looks for the effect of another. */
        boolean lookup() {
            return lookup;
        }

        boolean whole() {
            return request != null;
        }

        int read() {
            return read;
        }

        /** The answer whose head went out whole, or null. */
        @Nullable
        Answer toldStatus() {
            return toldStatus;
        }

        @Nullable
        String key() {
            return request == null ? null : request.key();
        }
    }

    static final String LOOKUP = "lookup";

    private final EffectLedger ledger = new EffectLedger();
    private final Map<String, String> existing = new HashMap<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private @Nullable String item = "pump";

    synchronized Arrival arrive() {
        Arrival arrival = new Arrival();
        arrivals.add(arrival);
        return arrival;
    }

    /** The first byte tells a lookup of a cut request from the request itself. */
    synchronized void read(Arrival arrival, int bytes, byte first, @Nullable WireRequest request) {
        arrival.lookup = bytes > 0 && first == 'G';
        arrival.read = bytes;
        arrival.request = request;
    }

    synchronized void told(Arrival arrival, Answer answer) {
        arrival.toldStatus = answer;
    }

    /** Acts, and says what a server without faults answers. */
    synchronized Answer act(WireRequest request) {
        String operation = request.method() + " " + request.path();
        return switch (request.method()) {
            case "POST" -> {
                String key = request.key();
                if (key != null && existing.putIfAbsent(key, operation) != null) {
                    yield Answer.OK;
                }
                ledger.enter(operation, "1", key);
                yield Answer.CREATED;
            }
            case "PUT" -> {
                if (!"valve".equals(item)) {
                    item = "valve";
                    ledger.enter(operation, "1", null);
                }
                yield Answer.OK;
            }
            case "DELETE" -> {
                if (item == null) {
                    yield Answer.MISSING;
                }
                item = null;
                ledger.enter(operation, "1", null);
                yield Answer.NO_CONTENT;
            }
            default -> isLookup(request) && effects() == 0 ? Answer.ABSENT : Answer.OK;
        };
    }

    /** Whether it looks for the effect of another request. */
    static boolean isLookup(WireRequest request) {
        return request.path().endsWith(LOOKUP);
    }

    synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    int effects() {
        return (int) ledger.count();
    }
}
