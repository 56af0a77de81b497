package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;

/**
 * Options for refusals. The contract has one {@code 4XX} for all, so every status below is a choice.
 *
 * @param authenticationStatus status for a wrong {@code Authorization}; "4xx" in the page "common-errors", here 401
 * @param validationStatus status for another wrong header, a wrong parameter or a wrong body; 400
 * @param notFoundStatus status for an unknown id or path; 404
 * @param authorizationNamed whether authentication errors have {@code "propertyName":"Authorization"}; the samples have
 *     it, except for {@code 2FA is required}, which never has it
 * @param credentialsMessage message for an {@code Authorization} without credentials: the sample and the text beside it
 *     differ by an article
 * @param shape the members of the envelope and their order
 * @param withStatus200 whether a refusal has status 200 and {@code "status":"error"}; undocumented
 * @param serverErrorBody body of a 5xx; undocumented
 */
public record IxonErrors(
        int authenticationStatus,
        int validationStatus,
        int notFoundStatus,
        boolean authorizationNamed,
        String credentialsMessage,
        ErrorShape shape,
        boolean withStatus200,
        UndocumentedBody serverErrorBody) {

    /** The sample of the page "common-errors". */
    public static final String CREDENTIALS_SAMPLE = "Authorization must start with a type and have a credentials";

    /** The text of the page "common-errors" above that sample. */
    public static final String CREDENTIALS_TEXT = "Authorization must start with a type and have credentials";

    /** Checks the values against the documentation. */
    public IxonErrors {
        requireClientError("authenticationStatus", authenticationStatus);
        requireClientError("validationStatus", validationStatus);
        requireClientError("notFoundStatus", notFoundStatus);
        Expected.that(
                credentialsMessage.equals(CREDENTIALS_SAMPLE) || credentialsMessage.equals(CREDENTIALS_TEXT),
                "credentialsMessage",
                credentialsMessage,
                "CREDENTIALS_SAMPLE or CREDENTIALS_TEXT");
    }

    /** Returns the documented options: the literal samples, with the statuses 401, 400 and 404, and HTML for a 5xx. */
    public static IxonErrors documented() {
        return new IxonErrors(
                401, 400, 404, true, CREDENTIALS_SAMPLE, ErrorShape.SAMPLES, false, UndocumentedBody.HTML);
    }

    /** Returns a copy with another {@link #authenticationStatus()}. */
    public IxonErrors withAuthenticationStatus(int authenticationStatus) {
        return RecordCopy.with(this, "authenticationStatus", authenticationStatus);
    }

    /** Returns a copy with another {@link #validationStatus()}. */
    public IxonErrors withValidationStatus(int validationStatus) {
        return RecordCopy.with(this, "validationStatus", validationStatus);
    }

    /** Returns a copy with another {@link #notFoundStatus()}. */
    public IxonErrors withNotFoundStatus(int notFoundStatus) {
        return RecordCopy.with(this, "notFoundStatus", notFoundStatus);
    }

    /** Returns a copy with another {@link #authorizationNamed()}. */
    public IxonErrors withAuthorizationNamed(boolean authorizationNamed) {
        return RecordCopy.with(this, "authorizationNamed", authorizationNamed);
    }

    /** Returns a copy with another {@link #credentialsMessage()}. */
    public IxonErrors withCredentialsMessage(String credentialsMessage) {
        return RecordCopy.with(this, "credentialsMessage", credentialsMessage);
    }

    /** Returns a copy with another {@link #shape()}. */
    public IxonErrors withShape(ErrorShape shape) {
        return RecordCopy.with(this, "shape", shape);
    }

    /** Returns a copy with another {@link #withStatus200()}. */
    public IxonErrors withStatus200(boolean withStatus200) {
        return RecordCopy.with(this, "withStatus200", withStatus200);
    }

    /** Returns a copy with another {@link #serverErrorBody()}. */
    public IxonErrors withServerErrorBody(UndocumentedBody serverErrorBody) {
        return RecordCopy.with(this, "serverErrorBody", serverErrorBody);
    }

    private static void requireClientError(String name, int status) {
        Expected.that(status >= 400 && status < 500, name, status, "400 to 499");
    }
}
