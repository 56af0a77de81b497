package io.penstock.invicti.model;

import org.jspecify.annotations.Nullable;

/**
 * What was created. The pages show it in three ways: with the resource in the body, with an empty body and only a
 * {@code Location}, or with both.
 *
 * @param id the new resource's id: that of the body, else the last segment of {@code Location}; null if neither has one
 * @param location where the resource is, absolute or from the root of the origin, as the server sent it; null if it did not
 * @param body the resource as the server sent it; null where it sent no body
 * @param <T> the resource's type
 */
public record Created<T>(
        @Nullable String id,
        @Nullable String location,
        @Nullable T body) {

    /** The id and the location: the body may hold what nobody should log. */
    @Override
    public String toString() {
        return "Created[" + id + ", " + location + "]";
    }
}
