package io.penstock.test.simulator.infraon;

/** A request the API turns down. The texts are the documented ones, or undocumented where it says so. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Which envelope the text stands in. */
    enum Form {
        /** {@code {"error":"…"}}: the documented samples. */
        ERROR,
        /** {@code {"detail":"…"}}: what the framework does. */
        DETAIL,
        /** {@code {"<field>":["…"]}}: what the framework does. */
        FIELD,
        /** {@code {"status":"error","msg":"…"}}. */
        RESULT
    }

    private final int status;
    private final Form form;
    private final String field;
    private final long retryAfterSeconds;

    private Refusal(int status, Form form, String field, String text, long retryAfterSeconds) {
        super(text, null, false, false);
        this.status = status;
        this.form = form;
        this.field = field;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    private static Refusal error(int status, String text) {
        return new Refusal(status, Form.ERROR, "", text, 0);
    }

    static Refusal missingUsername() {
        return error(400, "Please provide username.");
    }

    static Refusal missingPassword() {
        return error(400, "Please provide password.");
    }

    /** The text is documented, its status and envelope are not. */
    static Refusal incorrectLogin(int status) {
        return error(status, "Incorrect username or password.");
    }

    static Refusal missingKey(int status) {
        return error(status, "API key is missing.");
    }

    static Refusal invalidKey() {
        return error(401, "Invalid API key.");
    }

    static Refusal somethingWentWrong() {
        return error(500, "Something went wrong. Please try again later.");
    }

    /** A status the guide does not mention, or not in this place. */
    static Refusal undocumented(int status, String text) {
        return new Refusal(status, Form.DETAIL, "", text, 0);
    }

    static Refusal notFound() {
        return undocumented(404, "Not found.");
    }

    static Refusal methodNotAllowed(String method) {
        return undocumented(405, "Method \"" + method + "\" not allowed.");
    }

    static Refusal field(String field, String text) {
        return new Refusal(400, Form.FIELD, field, text, 0);
    }

    /** The shape is documented, the texts are not. */
    static Refusal failedUpdate(String text) {
        return new Refusal(200, Form.RESULT, "", text, 0);
    }

    static Refusal throttled(long retryAfterSeconds) {
        return new Refusal(
                429,
                Form.DETAIL,
                "",
                "Request was throttled. Expected available in " + retryAfterSeconds + " seconds.",
                retryAfterSeconds);
    }

    int status() {
        return status;
    }

    Form form() {
        return form;
    }

    String field() {
        return field;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /** Whole seconds; 0 for none. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
