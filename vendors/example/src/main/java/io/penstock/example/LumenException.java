package io.penstock.example;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;

// guide: exceptions
/** A failure that Lumen answered with. Failures without an answer are plain {@link ApiException}s. */
public class LumenException extends ApiException {

    private static final long serialVersionUID = 1L;

    LumenException(Failure failure) {
        super(failure);
    }

    static LumenException of(Failure failure) {
        return "out_of_stock".equals(failure.code()) ? new OutOfStock(failure) : new LumenException(failure);
    }

    /** There are not so many of that lamp. Never sent again: somebody has to order fewer. */
    public static final class OutOfStock extends LumenException {
        private static final long serialVersionUID = 1L;

        private OutOfStock(Failure failure) {
            super(failure);
        }

        /** How many there are. */
        public int left() {
            return details().asInt(0);
        }
    }
}
// guide: end
