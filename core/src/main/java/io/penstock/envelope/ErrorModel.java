package io.penstock.envelope;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import java.util.function.Function;

/**
 * The error reports of an API: their shape and their meaning.
 *
 * @param shape where its error bodies hold their parts
 * @param table the meaning of its errors
 * @param exceptions creates its exception for a failure
 */
public record ErrorModel(ErrorShape shape, ErrorTable table, Function<Failure, ApiException> exceptions) {

    /** Returns the model of an API with a text under {@code message}, errors by status, and plain exceptions. */
    public static ErrorModel byStatusOnly() {
        return new ErrorModel(ErrorShape.messageOnly(), ErrorTable.byStatusOnly(), ApiException::new);
    }

    /** Returns a copy with another shape of error bodies. */
    public ErrorModel withShape(ErrorShape newShape) {
        return new ErrorModel(newShape, table, exceptions);
    }

    /** Returns a copy with another table of errors. */
    public ErrorModel withTable(ErrorTable newTable) {
        return new ErrorModel(shape, newTable, exceptions);
    }

    /** Returns a copy with other exceptions. */
    public ErrorModel withExceptions(Function<Failure, ApiException> newExceptions) {
        return new ErrorModel(shape, table, newExceptions);
    }
}
