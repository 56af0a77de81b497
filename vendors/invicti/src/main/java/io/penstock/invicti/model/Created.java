package io.penstock.invicti.model;

import org.jspecify.annotations.Nullable;

/**
 * A created resource. The pages show three forms: the resource in the body, an empty body and only a {@code Location},
 * or both.
 *
 * @param id the new resource's id: that of the body, else the last segment of {@code Location}; null if neither has one
 * @param location the address of the resource, absolute or from the root of the origin, as the server sent it; null if
 *     there was none
 * @param body the resource as the server sent it; null if there was no body
 * @param <T> the resource's type
 */
public record Created<T>(
        @Nullable String id,
        @Nullable String location,
        @Nullable T body) {

    /** Returns the id and the location, but not the body, which may contain values that must not be logged. */
    @Override
    public String toString() {
        return "Created[" + id + ", " + location + "]";
    }
}
