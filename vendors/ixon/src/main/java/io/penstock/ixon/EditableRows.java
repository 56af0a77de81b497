package io.penstock.ixon;

import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Rows that can also be changed.
 *
 * @param <T> the type of a row
 */
public sealed class EditableRows<T> extends ReadableRows<T> permits RemovableRows {

    EditableRows(Ixon ixon, Class<T> row, String path, String... parents) {
        super(ixon, row, path, parents);
    }

    /** Changes rows. Each element has {@code publicId} and the members to change. */
    public Mono<Void> update(List<? extends Map<String, ?>> changes) {
        return all().update(changes);
    }

    /** Changes the members of one row. */
    public Mono<Void> update(String publicId, Map<String, ?> members) {
        return one(publicId).update(members);
    }
}
