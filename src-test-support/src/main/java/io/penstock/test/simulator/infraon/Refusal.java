package io.penstock.test.simulator.infraon;

/** A request that the API refuses. The texts are the documented ones, unless marked as undocumented. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The envelope of the text. */
    enum Form {
        /** {@code {"error":"…"}}: the documented samples. */
        ERROR,
        /** {@code {"detail":"…"}}: the framework's form. */
        DETAIL,
        /** {@code {"<field>":["…"]}}: the framework's form. */
        FIELD,
        /** {@code {"status":"error","msg":"…"}}. */
        RESULT
    }

    final int status;
    final Form form;
    final String field;
    /** In whole seconds; 0 for no hint. */
    final long retryAfterSeconds;

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

    /** Returns the refusal of a login. Its text is documented, its status and envelope are not. */
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

    /** Returns a refusal with a status that the guide does not mention, or not for this case. */
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

    /** Returns the refusal of an update. Its shape is documented, its texts are not. */
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

    String text() {
        return String.valueOf(getMessage());
    }
}
