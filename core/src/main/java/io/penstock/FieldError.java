package io.penstock;

import org.jspecify.annotations.Nullable;

/**
 * One complaint of the server about one field of the request.
 *
 * @param field the field as the server names it
 * @param code the machine code, where the vendor has one
 * @param message the server's text
 */
public record FieldError(String field, @Nullable String code, String message) {}
