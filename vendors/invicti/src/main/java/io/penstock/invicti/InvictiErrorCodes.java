package io.penstock.invicti;

import io.penstock.error.ApiException;
import io.penstock.error.FieldError;

/**
 * The codes of Invicti's errors that page "s1-handle-responses" shows: of the answer ({@link ApiException#code()}) and of its
 * complaints ({@link FieldError#code()}). There are others, which are not published.
 */
public final class InvictiErrorCodes {

    /** 400: values of the request are refused; {@link ApiException#fieldErrors()} says which. */
    public static final String VALIDATION_ERROR = "ValidationError";

    /** Of a complaint: the field has to be there. */
    public static final String REQUIRED = "REQUIRED";

    /** Of a complaint: the text is too long; {@code maxLength} and {@code providedLength} are in {@link FieldError#more()}. */
    public static final String TOO_LONG = "TOO_LONG";

    private InvictiErrorCodes() {}
}
