package io.penstock.http;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import java.util.List;
import java.util.function.BiConsumer;

/** The ways in which APIs take a list of values under one name, in a query or in a form. */
public enum ListStyle {

    /** {@code id=1&id=2}. */
    REPEATED,

    /** {@code id[]=1&id[]=2}. */
    BRACKETS,

    /** {@code id[0]=1&id[1]=2}: the only one for lists of objects, {@code item[0][price]=9}. */
    INDEXED,

    /** {@code id=1,2}. A value must not have a comma, because the server would take it for two. */
    COMMAS;

    /**
     * Passes on the names and values that stand for a list.
     *
     * @throws ApiException INVALID_REQUEST for a value with a comma, where commas separate the values
     * @hidden
     */
    @Internal
    public void spread(String name, List<String> values, BiConsumer<String, String> to) {
        if (this == COMMAS) {
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i).indexOf(',') >= 0) {
                    throw ApiException.invalidRequest(
                            RequestTarget.printable(name) + ": value " + (i + 1)
                                    + " of the list has a comma (expected: none, because commas separate the values; or another list style)");
                }
            }
            if (!values.isEmpty()) {
                to.accept(name, String.join(",", values));
            }
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            to.accept(nameOf(name, i), values.get(i));
        }
    }

    /**
     * Returns the name of an element of a list.
     *
     * @hidden
     */
    @Internal
    public String nameOf(String list, int index) {
        return switch (this) {
            case REPEATED, COMMAS -> list;
            case BRACKETS -> list + "[]";
            case INDEXED -> list + "[" + index + "]";
        };
    }
}
