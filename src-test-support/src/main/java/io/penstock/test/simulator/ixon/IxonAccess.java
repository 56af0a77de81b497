package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;
import java.time.Duration;

/**
 * Options for the authentication of clients.
 *
 * @param twoPartBasic whether {@code Basic email:password} is accepted as {@code email::password}: some clients send
 *     it, the page "ixon-api-authentication-headers" has three parts
 * @param secretWithoutFields whether {@code POST /access-tokens} returns the {@code secretId} without
 *     {@code fields=secretId}; undocumented
 * @param tokenLife lifetime of a token requested without {@code expiresIn}; undocumented
 * @param longestTokenLife largest accepted {@code expiresIn}; undocumented, clients request 5,184,000 s
 * @param otpLife lifetime of a one-time password; undocumented
 * @param companyForbidden whether the 122 operations that do not use {@code Api-Company} refuse it instead of ignoring
 *     it; undocumented
 */
public record IxonAccess(
        boolean twoPartBasic,
        boolean secretWithoutFields,
        Duration tokenLife,
        Duration longestTokenLife,
        Duration otpLife,
        boolean companyForbidden) {

    /** Checks the values. */
    public IxonAccess {
        Expected.that(isPositive(tokenLife), "tokenLife", tokenLife, "> 0");
        Expected.that(isPositive(longestTokenLife), "longestTokenLife", longestTokenLife, "> 0");
        Expected.that(isPositive(otpLife), "otpLife", otpLife, "> 0");
    }

    /**
     * Returns the documented options: three parts, the secret only on request, tokens for an hour by default and up to
     * sixty days.
     */
    public static IxonAccess documented() {
        return new IxonAccess(false, false, Duration.ofHours(1), Duration.ofDays(60), Duration.ofSeconds(30), false);
    }

    /** Returns a copy with another {@link #twoPartBasic()}. */
    public IxonAccess withTwoPartBasic(boolean twoPartBasic) {
        return RecordCopy.with(this, "twoPartBasic", twoPartBasic);
    }

    /** Returns a copy with another {@link #secretWithoutFields()}. */
    public IxonAccess withSecretWithoutFields(boolean secretWithoutFields) {
        return RecordCopy.with(this, "secretWithoutFields", secretWithoutFields);
    }

    /** Returns a copy with another {@link #tokenLife()}. */
    public IxonAccess withTokenLife(Duration tokenLife) {
        return RecordCopy.with(this, "tokenLife", tokenLife);
    }

    /** Returns a copy with another {@link #longestTokenLife()}. */
    public IxonAccess withLongestTokenLife(Duration longestTokenLife) {
        return RecordCopy.with(this, "longestTokenLife", longestTokenLife);
    }

    /** Returns a copy with another {@link #otpLife()}. */
    public IxonAccess withOtpLife(Duration otpLife) {
        return RecordCopy.with(this, "otpLife", otpLife);
    }

    /** Returns a copy with another {@link #companyForbidden()}. */
    public IxonAccess withCompanyForbidden(boolean companyForbidden) {
        return RecordCopy.with(this, "companyForbidden", companyForbidden);
    }

    private static boolean isPositive(Duration duration) {
        return duration.compareTo(Duration.ZERO) > 0;
    }
}
