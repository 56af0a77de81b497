package io.penstock.ixon;

import io.penstock.error.ApiException;
import java.util.regex.Pattern;

/** The headers of IXON that a caller has to set, with the patterns by which the server validates them (contract). */
public enum IxonHeader {
    /** The application, issued by IXON's support or together with a service account. On 666 of 674 operations. */
    APPLICATION("api-application", "[0-9a-zA-Z]{12}", "12 letters and digits, as issued with the service account"),
    /** The company. Used on 552 operations, unused on the others. */
    COMPANY("api-company", "(\\d{4}-){4}\\d{4}", "five groups of four digits, such as 1234-5678-1234-5678-1234"),
    /** The domain of a brand; optional on most operations. */
    BRANDING("api-branding", ".+(\\..[^.]+)", "a domain, such as portal.example.com"),
    /** A trusted device (page "how-to-add-a-trusted-device"). */
    DEVICE("api-device-identifier", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "a UUID");

    private final String headerName;
    private final Pattern pattern;
    private final String expected;

    IxonHeader(String headerName, String pattern, String expected) {
        this.headerName = headerName;
        this.pattern = Pattern.compile(pattern);
        this.expected = expected;
    }

    /** Returns the name on the wire. */
    public String headerName() {
        return headerName;
    }

    /**
     * Returns the value if it has the form that the server accepts.
     *
     * @throws ApiException INVALID_CONFIGURATION if it does not; the message does not quote the value, which may be a
     *     secret
     */
    public String checked(String value) {
        if (!pattern.matcher(value).matches()) {
            throw ApiException.invalidConfiguration(
                    headerName + ": a value of " + value.length() + " characters (expected: " + expected + ")");
        }
        return value;
    }
}
