package io.penstock.ratelimit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Partitions by a name that comes from outside: a key of the server's, an origin, an operation. Of too many those that have
 * been idle for longest are forgotten.
 */
final class PartitionTable {

    /** So many are forgotten at a time, as a part of all, so that not every newcomer has to look for one. */
    private static final int FORGOTTEN_PART = 16;

    private final int most;
    private final Consumer<Partition> forgotten;
    private final ConcurrentMap<String, Partition> known = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * A table.
     *
     * @param most how many it holds
     * @param forgotten told of each that is forgotten
     */
    PartitionTable(int most, Consumer<Partition> forgotten) {
        this.most = most;
        this.forgotten = forgotten;
    }

    /** Returns the partition of that name, or null. */
    @Nullable
    Partition get(String name) {
        return known.get(name);
    }

    /** Returns the partition of that name, made where there is none; where none can be forgotten for it, the other one. */
    Partition of(String name, Function<String, Partition> make, Partition otherwise) {
        Partition here = known.get(name);
        return here == null ? made(name, make, otherwise) : here;
    }

    private synchronized Partition made(String name, Function<String, Partition> make, Partition otherwise) {
        Partition here = known.get(name);
        if (here != null) {
            return here;
        }
        if (known.size() >= most && !forget()) {
            return otherwise;
        }
        Partition made = make.apply(name);
        known.put(name, made);
        if (closed) {
            made.line().close();
        }
        return made;
    }

    private boolean forget() {
        List<Partition> idle = new ArrayList<>();
        for (Partition partition : known.values()) {
            if (partition.isIdle()) {
                idle.add(partition);
            }
        }
        idle.sort(Comparator.comparingLong(Partition::usedAt));
        List<Partition> gone = idle.subList(0, Math.min(idle.size(), Math.max(1, most / FORGOTTEN_PART)));
        known.values().removeAll(gone);
        gone.forEach(forgotten);
        return !gone.isEmpty();
    }

    /** Turns away all who wait, and whoever would have to later. */
    synchronized void close() {
        closed = true;
        known.values().forEach(partition -> partition.line().close());
    }

    int size() {
        return known.size();
    }
}
