package io.penstock.cli;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The source of the credential: an environment variable or a file. Never an argument, which every process on the
 * machine can read and every shell remembers.
 */
final class SecretOptions {

    @Option(
            names = "--secret-env",
            paramLabel = "NAME",
            description = "Environment variable that holds the secret (PENSTOCK_<VENDOR>_SECRET unless given).")
    private @Nullable String variable;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "File that holds the secret; a line break at its end is no part of it.")
    private @Nullable String file;

    @Option(names = "--anonymous", description = "Send no secret at all, for public resources.")
    private boolean anonymous;

    boolean anonymous() {
        return anonymous;
    }

    /** Returns the secret, or null if none is wanted. */
    @Nullable
    Secret secret(String vendor, Console console) {
        if (anonymous ? variable != null || file != null : variable != null && file != null) {
            throw new BadArgument("--anonymous, --secret-env, --secret-file: more than one given (expected: at most one"
                    + " of them)");
        }
        if (anonymous) {
            return null;
        }
        if (file != null) {
            return checked(
                    "--secret-file " + file,
                    InputFile.read("--secret-file", file).replaceFirst("[\r\n]+$", ""));
        }
        String name = variable == null ? defaultVariable(vendor) : variable;
        String value = console.environment().apply(name);
        if (value != null) {
            return checked(variable == null ? name : "--secret-env", value);
        }
        // The value of --secret-env may be the secret itself, given there by mistake, so it is not repeated.
        throw new BadArgument((variable == null ? "secret: " + name + " is not set" : "--secret-env: no such variable")
                + " (expected: the secret in that environment variable, or in another one named with --secret-env, or in"
                + " a file named with --secret-file; or --anonymous to send none)");
    }

    private static Secret checked(String source, String value) {
        try {
            return Secret.of(value);
        } catch (ApiException e) {
            throw new BadArgument(source + ", " + e.getMessage());
        }
    }

    static String defaultVariable(String vendor) {
        return "PENSTOCK_" + vendor.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_SECRET";
    }
}
