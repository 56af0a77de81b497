package io.penstock.test.simulator.ixon;

import java.time.Duration;

/**
 * How a client gets in.
 *
 * @param twoPartBasic whether {@code Basic email:password} is taken for {@code email::password}: some clients send it,
 *     the page "ixon-api-authentication-headers" has three parts
 * @param secretWithoutFields whether {@code POST /access-tokens} tells the {@code secretId} without
 *     {@code fields=secretId}; undocumented
 * @param tokenLife of a token asked for without {@code expiresIn}; undocumented
 * @param longestTokenLife the largest {@code expiresIn} that is taken; undocumented, clients ask for 5,184,000 s
 * @param otpLife for how long a one-time password is valid; undocumented
 * @param companyForbidden whether {@code Api-Company} is refused by the 122 operations that do not use it, or ignored;
 *     undocumented
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

    /** Three parts, the secret only on demand, tokens for an hour and up to sixty days. */
    public static IxonAccess documented() {
        return new IxonAccess(false, false, Duration.ofHours(1), Duration.ofDays(60), Duration.ofSeconds(30), false);
    }

    /** The same with another {@link #twoPartBasic()}. */
    public IxonAccess withTwoPartBasic(boolean twoPartBasic) {
        return new IxonAccess(
                twoPartBasic, secretWithoutFields, tokenLife, longestTokenLife, otpLife, companyForbidden);
    }

    /** The same with another {@link #secretWithoutFields()}. */
    public IxonAccess withSecretWithoutFields(boolean secretWithoutFields) {
        return new IxonAccess(
                twoPartBasic, secretWithoutFields, tokenLife, longestTokenLife, otpLife, companyForbidden);
    }

    /** The same with another {@link #tokenLife()}. */
    public IxonAccess withTokenLife(Duration tokenLife) {
        return new IxonAccess(
                twoPartBasic, secretWithoutFields, tokenLife, longestTokenLife, otpLife, companyForbidden);
    }

    /** The same with another {@link #longestTokenLife()}. */
    public IxonAccess withLongestTokenLife(Duration longestTokenLife) {
        return new IxonAccess(
                twoPartBasic, secretWithoutFields, tokenLife, longestTokenLife, otpLife, companyForbidden);
    }

    /** The same with another {@link #otpLife()}. */
    public IxonAccess withOtpLife(Duration otpLife) {
        return new IxonAccess(
                twoPartBasic, secretWithoutFields, tokenLife, longestTokenLife, otpLife, companyForbidden);
    }

    /** The same with another {@link #companyForbidden()}. */
    public IxonAccess withCompanyForbidden(boolean companyForbidden) {
        return new IxonAccess(
                twoPartBasic, secretWithoutFields, tokenLife, longestTokenLife, otpLife, companyForbidden);
    }

    private static boolean isPositive(Duration duration) {
        return duration.compareTo(Duration.ZERO) > 0;
    }
}
