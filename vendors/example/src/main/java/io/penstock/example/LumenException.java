package io.penstock.example;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;

// guide: exceptions
/** A failure that a response of Lumen reports. Other failures are plain {@link ApiException}s. */
public class LumenException extends ApiException {

    private static final long serialVersionUID = 1L;

    LumenException(Failure failure) {
        super(failure);
    }

    static LumenException of(Failure failure) {
        return "out_of_stock".equals(failure.code()) ? new OutOfStock(failure) : new LumenException(failure);
    }

    /** The refusal of an order for more lamps than are left. It is never retried. */
    public static final class OutOfStock extends LumenException {
        private static final long serialVersionUID = 1L;

        private OutOfStock(Failure failure) {
            super(failure);
        }

        /** Returns the number of lamps that are left. */
        public int left() {
            return details().asInt(0);
        }
    }
}
// guide: end
