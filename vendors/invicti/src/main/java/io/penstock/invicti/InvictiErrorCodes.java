package io.penstock.invicti;

import io.penstock.error.ApiException;
import io.penstock.error.FieldError;

/**
 * The error codes that page "s1-handle-responses" shows: codes of the response ({@link ApiException#code()}) and of its
 * field errors ({@link FieldError#code()}). There are others, which are not published.
 */
public final class InvictiErrorCodes {

    /** 400: values of the request were refused; see {@link ApiException#fieldErrors()}. */
    public static final String VALIDATION_ERROR = "ValidationError";

    /** Code of a field error: the field is required. */
    public static final String REQUIRED = "REQUIRED";

    /**
     * Code of a field error: the text is too long; {@code maxLength} and {@code providedLength} are in
     * {@link FieldError#more()}.
     */
    public static final String TOO_LONG = "TOO_LONG";

    private InvictiErrorCodes() {}
}
