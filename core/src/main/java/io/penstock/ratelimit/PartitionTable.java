package io.penstock.ratelimit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Partitions by a name that comes from outside: a key of the server, an origin, an operation. If there are too many,
 * those that have been idle for longest are dropped.
 */
final class PartitionTable {

    /**
     * One part in this many of the table is dropped at a time, so that not every new name has to search for an idle
     * partition.
     */
    private static final int FORGOTTEN_PART = 16;

    private final int most;
    private final Consumer<Partition> forgotten;
    private final ConcurrentMap<String, Partition> known = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * Creates a table.
     *
     * @param most the maximum number of partitions
     * @param forgotten called with each partition that is dropped
     */
    PartitionTable(int most, Consumer<Partition> forgotten) {
        this.most = most;
        this.forgotten = forgotten;
    }

    /** Returns the partition of the given name, or null. */
    @Nullable
    Partition get(String name) {
        return known.get(name);
    }

    /**
     * Returns the partition of the given name, created if it is missing. If the table is full and no partition is idle,
     * returns {@code otherwise}.
     */
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

    /** Fails current and future waiters of all partitions. */
    synchronized void close() {
        closed = true;
        known.values().forEach(partition -> partition.line().close());
    }

    /** Returns all partitions. */
    Collection<Partition> all() {
        return known.values();
    }

    int size() {
        return known.size();
    }
}
