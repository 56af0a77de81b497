package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.test.ErrorConformance;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exception classes and remedies of Pentify's errors. */
class PentifyErrorsTest extends ErrorConformance {

    PentifyErrorsTest() {
        super(PentifyVendor.SPEC, "usage", () -> Pentify.configure().secret(Secret.of("pk_live_0123456789")));
    }

    @Override
    protected String remedies() {
        return """
                status | body                                     | words of the remedy
                401    | {"error":{"code":"invalid_api_key"}}     | key
                402    | {"error":{"code":"insufficient_tokens"}} | top up
                403    | {"error":{"code":"insufficient_scope"}}  | scope
                403    | {"error":{"code":"target_not_verified"}} | DNS TXT; /.well-known/pentify-verify.txt
                409    | {"error":{"code":"target_not_verified"}} | DNS TXT; /.well-known/pentify-verify.txt
                404    | {"error":{"code":"not_found"}}           | this key may see
                404    | {"error":{"code":"not_paired_yet"}}      | ask again
                409    | {"error":{"code":"conflict"}}            | -
                410    | {"error":{"code":"pairing_consumed"}}    | start the pairing over
                429    | {"error":{"code":"rate_limited"}}        | retryAfter(); 30 s
                500    | {"error":{"code":"server_error"}}        | -
                """;
    }

    /** Checks the documented codes through their constants; a code without one would not be found here. */
    @Test
    void declaresConstantClassAndRuleForEveryStableCode() throws IllegalAccessException {
        Set<String> constants = new TreeSet<>();
        for (Field field : PentifyErrorCodes.class.getDeclaredFields()) {
            String code = (String) field.get(null);
            constants.add(code);
            assertThat(field.getName()).isEqualTo(code.toUpperCase(Locale.ROOT));
            assertThat(failure(500, "{\"error\":{\"code\":\"" + code + "\"}}").getClass())
                    .as(code)
                    .isNotEqualTo(PentifyException.class);
        }

        assertThat(constants)
                .isEqualTo(new TreeSet<>(
                        PentifyVendor.SPEC.errors().table().byCode().keySet()));
        assertThat(constants)
                .containsExactlyInAnyOrder(
                        "validation_error",
                        "invalid_api_key",
                        "insufficient_tokens",
                        "insufficient_scope",
                        "target_not_verified",
                        "not_found",
                        "not_paired_yet",
                        "conflict",
                        "pairing_consumed",
                        "unprocessable",
                        "rate_limited",
                        "server_error",
                        "internal_error",
                        "engine_unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insufficient_tokens", "brand_new"})
    void allowsCallerToSwitchOnCode(String code) {
        ApiException e = failure(402, "{\"error\":{\"code\":\"" + code + "\"}}");

        String done = switch (String.valueOf(e.code())) {
            case PentifyErrorCodes.INSUFFICIENT_TOKENS -> "topped up";
            default -> "given up";
        };

        assertThat(done).isEqualTo(code.equals("insufficient_tokens") ? "topped up" : "given up");
    }

    @Test
    void includesRequestIdInMessage() {
        assertThat(failure(409, "{\"error\":{\"code\":\"conflict\",\"message\":\"No\",\"request_id\":\"req_1\"}}"))
                .hasMessage("409 conflict: No (request req_1)");
    }
}
