package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.penstock.auth.CredentialScheme;
import io.penstock.circuit.CircuitState;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.pipeline.Operator;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.spec.VendorSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Header values that cannot be sent. They are refused before anything is sent, whatever their source. */
class HeaderValuesTest {

    private final Lab lab = new Lab();
    private final StubTransport wire = StubTransport.always(200, "{}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                " a",
                "\ta",
                "a ",
                "a\t",
                " ",
                "\t",
                "a\r",
                "a\n",
                "\na",
                "a\u0000",
                "a\u000b",
                "a\u001f",
                "a\u007f",
                "a\u0100",
                "a\r\nb: c",
                "a\n b"
            })
    void refusesValuesThatAnEncoderWouldRefuseOrChange(String value) {
        assertThatThrownBy(() -> ApiRequest.get("a").header("x-a", value))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageStartingWith("header x-a: ");
        assertThatThrownBy(() -> ApiRequest.get("a").withHeader("x-a", value))
                .matches(ErrorKind.INVALID_REQUEST::matches);
        assertThatThrownBy(() -> lab.client(wire).header("x-a", value)).matches(ErrorKind.INVALID_REQUEST::matches);
        assertThatThrownBy(() -> ApiRequest.get("a").header("user-agent", value))
                .matches(ErrorKind.INVALID_REQUEST::matches);
        assertThatThrownBy(() -> ApiRequest.post("a").body(new byte[1], value))
                .matches(ErrorKind.INVALID_REQUEST::matches);
        assertThatThrownBy(() -> Lab.SPEC.withHeader("x-a", value))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("spec of acme: header x-a: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a b", "a\tb", "a  b", "\u00e4", "\u0080", "!", "~"})
    void sendsValuesThatTheEncoderAccepts(String value) {
        if (!value.isEmpty()) {
            assertThat(HttpHeaderValidationUtil.validateValidHeaderValue(value)).isEqualTo(-1);
        }
        lab.value(lab.client(wire).build().execute(ApiRequest.get("a").header("x-a", value)));

        assertThat(wire.sent.get(0).header("x-a")).isEqualTo(value);
    }

    @Test
    void acceptsNothingThatTheEncoderRefuses() {
        for (char c = 0; c <= 0x1ff; c++) {
            for (String value : List.of(c + "b", "a" + c + "b", "a" + c)) {
                if (Headers.whatIsWrongWith(value) == null) {
                    assertThat(HttpHeaderValidationUtil.validateValidHeaderValue(value))
                            .as("U+%04X", (int) c)
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void namesRemedyWithoutShowingValue() {
        assertThatThrownBy(() -> ApiRequest.get("a").header("x-a", "s3cr3t\n"))
                .hasMessageContaining("strip()")
                .hasMessageContaining("U+000A")
                .hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> ApiRequest.get("a").header("x-a", "s3cr3t "))
                .hasMessageContaining("ends with a blank")
                .hasMessageContaining("strip()")
                .hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> Secret.of("s3cr3t\n"))
                .hasMessageContaining("strip()")
                .hasMessageNotContaining("s3cr3t");
    }

    private enum Source {
        SECRET {
            @Override
            ApiException failure(HeaderValuesTest t, String value) {
                return t.failing(t.lab.client(Lab.SPEC, t.wire).secret(Secret.of(value)), ApiRequest.get("a"));
            }
        },
        SECRET_ALONE {
            @Override
            ApiException failure(HeaderValuesTest t, String value) {
                return t.failing(
                        t.lab.client(Lab.SPEC.withCredential(CredentialScheme.header("x-key")), t.wire)
                                .secret(Secret.of(value)),
                        ApiRequest.get("a"));
            }
        },
        IDEMPOTENCY_KEY {
            @Override
            ApiException failure(HeaderValuesTest t, String value) {
                VendorSpec spec = Lab.SPEC.withKeyPlacement(KeyPlacement.header("idempotency-key"));
                return t.failing(
                        t.lab.client(spec, t.wire), ApiRequest.post("a").idempotencyKey(IdempotencyKey.of(value)));
            }
        },
        OPERATOR_PER_CALL {
            @Override
            ApiException failure(HeaderValuesTest t, String value) {
                return t.failing(t.with(Operator.Position.PER_CALL, value), ApiRequest.get("a"));
            }
        },
        OPERATOR_PER_ATTEMPT {
            @Override
            ApiException failure(HeaderValuesTest t, String value) {
                return t.failing(t.with(Operator.Position.PER_ATTEMPT, value), ApiRequest.get("a"));
            }
        };

        abstract ApiException failure(HeaderValuesTest test, String value);
    }

    private ApiClientBuilder with(Operator.Position position, String value) {
        return lab.client(wire).operator(position, Operator.of("tag", (call, next) -> {
            call.header("x-tag", value);
            return next.exchange(call);
        }));
    }

    /** Returns the last failure of 30 calls, enough to open a circuit that counted them. */
    private ApiException failing(ApiClientBuilder builder, ApiRequest<?> request) {
        ApiClient client = builder.build();
        List<ApiException> failures = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            failures.add(lab.failure(client.value(request)));
        }
        assertThat(client.inspect().circuits())
                .allMatch(c -> c.phase() == CircuitState.Phase.CLOSED)
                .allMatch(c -> c.calls() == 0);
        assertThat(failures).allMatch(f -> f.kind() == ErrorKind.INVALID_REQUEST);
        return failures.get(29);
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void failsEachCallAtOnceWithoutCountingForCircuit(Source source) {
        for (String value : List.of(" s3cr3t-77", "s3cr3t-77 ")) {
            ApiException failure = source.failure(this, value);

            assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
            assertThat(failure.journey().attempts()).hasSizeLessThanOrEqualTo(1);
            assertThat(failure.toString() + failure.journey().toJson()).doesNotContain("s3cr3t-77");
            assertThat(failure).hasMessageContaining("with a blank or a tab");
        }
        assertThat(wire.sent).isEmpty();
    }
}
