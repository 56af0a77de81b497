package io.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.request.Plan;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class RedirectsTest {

    private static final String FROM = "https://api.example.com/v1/scans/7/report";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Call> sent = new ArrayList<>();
    private final Redirects redirects = new Redirects();

    private Exchange redirecting(int status, @Nullable String location, int times) {
        return call -> {
            sent.add(call);
            return Mono.just(
                    sent.size() > times
                            ? Plans.reply(200, "there")
                            : new Reply(
                                    new ResponseHead(
                                            status,
                                            location == null ? Headers.none() : Headers.of("location", location)),
                                    null,
                                    0));
        };
    }

    private Mono<Reply> run(String from, int allowed, Exchange next) {
        Call call = Call.start(Plans.following(from, allowed), time);
        call.header("x-tag", "blue");
        return redirects.apply(call, next);
    }

    @ParameterizedTest
    @CsvSource({
        "301, https://files.example/r.pdf?sig=1, https://files.example/r.pdf?sig=1",
        "302, https://api.example.com.:443/a,    https://api.example.com.:443/a",
        "303, https://sub.api.example.com/?x=1,  https://sub.api.example.com/?x=1",
        "307, //files.example/a,                 https://files.example/a",
        "307, https://api.example.com:8443/a,    https://api.example.com:8443/a",
        "308, HTTPS://files.example:8443/a%2Fb,  HTTPS://files.example:8443/a%2Fb"
    })
    void followsToOtherOriginWithoutHeadersOrCredential(int status, String location, String to) {
        StepVerifier.create(run(FROM, 1, redirecting(status, location, 1)))
                .expectNextMatches(r -> "there".equals(r.value()))
                .verifyComplete();

        Plan plan = sent.get(1).plan();
        assertThat(plan.uri()).isEqualTo(URI.create(to));
        assertThat(plan.method()).isEqualTo(Method.GET);
        assertThat(plan.anonymous()).isTrue();
        assertThat(plan.headers()).containsExactly("accept", "application/json");
        assertThat(plan.body()).isNull();
        assertThat(plan.key()).isNull();
        assertThat(plan.redirects()).isZero();
        assertThat(sent.get(1).addedHeaders()).isEmpty();
        assertThat(sent.get(1).deadlineNanos()).isEqualTo(sent.get(0).deadlineNanos());
    }

    @ParameterizedTest
    @CsvSource({
        "301, /elsewhere,                          https://api.example.com/elsewhere",
        "302, ?x=1,                                https://api.example.com/v1/scans/7/report?x=1",
        "303, other?x=1,                           https://api.example.com/v1/scans/7/other?x=1",
        "307, HTTPS://API.example.com:443/a,       https://API.example.com:443/a",
        "308, //api.example.com/a#there,           https://api.example.com/a"
    })
    void keepsHeadersAndCredentialWithinOrigin(int status, String location, String to) {
        StepVerifier.create(run(FROM, 2, redirecting(status, location, 1)))
                .expectNextMatches(r -> "there".equals(r.value()))
                .verifyComplete();

        Plan first = sent.get(0).plan();
        Plan plan = sent.get(1).plan();
        assertThat(plan.uri()).isEqualTo(URI.create(to));
        assertThat(plan.method()).isEqualTo(Method.GET);
        assertThat(plan.anonymous()).isFalse();
        assertThat(plan.headers()).isEqualTo(first.headers());
        assertThat(plan.redirects()).isEqualTo(1);
        assertThat(sent.get(1).addedHeaders()).containsExactly("x-tag", "blue");
        assertThat(sent.get(0).notes()).singleElement().asString().doesNotContain("without credential");
    }

    @Test
    void withholdsCredentialAfterReturnToOrigin() {
        List<String> locations = List.of("https://files.example/a", "/b", FROM);
        Exchange hops = call -> {
            sent.add(call);
            return Mono.just(
                    sent.size() > 3
                            ? Plans.reply(200, "there")
                            : new Reply(
                                    new ResponseHead(302, Headers.of("location", locations.get(sent.size() - 1))),
                                    null,
                                    0));
        };
        StepVerifier.create(run(FROM, 3, hops)).expectNextCount(1).verifyComplete();

        assertThat(sent).hasSize(4).last().satisfies(home -> {
            assertThat(home.plan().uri()).isEqualTo(URI.create(FROM));
            assertThat(home.plan().anonymous()).isTrue();
            assertThat(home.plan().headers()).containsExactly("accept", "application/json");
            assertThat(home.addedHeaders()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 304, 305, 306, 310})
    void followsNoOtherStatus(int status) {
        StepVerifier.create(run(FROM, 3, redirecting(status, "/a", 99)))
                .expectNextMatches(r -> r.head().status() == status)
                .verifyComplete();

        assertThat(sent).hasSize(1);
    }

    @Test
    void notesTargetWithoutQuery() {
        StepVerifier.create(run(FROM, 1, redirecting(302, "https://files.example/r.pdf?sig=s3cr3t", 1)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(sent.get(0).notes())
                .containsExactly("302 followed to https://files.example/r.pdf without credential");
    }

    @Test
    void returnsRedirectBeyondAllowedNumber() {
        StepVerifier.create(run(FROM, 3, redirecting(302, "/again", 99)))
                .expectNextMatches(r -> r.head().status() == 302)
                .verifyComplete();

        assertThat(sent).hasSize(4);
    }

    @Test
    void followsNothingUnlessAllowed() {
        StepVerifier.create(run(FROM, 0, redirecting(302, "/again", 99)))
                .expectNextMatches(r -> r.head().status() == 302)
                .verifyComplete();

        assertThat(sent).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "https://api.example.com/a, -",
                "https://api.example.com/a, http://api.example.com/a",
                "https://api.example.com/a, https://user:pw@files.example/a",
                "https://api.example.com/a, ftp://files.example/a",
                "https://api.example.com/a, file:///etc/passwd",
                "https://api.example.com/a, javascript:alert(1)",
                "https://api.example.com/a, https://",
                "https://api.example.com/a, https://files.example/s3cr3t with spaces",
                "http://api.example.com/a,  ws://files.example/a"
            })
    void failsOnUnusableTargetWithoutShowingIt(String from, @Nullable String location) {
        StepVerifier.create(run(from, 1, redirecting(302, location, 1)))
                .expectErrorSatisfies(e -> assertThat(e)
                        .matches(ErrorKind.UNEXPECTED_STATUS::matches)
                        .hasMessageStartingWith("302 with a Location that cannot be followed")
                        .hasMessageNotContaining("s3cr3t"))
                .verify();

        assertThat(sent).hasSize(1);
    }

    @Test
    void followsFromHttpToHttpOrHttps() {
        StepVerifier.create(run("http://localhost:1/a", 2, redirecting(302, "http://localhost:2/a", 1)))
                .expectNextCount(1)
                .verifyComplete();
        sent.clear();
        StepVerifier.create(run("http://localhost:1/a", 2, redirecting(302, "https://localhost:2/a", 1)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(sent.get(1).plan().origin()).isEqualTo("https://localhost:2");
    }
}
