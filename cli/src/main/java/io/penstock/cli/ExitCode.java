package io.penstock.cli;

import io.penstock.error.ErrorKind;
import java.util.LinkedHashMap;
import java.util.Map;

/** The exit codes of the program: one for each reaction that a script may have. */
final class ExitCode {

    static final int SUCCESS = 0;
    static final int UNEXPECTED = 1;
    static final int BAD_INPUT = 2;
    static final int NOT_ALLOWED = 3;
    static final int REFUSED = 4;
    static final int RATE_LIMITED = 5;
    static final int SERVER_FAILED = 6;
    static final int NO_CONNECTION = 7;
    static final int OUT_OF_TIME = 8;
    static final int UNUSABLE_ANSWER = 9;
    static final int JOB_ENDED_BADLY = 10;
    static final int LOCAL_FILE = 11;

    private ExitCode() {}

    /**
     * Returns the code for a kind of error. There is no default: a new kind does not compile until it has a code here.
     */
    static int of(ErrorKind kind) {
        return switch (kind) {
            case CLIENT_CLOSED, OPERATOR_FAILED -> UNEXPECTED;
            case INVALID_REQUEST, INVALID_CONFIGURATION, BODY_UNREADABLE -> BAD_INPUT;
            case AUTHENTICATION, PERMISSION -> NOT_ALLOWED;
            case VALIDATION, NOT_FOUND, CONFLICT, KEY_IN_PROGRESS, KEY_REUSED, GONE, PAYMENT_REQUIRED -> REFUSED;
            case RATE_LIMITED -> RATE_LIMITED;
            case SERVER_ERROR, UNAVAILABLE, CIRCUIT_OPEN -> SERVER_FAILED;
            case CONNECT, TLS, POOL_EXHAUSTED, CONNECTION_LOST -> NO_CONNECTION;
            case TIMEOUT, DEADLINE_EXCEEDED -> OUT_OF_TIME;
            case JOB_FAILED, JOB_CANCELLED -> JOB_ENDED_BADLY;
            case LOCAL_IO -> LOCAL_FILE;
            case UNDECODABLE, RESPONSE_TOO_LARGE, PROTOCOL_VIOLATION, UNEXPECTED_STATUS -> UNUSABLE_ANSWER;
        };
    }

    /** Returns the codes with their explanations for the help text. */
    static Map<String, String> explained() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "success");
        codes.put("1", "unexpected failure");
        codes.put("2", "bad argument, request or configuration; nothing was sent");
        codes.put("3", "the credential is missing, wrong or does not suffice (401, 403)");
        codes.put("4", "the server refused the request (400, 402, 404, 409, 410, 422 and other 4xx)");
        codes.put("5", "rate limited (429), after all retries");
        codes.put(
                "6",
                "the server failed or cannot serve now (5xx), after all retries, or is left alone because it does");
        codes.put("7", "no connection, TLS failed, or the connection was lost");
        codes.put("8", "timeout or deadline");
        codes.put("9", "the answer is unusable: not HTTP, not JSON, too large, unexpected status");
        codes.put("10", "the long operation that was polled has failed, or was cancelled on the server");
        codes.put("11", "a local file could not be read or written");
        return codes;
    }
}
