package io.penstock.benchmarks.quota;

import java.util.List;

/**
 * A server's response to one request.
 *
 * @param status 200 or 429
 * @param headers alternating names and values
 */
record Answer(int status, List<String> headers) {

    static final int OK = 200;
    static final int REFUSED = 429;
    static final String RETRY_AFTER = "retry-after";

    boolean ok() {
        return status == OK;
    }
}
