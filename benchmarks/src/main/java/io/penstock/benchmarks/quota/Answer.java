package io.penstock.benchmarks.quota;

import java.util.List;

/**
 * What a server says to one request.
 *
 * @param status 200 or 429
 * @param headers names and values by turns
 */
record Answer(int status, List<String> headers) {

    static final int OK = 200;
    static final int REFUSED = 429;
    static final String RETRY_AFTER = "retry-after";

    boolean ok() {
        return status == OK;
    }
}
