package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsOfAClientTest {

    @ParameterizedTest
    @ValueSource(strings = {"http://my_service:8080/v1", "http://stack_web/v1", "http://a_b.internal.example/v1"})
    void acceptsHostWithUnderscore(String address) {
        URI uri = URI.create(address);
        try (ApiClient client =
                ApiClient.builder(VendorSpec.generic("api", uri)).build()) {
            assertThat(client.inspect().explain(ApiRequest.get("things"))).contains("/v1/things");
        }
        assertThatCode(() -> ApiRequest.at(uri)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://m\u00fcller_x/v1", "http://a%5fb/v1", "http://a_b:port/v1"})
    void namesHostThatCannotBeResolved(String address) {
        URI uri = URI.create(address);
        assertThatThrownBy(
                        () -> ApiClient.builder(VendorSpec.generic("api", uri)).build())
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining(uri.getRawAuthority())
                .hasMessageContaining("no host that can be resolved");
        assertThatThrownBy(() -> ApiRequest.at(uri)).matches(ErrorKind.INVALID_REQUEST::matches);
    }
}
