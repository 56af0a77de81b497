package io.penstock.ixon;

import io.penstock.error.ApiException;
import io.penstock.ixon.model.ListQuery;
import io.penstock.paging.Pages;
import reactor.core.publisher.Mono;

/**
 * Rows that can be listed and read.
 *
 * @param <T> the type of a row
 */
public sealed class ReadableRows<T> permits EditableRows {

    private final Ixon ixon;
    private final String path;
    private final String[] parents;
    private final Class<T> row;

    ReadableRows(Ixon ixon, Class<T> row, String path, String... parents) {
        this.ixon = ixon;
        this.row = row;
        this.path = path;
        this.parents = parents;
    }

    /**
     * Returns the rows, page by page.
     *
     * @throws ApiException INVALID_REQUEST for a filter where the contract has none, as for roles and messages
     */
    public Pages<T> list(ListQuery query) {
        return all().list(query);
    }

    /**
     * Emits one row.
     *
     * @param fields members such as {@code name}, or {@code *}; none for the server's minimal set
     */
    public Mono<T> get(String publicId, String... fields) {
        return one(publicId).get(fields);
    }

    final IxonResource<T> all() {
        return ixon.resource(path, parents).as(row);
    }

    final IxonResource<T> one(String publicId) {
        String[] ids = new String[parents.length + 1];
        System.arraycopy(parents, 0, ids, 0, parents.length);
        ids[parents.length] = publicId;
        return ixon.resource(path + "/{publicId}", ids).as(row);
    }
}
