package io.penstock.test.simulator.parts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind, oldest first. Guarded by the monitor of the {@link SimulatedState}.
 *
 * @param <K> the type of the ids
 * @param <T> the type of the objects
 */
public final class Store<K, T> {

    private final Map<K, T> items = new LinkedHashMap<>();
    private final Supplier<? extends RuntimeException> unknown;

    /**
     * Creates an empty store.
     *
     * @param unknown the API's refusal of a request with an unknown id
     */
    public Store(Supplier<? extends RuntimeException> unknown) {
        this.unknown = unknown;
    }

    /** Adds an object, or replaces the one with this id in its place. Returns the object. */
    public T put(K id, T item) {
        items.put(id, item);
        return item;
    }

    /** Returns the object of a request, or throws the API's refusal. */
    public T find(@Nullable K id) {
        return get(id, unknown);
    }

    /** Returns the object that a test names, or throws an {@link IllegalArgumentException}. */
    public T existing(K id, String name, String expected) {
        return get(id, () -> new IllegalArgumentException(name + ": " + id + " (expected: " + expected + ")"));
    }

    /** Removes the object of a request and returns it, or throws the API's refusal. */
    public T remove(K id) {
        T item = find(id);
        items.remove(id);
        return item;
    }

    /** Returns whether there is an object with this id. */
    public boolean has(K id) {
        return items.containsKey(id);
    }

    /** Returns a copy of all objects. */
    public List<T> all() {
        return List.copyOf(items.values());
    }

    private T get(@Nullable K id, Supplier<? extends RuntimeException> absent) {
        T item = items.get(id);
        if (item == null) {
            throw absent.get();
        }
        return item;
    }
}
