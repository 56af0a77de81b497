package io.penstock.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.SentCredential;
import io.penstock.request.Plan;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class AuthenticationTest {

    private static final Secret SECRET = Secret.of("pk_live_0123456789abcdef");

    private static List<String> added(CredentialScheme scheme, String origin, String uri) {
        return authenticated(scheme, origin, Plans.following(uri, 0)).addedHeaders();
    }

    /** The call as it goes on to the next stage. */
    private static Call authenticated(CredentialScheme scheme, String origin, Plan plan) {
        List<Call> sent = new ArrayList<>();
        new Authentication(scheme, SECRET, URI.create(origin))
                .apply(Call.start(plan, VirtualTimeScheduler.create()), call -> Mono.fromRunnable(() -> sent.add(call)))
                .block();
        return sent.get(0);
    }

    @Test
    void putsCredentialIntoHeaderOfScheme() {
        String origin = "https://api.example.com";
        assertThat(added(CredentialScheme.bearer(), origin, origin + "/a"))
                .containsExactly("authorization", "Bearer " + SECRET.reveal());
        assertThat(added(CredentialScheme.header("X-Auth"), origin, origin + "/a"))
                .containsExactly("x-auth", SECRET.reveal());
    }

    private static List<String> sent(CredentialScheme scheme, String secret) {
        return scheme.pairWith(Secret.of(secret));
    }

    /** The first one is the example of RFC 7617 §2. */
    @Test
    void encodesBasicCredential() {
        assertThat(sent(CredentialScheme.basic(), "Aladdin:open sesame".replace(' ', '_')))
                .containsExactly("authorization", "Basic QWxhZGRpbjpvcGVuX3Nlc2FtZQ==");
        assertThat(sent(CredentialScheme.basicUser(), "sk_key")).containsExactly("authorization", "Basic c2tfa2V5Og==");
    }

    @Test
    void encodesSecretForQuery() {
        SentCredential one = CredentialScheme.query("api_key").carrying(Secret.of("k&y=1+2"));
        SentCredential two = CredentialScheme.query("App", "Key").carrying(Secret.of("my-app:k:y"));

        assertThat(one.query()).isEqualTo("api_key=k%26y%3D1%2B2");
        assertThat(one.headers()).isEmpty();
        assertThat(two.query()).isEqualTo("App=my-app&Key=k%3Ay");
        assertThat(two.texts()).containsExactly("my-app:k:y", "my-app");
        assertThat(one.toString() + two).doesNotContain("k&y", "k:y");
    }

    @Test
    void withholdsCredentialInQueryFromOtherOrigins() {
        CredentialScheme scheme = CredentialScheme.query("key");
        String origin = "https://api.example.com";

        assertThat(authenticated(scheme, origin, Plans.following(origin + "/a", 0))
                        .credential())
                .isNotNull();
        assertThat(authenticated(scheme, origin, Plans.following("https://evil.example/a", 0))
                        .credential())
                .isNull();
    }

    @Test
    void sendsPartsOfSecretInHeadersOfTheirOwn() {
        assertThat(sent(CredentialScheme.headers("X-App", "X-Key"), "app:k:ey"))
                .containsExactly("x-app", "app", "x-key", "k:ey");
    }

    @Test
    void rejectsSecretWithoutFormOfSchemeWhenBuilt() {
        URI origin = URI.create("https://api.example.com");
        Secret secret = Secret.of("no_colon_in_it");

        assertThatThrownBy(() -> new Authentication(CredentialScheme.basic(), secret, origin))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("secret: no colon (expected: user:password")
                .hasMessageNotContaining("no_colon_in_it");
        assertThatThrownBy(() -> new Authentication(CredentialScheme.headers("a", "b"), secret, origin))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("not of 2 parts")
                .hasMessageNotContaining("no_colon_in_it");
        assertThatThrownBy(() -> CredentialScheme.headers("a", "A")).matches(ErrorKind.INVALID_CONFIGURATION::matches);
        assertThatThrownBy(() -> CredentialScheme.headers(new String[0]))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches);
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
        Call call = authenticated(
                CredentialScheme.bearer(),
                "https://api.example.com",
                Plans.get().redirectedTo(Plans.get().uri()));

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
