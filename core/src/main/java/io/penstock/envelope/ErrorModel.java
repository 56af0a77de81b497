package io.penstock.envelope;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import java.util.function.Function;

/**
 * How an API says that something went wrong.
 *
 * @param shape where its error bodies keep what they say
 * @param table what its errors mean
 * @param exceptions its exception for a failure
 */
public record ErrorModel(ErrorShape shape, ErrorTable table, Function<Failure, ApiException> exceptions) {

    /** A text for people under {@code message}, decisions by status, plain exceptions. */
    public static ErrorModel byStatusOnly() {
        return new ErrorModel(ErrorShape.messageOnly(), ErrorTable.byStatusOnly(), ApiException::new);
    }

    /** The same, read from there. */
    public ErrorModel withShape(ErrorShape newShape) {
        return new ErrorModel(newShape, table, exceptions);
    }

    /** The same, with that meaning. */
    public ErrorModel withTable(ErrorTable newTable) {
        return new ErrorModel(shape, newTable, exceptions);
    }

    /** The same, thrown as these. */
    public ErrorModel withExceptions(Function<Failure, ApiException> newExceptions) {
        return new ErrorModel(shape, table, newExceptions);
    }
}
