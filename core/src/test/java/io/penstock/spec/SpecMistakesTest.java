package io.penstock.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorShape.Place;
import io.penstock.envelope.FieldShape;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.paging.Paging;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.HeaderFamily.Band;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.ratelimit.RetryAfter;
import io.penstock.request.KeyPlacement;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Mistakes in a spec, each refused when the spec is made, in a sentence with the member, the value and what was expected. */
class SpecMistakesTest {

    private static final VendorSpec SPEC =
            VendorSpec.of("acme", "Acme", "https://api.example.com/v1", CredentialScheme.header("x-key"));
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Payload<Page<JsonNode>> LIST = Payload.page(JsonNode.class, List.of("items"), List.of("next"));

    @TempDir
    Path folder;

    private static Arguments mistake(ThrowingCallable made, String sentence) {
        return Arguments.of(sentence, made);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                // pointers
                mistake(() -> ErrorShape.messageAt("message"), "message: message (expected: a JSON pointer"),
                mistake(() -> ErrorShape.messageOnly().withCode("code"), "code: code (expected: a JSON pointer"),
                mistake(() -> Place.member("error/code"), "error shape: error/code (expected: a JSON pointer"),
                mistake(() -> FieldShape.named("param"), "fields: param (expected: a JSON pointer"),
                mistake(
                        () -> ErrorShape.messageOnly().withRetryAfter("wait"),
                        "retryAfter: wait (expected: a JSON pointer"),
                mistake(
                        () -> JobShape.at("status", StateWords.succeeding("done")),
                        "state: status (expected: a JSON pointer"),
                // paths
                mistake(() -> KeyPlacement.header("Key", "orders?all"), "paths of idempotency keys: path orders?all"),
                mistake(() -> KeyPlacement.header("Key", "https://a.example/orders"), "names a host"),
                mistake(() -> KeyPlacement.header("Key", ""), "paths of idempotency keys: empty (expected: a path)"),
                mistake(() -> KeyPlacement.header("Key", "a/../orders"), "paths of idempotency keys: path a/../orders"),
                mistake(
                        () -> KeyPlacement.header("Key", "orders/{id"),
                        "paths of idempotency keys: orders/{id: placeholder beside other text"),
                mistake(
                        () -> DeclaredLimit.perCredential("search", 1, MINUTE, "a/**/search"),
                        "limit search: a/**/search: ** inside (expected: ** as the first or last segment only)"),
                mistake(() -> ListForm.of(LIST, Paging.single(), "lists#1"), "paths of lists: path lists#1"),
                mistake(() -> operation("scan", "scans/{id}/**"), "path of operation scan: scans/{id}/**"),
                mistake(() -> operation("scan", "scans/{id"), "path of operation scan: scans/{id: placeholder"),
                mistake(
                        () -> operation("Scan", "scans/{id}"),
                        "operation: Scan (expected: a name of lower-case letters, digits and hyphens)"),
                // headers
                mistake(
                        () -> SPEC.withHeader("x-acme", "1").withHeader("X-Acme", "2"),
                        "spec of acme: headers: header X-Acme twice (expected: each header once)"),
                mistake(
                        () -> SPEC.withHeader("X-Key", "1"),
                        "spec of acme: headers and credential: header x-key twice (expected: each header once)"),
                mistake(
                        () -> SPEC.withKeyPlacement(KeyPlacement.header("X-Key")),
                        "spec of acme: credential and keyPlacement: header X-Key twice"),
                mistake(() -> SPEC.withHeader("x acme", "1"), "spec of acme: header name x acme: character 2"),
                mistake(() -> SPEC.withHeader("content-length", "1"), "set by the transport itself"),
                mistake(
                        () -> HeaderFamily.named("x-left", "X-Left", "x-reset"),
                        "quota headers: x-left twice (expected: one header each for limit, remaining and reset)"),
                mistake(() -> HeaderFamily.named("x limit", "x-left", "x-reset"), "quota headers: header name x limit"),
                mistake(
                        () -> new HeaderFamily.AnyOf(List.of(HeaderFamily.structured(), HeaderFamily.structured())),
                        "quota headers: ratelimit, ratelimit-policy twice (expected: each family once)"),
                mistake(
                        () -> QuotaModel.unknown().namingPartitionsIn("x-quota", "X-Quota"),
                        "partitionHeaders: X-Quota twice (expected: each header once)"),
                mistake(
                        () -> RetryAfter.usual().withHeader("retry-after", TimeUnit.MINUTES),
                        "headers of waits: Retry-After twice (expected: each header once)"),
                mistake(() -> Place.header("x code"), "error shape: header name x code"),
                mistake(
                        () -> ErrorCase.ofHeader("x code", ErrorRule.permanent(ErrorKind.GONE)),
                        "error case: header name x code"),
                // others
                mistake(
                        () -> VendorSpec.of("Acme", "Acme", "https://a.example", CredentialScheme.bearer()),
                        "spec of Acme: id: Acme (expected: lower-case letters, digits, dots and hyphens)"),
                mistake(
                        () -> VendorSpec.of("acme", " ", "https://a.example", CredentialScheme.bearer()),
                        "spec of acme: name: \" \" (expected: the name of the API)"),
                mistake(
                        () -> VendorSpec.of("acme", "Acme", "/v1", CredentialScheme.bearer()),
                        "spec of acme: baseUri: /v1 (expected: http or https with a host, without a query)"),
                mistake(
                        () -> SPEC.withAttemptTimeout(Duration.ZERO),
                        "spec of acme: attemptTimeout: PT0S (expected: more than zero)"),
                mistake(
                        () -> SPEC.withOperations(operation("scan", "a/{id}"), operation("scan", "b/{id}")),
                        "spec of acme: operations: scan twice (expected: a name for each)"));
    }

    private static LongOperation operation(String name, String path) {
        return new LongOperation(
                name, path, JobShape.at("/s", StateWords.succeeding("ok")), PollPolicy.standard(), MINUTE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void refusesMistakeWhenSpecIsMade(String sentence, ThrowingCallable made) {
        assertThatThrownBy(made)
                .isInstanceOf(ApiException.class)
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining(sentence)
                .hasMessageContaining("(expected: ");
    }

    @Test
    void takesOneHeaderInDifferentPlacesOfDifferentUse() {
        assertThat(SPEC.withHeader("x-acme", "1").withHeader("x-other", "2").headers())
                .hasSize(4);
        assertThat(SPEC.withKeyPlacement(KeyPlacement.bodyMember("x-key"))).isNotNull();
    }

    // ---- samples of quota headers

    @Test
    void writesSampleInTheNotationOfTheBand() {
        Instant now = Instant.ofEpochSecond(1_800_000_000L);
        HeaderFamily.Named family = HeaderFamily.named("l", "r", "t");

        assertThat(family.sample(10, 3, 30)).containsExactlyInAnyOrderEntriesOf(Map.of("l", "10", "r", "3", "t", "30"));
        assertThat(family.sample(10, 3, Duration.ofSeconds(30), now)).containsEntry("t", "30");
        assertThat(family.withBand(Band.epochSeconds()).sample(10, 3, Duration.ofSeconds(30), now))
                .containsEntry("t", "1800000030");
        assertThat(family.withBand(Band.epochMillis()).sample(10, 3, Duration.ofSeconds(30), now))
                .containsEntry("t", "1800000030000");
    }

    @ParameterizedTest
    @ValueSource(longs = {30, 1_800_000_000L})
    void refusesSampleThatTheBandReadsAsAnotherTime(long reset) {
        HeaderFamily.Named family = HeaderFamily.named("l", "r", "t").withBand(new Band(20, 2_000_000_000_000L));

        assertThatThrownBy(() -> family.sample(10, 3, reset))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("sample of quota headers: t " + reset
                        + " (expected: a number that this family reads as seconds from now, below 20");
    }

    // ---- service files

    private List<VendorSpec> vendors(String services) throws IOException {
        Path file = folder.resolve("META-INF/services/io.penstock.spec.Vendor");
        Files.createDirectories(file.getParent());
        Files.writeString(file, services);
        URL[] path = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, SpecMistakesTest.class.getClassLoader())) {
            return Vendors.all(loader);
        }
    }

    /** A vendor. */
    public static final class Good implements Vendor {
        @Override
        public VendorSpec spec() {
            return SPEC;
        }
    }

    /** A vendor with the id of another. */
    public static final class Twin implements Vendor {
        @Override
        public VendorSpec spec() {
            return VendorSpec.of("acme", "Twin", URI.create("https://b.example"), CredentialScheme.bearer());
        }
    }

    /** A vendor whose spec has a mistake, in a constant as usual. */
    public static final class Wrong implements Vendor {
        private static final VendorSpec WRONG = SPEC.withHeader("x acme", "1");

        @Override
        public VendorSpec spec() {
            return WRONG;
        }
    }

    /** No vendor. */
    public static final class Stranger {}

    /** A vendor that the service loader cannot create. */
    public static final class Demanding implements Vendor {
        /** Takes an argument. */
        public Demanding(String argument) {
            assertThat(argument).isNotNull();
        }

        @Override
        public VendorSpec spec() {
            return SPEC;
        }
    }

    private void refuses(String services, String sentence) {
        assertThatThrownBy(() -> vendors(services))
                .isInstanceOf(ApiException.class)
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining(sentence)
                .hasMessageContaining("(expected: ");
    }

    @Test
    void findsVendorOfServiceFile() throws IOException {
        assertThat(vendors("# the example\n" + Good.class.getName() + "\n")).containsExactly(SPEC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# io.penstock.acme.Acme\n"})
    void refusesServiceFileWithoutClass(String services) {
        refuses(services, "META-INF/services/io.penstock.spec.Vendor: empty");
    }

    @Test
    void refusesServiceFileWithWrongClass() {
        refuses("io.penstock.acme.NoSuchVendor", "Provider io.penstock.acme.NoSuchVendor not found");
        refuses(Stranger.class.getName(), Stranger.class.getName());
        refuses(Demanding.class.getName(), Demanding.class.getName());
        refuses("not a name", "service file ");
    }

    @Test
    void refusesTwoVendorsOfOneId() {
        refuses(Good.class.getName() + "\n" + Twin.class.getName(), "vendor: id acme of two vendors, Acme and Twin");
    }

    @Test
    void passesMistakeOfSpecOn() {
        refuses(Wrong.class.getName(), "spec of acme: header name x acme: character 2");
    }

    @Test
    void saysThatServiceFileIsMissing() {
        assertThatThrownBy(() -> Vendors.byId("acme"))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("vendor: acme: no vendor is on the class path (expected: a module whose"
                        + " META-INF/services/io.penstock.spec.Vendor names a class that implements Vendor)");
    }
}
