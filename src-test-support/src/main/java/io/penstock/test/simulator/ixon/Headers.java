package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.LoggedRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The headers that every operation needs, checked by the contract's patterns. Undocumented: the order of the checks,
 * and the response to a value that does not match its pattern. {@code Api-Branding} is checked if it is sent; the
 * twelve operations that require it are not known.
 */
record Headers(Cloud cloud) {

    private static final Pattern APPLICATION = Pattern.compile("[0-9a-zA-Z]{12}");
    private static final Pattern COMPANY = Pattern.compile("(\\d{4}-){4}\\d{4}");
    private static final Pattern BRANDING = Pattern.compile(".+(\\..[^.]+)");

    static void requireVersion(LoggedRequest request) {
        if (!required(request, "Api-Version").equals("2")) {
            throw Refusal.invalid(Refusal.INVALID, "Api-Version");
        }
    }

    /** Checks the application, if the operation needs it, and the brand, if it is sent. */
    void requireApplication(LoggedRequest request, Operation operation) {
        if (operation.needsApplication()) {
            String application = matching(request, "Api-Application", APPLICATION);
            if (!cloud.applications.contains(application)) {
                throw Refusal.invalid(Refusal.INVALID, "Api-Application");
            }
        }
        if (request.header("Api-Branding") != null) {
            matching(request, "Api-Branding", BRANDING);
        }
    }

    /** Returns the token of the request; {@code null} if the operation needs none or takes a password. */
    Tokens.@Nullable Token authenticate(LoggedRequest request, Operation operation) {
        if (!operation.needsToken() || operation.name().equals("POST /access-tokens")) {
            return null;
        }
        Authorization authorization = Authorization.of(request.header("Authorization"), cloud.rules.errors());
        if (!authorization.isOf("Bearer")) {
            throw Refusal.authorization(Refusal.MALFORMED);
        }
        return cloud.tokens.authenticate(authorization.credentials(), request.header("Api-Application"));
    }

    /** Returns the company; empty if the operation does not use it. */
    String company(LoggedRequest request, Operation operation) {
        if (!operation.needsCompany()) {
            if (cloud.rules.access().companyForbidden() && request.header("Api-Company") != null) {
                throw Refusal.invalid(Refusal.INVALID, "Api-Company");
            }
            return "";
        }
        String company = matching(request, "Api-Company", COMPANY);
        if (cloud.companyRow(company) == null) {
            throw Refusal.invalid(Refusal.INVALID, "Api-Company");
        }
        return company;
    }

    private static String matching(LoggedRequest request, String name, Pattern pattern) {
        String value = required(request, name);
        if (!pattern.matcher(value).matches()) {
            throw Refusal.invalid(Refusal.MALFORMED, name);
        }
        return value;
    }

    private static String required(LoggedRequest request, String name) {
        String value = request.header(name);
        if (value == null) {
            throw Refusal.invalid(Refusal.REQUIRED_HEADER, name);
        }
        return value;
    }
}
