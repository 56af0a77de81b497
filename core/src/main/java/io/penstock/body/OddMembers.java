package io.penstock.body;

import io.penstock.annotation.Internal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;

/**
 * The members of one body, or of one stream, that do not fit the types of their records. Used by one thread at a time.
 *
 * @hidden
 */
@Internal
public final class OddMembers {

    /** Further members are kept, but no longer noted. */
    private static final int MOST_NOTED = 8;

    private final Deque<Map<String, JsonNode>> records = new ArrayDeque<>();
    private final Set<String> noted = new HashSet<>();
    private final Consumer<String> notes;

    /**
     * Creates an empty collection.
     *
     * @param notes receives a note on each member once, by name and without its value
     */
    public OddMembers(Consumer<String> notes) {
        this.notes = notes;
    }

    /** Returns the collection of the current reading, or null if that does not tolerate such members. */
    static @Nullable OddMembers of(DeserializationContext context) {
        return (OddMembers) context.getAttribute(OddMembers.class);
    }

    /** Begins a record. */
    void begin() {
        records.push(new LinkedHashMap<>());
    }

    /** Ends the innermost record, and returns its members that do not fit. */
    Map<String, JsonNode> end() {
        return records.pop();
    }

    /** Keeps a member of the innermost record. */
    void keep(String member, JsonNode value, Class<?> owner, Class<?> expected) {
        Map<String, JsonNode> current = records.peek();
        if (current == null) {
            throw new IllegalStateException("a member outside of all records");
        }
        current.put(member, value);
        if (noted.size() < MOST_NOTED && noted.add(owner.getName() + '.' + member)) {
            notes.accept("member \"" + member + "\" of a " + owner.getSimpleName() + " is no "
                    + expected.getSimpleName() + ": left empty, kept among its further members");
        }
    }
}
