package io.penstock.ixon;

import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Rows that can be listed, read, created, changed and deleted.
 *
 * @param <T> the type of a row
 */
public final class Rows<T> extends RemovableRows<T> {

    Rows(Ixon ixon, Class<T> row, String path, String... parents) {
        super(ixon, row, path, parents);
    }

    /**
     * Creates rows and emits them, with only their identifiers unless fields are named. Retried only if no byte of the
     * request was written.
     *
     * @param fields members of the created rows, or {@code *}
     */
    public Mono<List<T>> create(List<? extends Map<String, ?>> rows, String... fields) {
        return all().create(rows, fields);
    }
}
