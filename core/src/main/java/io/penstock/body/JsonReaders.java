package io.penstock.body;

import java.lang.reflect.Type;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The readers of a mapper: one per type, created on first use. Creating a reader holds a lock of its mapper, and bodies
 * are read on event loops. While one thread is creating a reader, any other thread therefore creates its own, from its
 * own mapper.
 */
final class JsonReaders {

    private final JsonMapper mapper;
    private final ConcurrentMap<Type, ObjectReader> whole = new ConcurrentHashMap<>();
    private final ConcurrentMap<Type, ObjectReader> items = new ConcurrentHashMap<>();
    private final AtomicBoolean making = new AtomicBoolean();

    JsonReaders(JsonMapper mapper) {
        this.mapper = prepared(mapper);
    }

    /** Returns the readers for one pass over a body. */
    Pass pass(@Nullable OddMembers odd) {
        return new Pass(this, odd);
    }

    /** Prepares the reader of trees, which the mapper itself and other readers use. */
    private static JsonMapper prepared(JsonMapper mapper) {
        var unused = mapper.readerFor(JsonNode.class);
        return mapper;
    }

    private ObjectReader whole(Type type, @Nullable OddMembers odd) {
        ObjectReader known = whole.get(type);
        return with(odd, known != null ? known : kept(whole, type, make(type)));
    }

    /** Returns a reader of one value that ignores what follows it. */
    private ObjectReader item(Type type, @Nullable OddMembers odd) {
        ObjectReader known = items.get(type);
        return with(
                odd,
                known != null
                        ? known
                        : kept(items, type, make(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)));
    }

    private ObjectReader make(Type type) {
        if (!making.compareAndSet(false, true)) {
            JsonMapper own = prepared(mapper.rebuild().build());
            return own.readerFor(own.constructType(type));
        }
        try {
            return mapper.readerFor(mapper.constructType(type));
        } finally {
            making.set(false);
        }
    }

    private static ObjectReader kept(ConcurrentMap<Type, ObjectReader> readers, Type type, ObjectReader made) {
        ObjectReader first = readers.putIfAbsent(type, made);
        return first == null ? made : first;
    }

    private static ObjectReader with(@Nullable OddMembers odd, ObjectReader reader) {
        return odd == null ? reader : reader.withAttribute(OddMembers.class, odd);
    }

    /** The readers for one pass over a body. */
    record Pass(JsonReaders readers, @Nullable OddMembers odd) {
        ObjectReader whole(Type type) {
            return readers.whole(type, odd);
        }

        ObjectReader item(Type type) {
            return readers.item(type, odd);
        }
    }
}
