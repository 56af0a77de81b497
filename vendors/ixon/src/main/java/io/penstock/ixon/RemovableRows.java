package io.penstock.ixon;

import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Rows that can also be deleted.
 *
 * @param <T> the type of a row
 */
public sealed class RemovableRows<T> extends EditableRows<T> permits Rows {

    RemovableRows(Ixon ixon, Class<T> row, String path, String... parents) {
        super(ixon, row, path, parents);
    }

    /** Deletes rows. Rows that an earlier attempt of this call has deleted are no error. */
    public Mono<Void> delete(List<String> publicIds) {
        return all().delete(publicIds);
    }

    /** Deletes one row. One that an earlier attempt of this call has deleted is no error. */
    public Mono<Void> delete(String publicId) {
        return one(publicId).delete();
    }
}
