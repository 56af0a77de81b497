package io.penstock.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.http.Headers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionalRequestTest {

    private static final ApiRequest<?> POST = ApiRequest.post("scans/1/move");

    @Test
    void sendsConditionsAsHeaders() {
        Instant date = Instant.parse("2026-06-03T11:05:30.9Z");

        assertThat(ApiRequest.get("a").ifNoneMatch("W/\"v1\"").headers()).containsExactly("if-none-match", "W/\"v1\"");
        assertThat(ApiRequest.get("a").ifModifiedSince(date).headers())
                .containsExactly("if-modified-since", "Wed, 03 Jun 2026 11:05:30 GMT");
        assertThat(POST.ifMatch("\"\"").headers()).containsExactly("if-match", "\"\"");
        assertThat(POST.ifUnmodifiedSince(date).headers())
                .containsExactly("if-unmodified-since", "Wed, 03 Jun 2026 11:05:30 GMT");
        assertThat(POST.ifMatch("\"a\"").ifMatch("\"b\"").headers()).containsExactly("if-match", "\"b\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "", "\"v1", "w/\"v1\"", "\"a\"b\"", "\"a\", \"b\"", "*"})
    void rejectsEntityTagWithoutItsQuotes(String tag) {
        assertThatThrownBy(() -> ApiRequest.get("a").ifNoneMatch(tag))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("with its quotes");
    }

    @Test
    void takesSettledDateForVersion() {
        assertThat(POST.retryClass()).isEqualTo(RetryClass.UNSAFE);
        assertThat(POST.ifUnmodifiedSince(Instant.now().minus(Duration.ofHours(1)))
                        .retryClass())
                .isEqualTo(RetryClass.IDEMPOTENT);
        assertThat(POST.ifUnmodifiedSince(Instant.now()).retryClass()).isEqualTo(RetryClass.UNSAFE);
        assertThat(POST.header("if-unmodified-since", "yesterday").retryClass()).isEqualTo(RetryClass.UNSAFE);
    }

    @Test
    void tellsUnchangedResource() {
        ApiResponse<String> unchanged = new ApiResponse<>(304, Headers.of("etag", "\"v1\""), null, Journey.none());

        assertThat(unchanged.isNotModified()).isTrue();
        assertThat(unchanged.entityTag()).isEqualTo("\"v1\"");
        assertThat(new ApiResponse<>(200, Headers.none(), "a", Journey.none()).isNotModified())
                .isFalse();
    }
}
