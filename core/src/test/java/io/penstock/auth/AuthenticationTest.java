package io.penstock.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.http.Secret;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class AuthenticationTest {

    private static final Secret SECRET = Secret.of("pk_live_0123456789abcdef");

    private static List<String> added(CredentialScheme scheme, String origin, String uri) {
        Call call = Call.start(Plans.following(uri, 0), VirtualTimeScheduler.create());
        new Authentication(scheme, SECRET, URI.create(origin))
                .apply(call, c -> Mono.empty())
                .block();
        return call.addedHeaders();
    }

    @Test
    void putsCredentialIntoHeaderOfScheme() {
        String origin = "https://api.example.com";
        assertThat(added(CredentialScheme.bearer(), origin, origin + "/a"))
                .containsExactly("authorization", "Bearer " + SECRET.reveal());
        assertThat(added(CredentialScheme.header("X-Auth"), origin, origin + "/a"))
                .containsExactly("x-auth", SECRET.reveal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com/a",
                "https://api.example.com:8443/a",
                "https://api.example.com.evil.example/a",
                "https://evil.example/?https://api.example.com"
            })
    void withholdsCredentialFromOtherOrigins(String uri) {
        assertThat(added(CredentialScheme.bearer(), "https://api.example.com", uri))
                .isEmpty();
    }

    @Test
    void withholdsCredentialAfterRedirectBackToOrigin() {
        Call call = Call.start(Plans.get().redirectedTo(Plans.get().uri()), VirtualTimeScheduler.create());
        new Authentication(CredentialScheme.bearer(), SECRET, URI.create("https://api.example.com"))
                .apply(call, c -> Mono.empty())
                .block();

        assertThat(call.addedHeaders()).isEmpty();
    }

    @Test
    void masksKeyBeyondShownPrefixInDescription() {
        assertThat(new Authentication(
                                CredentialScheme.bearer().showing(8), SECRET, URI.create("https://api.example.com"))
                        .describe())
                .isEqualTo("authorization: Bearer pk_live_****, to https://api.example.com only");
    }
}
