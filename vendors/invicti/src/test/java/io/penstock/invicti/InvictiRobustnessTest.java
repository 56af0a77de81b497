package io.penstock.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.FieldError;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.invicti.model.ApiTarget;
import io.penstock.invicti.model.Created;
import io.penstock.invicti.model.Importer;
import io.penstock.invicti.model.ImporterStatus;
import io.penstock.invicti.model.ImporterType;
import io.penstock.invicti.model.NewApplication;
import io.penstock.invicti.model.NewScan;
import io.penstock.invicti.model.Scan;
import io.penstock.invicti.model.ScanMessage;
import io.penstock.invicti.model.ScanStatistics;
import io.penstock.invicti.model.SyncStatus;
import io.penstock.invicti.model.Target;
import io.penstock.request.ApiRequest;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.invicti.CreateAnswer;
import io.penstock.test.simulator.invicti.DastPrefix;
import io.penstock.test.simulator.invicti.ErrorShape;
import io.penstock.test.simulator.invicti.IdForm;
import io.penstock.test.simulator.invicti.KeyFormat;
import io.penstock.test.simulator.invicti.LastPage;
import io.penstock.test.simulator.invicti.ListFlaw;
import io.penstock.test.simulator.invicti.Listing;
import io.penstock.test.simulator.invicti.LocationForm;
import io.penstock.test.simulator.invicti.RetryHint;
import io.penstock.test.simulator.invicti.ScanAnswer;
import io.penstock.test.simulator.invicti.TimestampForm;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The robustness cases I1 to I13 of Invicti, each over a real socket. */
@Tag("slow")
class InvictiRobustnessTest extends InvictiTest {

    private static final NewScan ORDER = NewScan.authorized("target-7", "11111111-1111-1111-1111-111111111112");
    private static final String SCANS = "/api/v1/scans";
    private static final ListQuery TWO = ListQuery.all().withPageSize(2);

    @Test
    void i1RequestsEachResourceUnderItsDocumentedPath() {
        restart(rules -> rules.withDastPrefix(DastPrefix.BOTH));

        invicti.targets(ListQuery.all()).items().then().block(PATIENCE);
        invicti.startScan(ORDER).block(PATIENCE);

        assertThat(simulator.requests().all())
                .extracting(request -> request.path())
                .containsExactly("/api/1.0/targets", "/api/v1/scans");
    }

    @ParameterizedTest
    @CsvSource({"V1, api/v1", "ONE_ZERO, api/1.0", "V1, api/v1/"})
    void i1MovesResourceToAnotherPrefix(DastPrefix served, String prefix) {
        restart(rules -> rules.withDastPrefix(served));
        simulator.addTarget("T", "https://t.example.com");
        Invicti moved = invicti.at(Resource.TARGETS, prefix).at(Resource.SCANS, prefix);
        String path = "/" + prefix.replaceFirst("/$", "");

        assertThat(moved.targets(ListQuery.all()).count().block(PATIENCE)).isEqualTo(1);
        String id = moved.startScan(ORDER).block(PATIENCE).id();
        assertThat(failureOf(moved.scanStatistics(id, "none")).status()).isEqualTo(404);
        moved.me().block(PATIENCE);

        assertThat(simulator.requests().all())
                .extracting(request -> request.path())
                .containsExactly(
                        path + "/targets",
                        path + "/scans",
                        path + "/scans/" + id + "/results/none/statistics",
                        "/api/identity/v1/me");
    }

    @Test
    void i1KeepsPathOfBase() {
        restart(rules -> rules.withBasePath("/invicti"));

        invicti.me().block(PATIENCE);
        Created<Scan> created = invicti.startScan(ORDER).block(PATIENCE);

        assertThat(simulator.requests().all())
                .extracting(request -> request.path())
                .containsExactly("/invicti/api/identity/v1/me", "/invicti/api/v1/scans");
        assertThat(created.id()).isEqualTo(created.body().scanId());
    }

    @ParameterizedTest
    @EnumSource(KeyFormat.class)
    void i2TreatsKeyAsOpaqueEvenIfItLooksLikeExpiredJwt(KeyFormat format) {
        restart(rules -> rules.withKeyFormat(format));

        assertThat(invicti.me().block(PATIENCE).has("id")).isTrue();
        assertThat(simulator.requests().all().get(0).headers().get("x-auth")).containsExactly(simulator.secret());
    }

    @Test
    void i2ReportsDeadKeyOnceAndNeverRenewsIt() {
        simulator.regenerate(simulator.secret());

        ApiException failure = failureOf(invicti.me());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failure.remedy()).contains("User settings > API key");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void i2PrintsNoKey() {
        simulator
                .faults()
                .next(Fault.status(
                        400,
                        Map.of("x-request-id", simulator.secret()),
                        "application/json",
                        "{\"error\":\"" + simulator.secret() + "\",\"message\":\"key " + simulator.secret()
                                + " is bad\",\"requestId\":\"" + simulator.secret() + "\"}"));

        ApiException failure = failureOf(invicti.me());

        assertThat(failure
                        + failure.getMessage()
                        + failure.failure()
                        + failure.code()
                        + failure.serverMessage()
                        + failure.requestId()
                        + failure.bodyExcerpt()
                        + failure.journey().timeline()
                        + failure.journey().toJson()
                        + invicti.client()
                        + invicti.client().inspect().explain(ApiRequest.get("api/identity/v1/me")))
                .doesNotContain(simulator.secret())
                .contains("x-auth: ****");
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of(io.penstock.test.simulator.invicti.ListShape.NUMBERED, ListShape.NUMBERED, "items", 3),
                Arguments.of(io.penstock.test.simulator.invicti.ListShape.PAGE_INFO, ListShape.PAGE_INFO, "items", 3),
                Arguments.of(io.penstock.test.simulator.invicti.ListShape.CURSOR, ListShape.CURSOR, "targets", 3),
                Arguments.of(io.penstock.test.simulator.invicti.ListShape.UNPAGED, ListShape.WHOLE, "targets", 1),
                Arguments.of(
                        io.penstock.test.simulator.invicti.ListShape.CURSOR_ARRAY,
                        ListShape.CURSOR_LIST,
                        "targets",
                        3));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void i3ReadsEveryListShapeToItsEndInOrder(
            io.penstock.test.simulator.invicti.ListShape served, ListShape expected, String member, int requests) {
        restart(rules -> rules.withListShape(Listing.TARGETS, served));
        List<String> ids = IntStream.range(0, 5)
                .mapToObj(i -> simulator.addTarget("T" + i, "https://t.example.com"))
                .toList();
        ListQuery query = expected.equals(ListShape.WHOLE) ? ListQuery.all() : TWO;

        assertThat(invicti.targets(query, expected, member)
                        .items()
                        .map(Target::id)
                        .collectList()
                        .block(PATIENCE))
                .isEqualTo(ids);
        assertThat(simulator.requests().count()).isEqualTo(requests);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void i3ReadsSingletonOrEmptyListInOneRequest(
            io.penstock.test.simulator.invicti.ListShape served, ListShape expected, String member, int ignored) {
        restart(rules -> rules.withListShape(Listing.TARGETS, served));

        assertThat(invicti.targets(ListQuery.all(), expected, member)
                        .items()
                        .count()
                        .block(PATIENCE))
                .isZero();
        simulator.addTarget("T", "https://t.example.com");
        assertThat(invicti.targets(ListQuery.all(), expected, member)
                        .items()
                        .count()
                        .block(PATIENCE))
                .isEqualTo(1);
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    static Stream<Arguments> foreignForms() {
        List<Object[]> all = shapes().map(Arguments::get).toList();
        return all.stream()
                .flatMap(served -> all.stream()
                        .filter(expected -> !expected[1].equals(served[1]))
                        .flatMap(expected -> Stream.of("items", "targets")
                                .map(member -> Arguments.of(served[0], expected[1], member))));
    }

    @ParameterizedTest
    @MethodSource("foreignForms")
    void i3FailsOnUnexpectedListShape(
            io.penstock.test.simulator.invicti.ListShape served, ListShape expected, String member) {
        restart(rules -> rules.withListShape(Listing.TARGETS, served).withPageSizeLimit(2));
        IntStream.range(0, 3).forEach(i -> simulator.addTarget("T" + i, "https://t.example.com"));

        ApiException failure =
                failureOf(invicti.targets(ListQuery.all(), expected, member).items());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("expected");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"totalCount\":3,\"page\":1} | \"totalCount\":3,\"page\":2",
                "{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"totalCount\":3} | \"totalCount\":3",
                "{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"pageSize\":2} | \"pageSize\":2"
            })
    void i3ReadsListToItsEndByAnyOfItsNumbers(String first, String beside) {
        answer(200, first);
        answer(200, "{\"items\":[{\"id\":\"c\"}]," + beside + "}");

        assertThat(invicti.targets(ListQuery.all())
                        .items()
                        .map(Target::id)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("a", "b", "c");
        assertThat(simulator.requests().all()).extracting(r -> r.query("page")).containsExactly(null, "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"data\":[]}", "{\"items\":null,\"pageInfo\":{}}", "{\"items\":{},\"pageInfo\":{}}", "7"
            })
    void i3FailsOnUnpublishedListShape(String json) {
        answer(200, json);

        ApiException failure = failureOf(invicti.applications(ListQuery.all()).items());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = LastPage.class,
            names = {"ABSENT", "NULL", "REPEATED"})
    void i3EndsCursorListAtEverySign(LastPage lastPage) {
        restart(rules -> rules.withLastPage(lastPage));
        IntStream.range(0, 5).forEach(i -> simulator.addApiTarget("api-" + i));

        assertThat(invicti.apiTargets(TWO)
                        .items()
                        .map(ApiTarget::name)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("api-0", "api-1", "api-2", "api-3", "api-4");
        assertThat(invicti.apiTargets(ListQuery.all()).items().count().block(PATIENCE))
                .isEqualTo(5);
        assertThat(simulator.requests().count()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void i3FailsWhenListGoesInCircles(boolean cursor) {
        restart(rules -> rules.withLastPage(LastPage.LOOPED));
        for (int i = 0; i < 5; i++) {
            simulator.addApiTarget("api-" + i);
            invicti.startScan(ORDER).block(PATIENCE);
        }
        simulator.requests().clear();

        ApiException failure = failureOf(
                cursor
                        ? invicti.apiTargets(TWO).items()
                        : invicti.list(ListShape.CURSOR_LIST, "api/v1/scans", "scans", Scan.class, TWO)
                                .items());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("come to an end");
        assertThat(simulator.requests().count()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void i3FailsOnEmptyPageWhereMoreWasPromised(
            io.penstock.test.simulator.invicti.ListShape served, ListShape expected, String member, int pages) {
        restart(rules -> rules.withListShape(Listing.TARGETS, served).withListFlaw(ListFlaw.EMPTY_PAGES));
        IntStream.range(0, 5).forEach(i -> simulator.addTarget("T" + i, "https://t.example.com"));
        if (expected.equals(ListShape.WHOLE)) {
            answer(200, "{\"targets\":[],\"totalCount\":5}");
        }

        ApiException failure =
                failureOf(invicti.targets(expected.equals(ListShape.WHOLE) ? ListQuery.all() : TWO, expected, member)
                        .items());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("of 5");
        assertThat(simulator.requests().count()).isEqualTo(pages == 1 ? 1 : 2);
    }

    @Test
    void i3ContinuesAfterPageSmallerThanRequested() {
        restart(rules -> rules.withPageSizeLimit(2));
        IntStream.range(0, 5).forEach(i -> simulator.addTarget("T" + i, "https://t.example.com"));

        assertThat(invicti.targets(ListQuery.all().withPageSize(50))
                        .items()
                        .map(Target::name)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("T0", "T1", "T2", "T3", "T4");
    }

    @Test
    void i3RepeatsNoItemAfterFaultInList() {
        IntStream.range(0, 5).forEach(i -> simulator.addApiTarget("api-" + i));
        String path = "/api/apihub/v1/inventory/api-targets";
        simulator.faults().on("GET", path, Fault.delay(Duration.ZERO), Fault.truncateBody(20), Fault.status(503));

        assertThat(invicti.apiTargets(TWO)
                        .items()
                        .map(ApiTarget::name)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("api-0", "api-1", "api-2", "api-3", "api-4");
    }

    @ParameterizedTest
    @CsvSource({
        "AS_DOCUMENTED, ABSOLUTE",
        "BODY, ABSOLUTE",
        "LOCATION, ABSOLUTE",
        "LOCATION, RELATIVE",
        "BODY_AND_LOCATION, ABSOLUTE",
        "BODY_AND_LOCATION, RELATIVE"
    })
    void i4FindsIdInBodyOrAtEndOfLocation(CreateAnswer answer, LocationForm form) {
        restart(rules -> rules.withCreateAnswer(answer).withLocationForm(form).withBasePath("/on/premises"));

        List<Created<?>> created = List.of(
                invicti.startScan(ORDER).block(PATIENCE),
                invicti.createApplication(NewApplication.named("Shop")).block(PATIENCE),
                invicti.createImporter(InvictiOperationsTest.IMPORTER).block(PATIENCE),
                invicti.createMendConnection(InvictiOperationsTest.MEND).block(PATIENCE),
                invicti.createIntegrationInstance(Map.of("pluginId", "p")).block(PATIENCE));

        assertThat(created)
                .<Object>extracting(Created::id)
                .isEqualTo(simulator.effects().all().stream()
                        .map(effect -> effect.id())
                        .toList());
        if (answer == CreateAnswer.LOCATION) {
            assertThat(created).allMatch(c -> c.body() == null);
        }
        if (answer == CreateAnswer.BODY) {
            assertThat(created).allMatch(c -> c.location() == null && c.body() != null);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "https://other.example.com/api/inventory/v1/applications/app-1, app-1",
                "/api/inventory/v1/applications/app-1/, app-1",
                "/applications/app%2F1?x=/y#/z, 1",
                "app-1, app-1",
                "../applications/app-1, app-1",
                "https://other.example.com, -",
                "/, -",
                "http://[broken, -",
                "-, -"
            })
    void i4ReadsAnyLocationAndFollowsNone(@Nullable String location, @Nullable String id) {
        simulator
                .faults()
                .next(Fault.status(
                        201, location == null ? Map.of() : Map.of("Location", location), "application/json", ""));

        Created<?> created =
                invicti.createApplication(NewApplication.named("Shop")).block(PATIENCE);

        assertThat(created.id()).isEqualTo(id);
        assertThat(created.location()).isEqualTo(location);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(IdForm.class)
    void i4AcceptsAnyTextAsId(IdForm form) {
        restart(rules -> rules.withIdForm(form));

        assertThat(invicti.startScan(ORDER).block(PATIENCE).id())
                .isEqualTo(simulator.effects().all().get(0).id());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void i5ReadsAndWritesSameWordsForTypeAndStatus(boolean capitalized) {
        restart(rules -> rules.withCapitalizedEnums(capitalized));
        invicti.createImporter(InvictiOperationsTest.IMPORTER).block(PATIENCE);

        Importer importer = invicti.importers().items().single().block(PATIENCE);

        assertThat(importer.type()).isEqualTo(ImporterType.AWS_API_GATEWAY);
        assertThat(importer.status()).isEqualTo(ImporterStatus.ACTIVE);
        assertThat(simulator.requests().all().get(0).body())
                .contains("\"type\":\"aws_api_gateway\"")
                .contains("\"status\":\"active\"");
    }

    @Test
    void i5AcceptsUnknownWord() {
        answer(200, "{\"importers\":[{\"importerId\":\"i\",\"type\":\"Apigee\",\"status\":\"Dormant\",\"new\":1}]}");

        Importer importer = invicti.importers().items().single().block(PATIENCE);

        assertThat(importer.type()).isEqualTo(ImporterType.of("APIGEE")).hasToString("apigee");
        assertThat(importer.status()).isEqualTo(ImporterStatus.of("dormant"));
        assertThat(importer.more().get("new").asInt()).isEqualTo(1);
    }

    @Test
    void i6ReadsNoneAsWordNotNull() {
        invicti.createImporter(InvictiOperationsTest.IMPORTER).block(PATIENCE);

        Importer importer = invicti.importers().items().single().block(PATIENCE);

        assertThat(importer.syncStatus()).isEqualTo(SyncStatus.NONE).hasToString("None");
        assertThat(importer.lastRunDate()).isNull();
    }

    @Test
    void i7ReadsBothCasesAndKeepsUnknownMembers() {
        answer(
                200,
                "{\"scanMessage\":[{\"id\":\"m\",\"targetId\":\"t\",\"messageKind\":\"scanning\",\"target_id\":\"other\"}],"
                        + "\"scan_duration\":5}");

        ScanStatistics statistics = invicti.scanStatistics("s", "r").block(PATIENCE);
        ScanMessage message = statistics.messages().get(0);
        Scan scan = invicti.startScan(ORDER).block(PATIENCE).body();

        assertThat(message.targetId()).isEqualTo("t");
        assertThat(message.messageKind()).isEqualTo("scanning");
        assertThat(message.more().get("target_id").asString()).isEqualTo("other");
        assertThat(statistics.more().get("scan_duration").asInt()).isEqualTo(5);
        assertThat(scan.targetId()).isEqualTo("target-7");
        assertThat(scan.more()).containsKey("schedule").doesNotContainKey("target_id");
    }

    @ParameterizedTest
    @EnumSource(TimestampForm.class)
    void i8ReadsTimesInEveryForm(TimestampForm form) {
        restart(rules -> rules.withTimestampForm(form));
        OffsetDateTime before = OffsetDateTime.now(ZoneOffset.UTC).minusSeconds(2);

        Scan scan = invicti.startScan(ORDER).block(PATIENCE).body();
        simulator.addApiTarget("petstore");
        ApiTarget api = invicti.apiTargets(ListQuery.all()).items().single().block(PATIENCE);

        assertThat(scan.nextRun()).isBetween(before, before.plusMinutes(1));
        assertThat(api.createdAt()).isBetween(before, before.plusMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-01T10:00:00Z, 2024-03-01T10:00:00Z",
        "2026-03-17T12:50:16.974280+00:00, 2026-03-17T12:50:16.974280Z",
        "2026-03-17T14:50:16.9+02:00, 2026-03-17T12:50:16.9Z"
    })
    void i8KeepsOffsetAndMicroseconds(String wire, OffsetDateTime expected) {
        answer(201, "{\"scan_id\":\"s\",\"next_run\":\"" + wire + "\"}");

        assertThat(invicti.startScan(ORDER).block(PATIENCE).body().nextRun().toInstant())
                .isEqualTo(expected.toInstant());
    }

    static Stream<Arguments> hints() {
        return Stream.of(RetryHint.values())
                .filter(hint -> hint != RetryHint.NONE)
                .flatMap(hint -> Stream.of(Arguments.of(hint, 429), Arguments.of(hint, 503)));
    }

    @ParameterizedTest
    @MethodSource("hints")
    void i9ReadsHintInEveryPlaceAndForm(RetryHint hint, int status) {
        restart(rules -> rules.withRetryHint(hint).withRetryAfter(Duration.ofSeconds(50)));
        simulator.faults().next(Fault.status(status));

        ApiException failure = failureOf(invicti.me());

        // A date has whole seconds, and an instant comes closer while the answer is on its way.
        Duration nearest = Duration.ofSeconds(49).minus(failure.journey().elapsed());
        assertThat(failure.retryAfter()).isBetween(nearest, Duration.ofSeconds(51));
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(failure.journey().notes()).isEmpty();
        assertThat(simulator.requests().count()).isEqualTo(1); // longer than this client waits
    }

    @Test
    void i9ObeysHint() {
        simulator.faults().next(Fault.status(429));

        var response =
                invicti.client().execute(ApiRequest.get("api/identity/v1/me")).block(PATIENCE);

        List<Journey.Attempt> attempts = response.journey().attempts();
        assertThat(attempts).hasSize(2);
        assertThat(Duration.ofNanos(attempts.get(0).waitNanos())).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void i9UsesResetOfQuotaWithoutOtherHint() {
        restart(rules -> rules.withRetryHint(RetryHint.NONE).withRateWindow(Duration.ofMinutes(10)));
        invicti.me().block(PATIENCE);
        simulator.faults().next(Fault.status(429));

        ApiException failure = failureOf(invicti.me());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(failure.retryAfter()).isBetween(Duration.ofMinutes(9), Duration.ofSeconds(602));
        assertThat(failure.retryAt()).isAfter(failure.journey().startedAt().plusSeconds(500));
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @Test
    void i9KeepsOwnBackoffWithoutHint() {
        restart(rules -> rules.withRetryHint(RetryHint.NONE).withQuotaHeaders(false));
        simulator.faults().next(Fault.status(429), Fault.status(503));

        var response =
                invicti.client().execute(ApiRequest.get("api/identity/v1/me")).block(PATIENCE);

        List<Journey.Attempt> attempts = response.journey().attempts();
        assertThat(attempts).hasSize(3);
        assertThat(attempts.subList(0, 2))
                .extracting(attempt -> Duration.ofNanos(attempt.waitNanos()))
                .allSatisfy(wait -> assertThat(wait).isBetween(Duration.ofMillis(15), Duration.ofMillis(125)));
        // The gate waits for a second after a refusal without a hint.
        assertThat(response.journey().elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"soon\"", "-5", "{\"seconds\":5}", "null", "\"1999-01-01T00:00:00Z\""})
    void i9IgnoresSenselessHint(String retryAfter) {
        answer(503, "{\"retryAfter\":" + retryAfter + "}");

        invicti.me().block(PATIENCE);

        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    /** An absurd hint asks for more time than the call has; it must not cause an immediate attempt. */
    @Test
    void i9DoesNotRetryAtOnceAfterExcessiveHint() {
        answer(503, "{\"retryAfter\":1e99}");

        ApiException failure = failureOf(invicti.me());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void i9ReportsLongHintToCallerWithoutRetry() {
        answer(429, "{\"retryAfter\":\"600\"}");

        ApiException failure = failureOf(invicti.me());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(failure.retryAt())
                .isAfterOrEqualTo(failure.journey().startedAt().plusSeconds(600));
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void i9ResendsScanAfterRefusalWithHint(int status) {
        simulator.faults().next(Fault.status(status));

        invicti.startScan(ORDER).block(PATIENCE);

        assertThat(simulator.requests().of("POST", SCANS)).hasSize(2);
        assertThat(simulator.effects().count()).isEqualTo(1);
    }

    static Stream<Arguments> unclearOutcomes() {
        return Stream.of(
                Arguments.of(Fault.resetAfterEffect(), Certainty.MAYBE_PROCESSED, 1),
                Arguments.of(Fault.closeAfterEffect(), Certainty.MAYBE_PROCESSED, 1),
                Arguments.of(Fault.truncateBody(10), Certainty.PROCESSED, 1),
                Arguments.of(Fault.status(500), Certainty.MAYBE_PROCESSED, 0),
                Arguments.of(Fault.htmlPage(502), Certainty.MAYBE_PROCESSED, 0),
                Arguments.of(Fault.htmlPage(504), Certainty.MAYBE_PROCESSED, 0),
                Arguments.of(json(503, "{}"), Certainty.MAYBE_PROCESSED, 0));
    }

    @ParameterizedTest
    @MethodSource("unclearOutcomes")
    void i9NeverResendsScanThatMayHaveStarted(Fault fault, Certainty certainty, int effects) {
        simulator.faults().next(fault);

        ApiException failure = failureOf(invicti.startScan(ORDER));

        assertThat(failure.certainty()).isEqualTo(certainty);
        assertThat(simulator.requests().count()).isEqualTo(1);
        assertThat(simulator.effects().count()).isEqualTo(effects);
    }

    @Test
    void i10KeepsRequestIdOf500AndRetries() {
        restart(rules -> rules.withRetryHint(RetryHint.NONE));
        IntStream.range(0, 5).forEach(i -> simulator.faults().next(Fault.status(500)));

        ApiException failure = failureOf(invicti.me());

        assertThat(failure).isInstanceOf(InvictiException.class);
        assertThat(failure.requestId()).matches("[0-9a-f-]{36}");
        assertThat(failure.journey().toString() + failure.journey().toJson()).contains(failure.requestId());
        assertThat(simulator.requests().count()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"true, 404", "false, 404", "true, 403"})
    void i10ReadsOptionalRequestIdOfOtherErrors(boolean everywhere, int status) {
        restart(rules -> rules.withRequestIdInEveryError(everywhere));
        simulator.faults().next(Fault.status(status));

        assertThat(failureOf(invicti.me()).requestId() != null).isEqualTo(everywhere);
    }

    @ParameterizedTest
    @EnumSource(ErrorShape.class)
    void i10ClassifiesErrorInAnyShape(ErrorShape shape) {
        restart(rules -> rules.withErrorShape(shape));
        simulator.shutOut(true);

        ApiException failure = failureOf(invicti.me());

        assertThat(failure.getClass()).isEqualTo(InvictiException.class);
        assertThat(failure.status()).isEqualTo(403);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.PERMISSION);
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(failure.requestId()).isNull();
        assertThat(failure.remedy()).contains("allow-list").contains("15 minutes");
        assertThat(failure.getMessage()).contains("allow-list");
        assertThat(failure.serverMessage() != null)
                .isEqualTo(Stream.of("NAMED", "CODED").anyMatch(shape.name()::startsWith));
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"400, VALIDATION", "401, AUTHENTICATION", "404, NOT_FOUND", "409, CONFLICT", "422, VALIDATION"})
    void i10ClassifiesErrorWithoutBodyByStatus(int status, ErrorKind kind) {
        simulator.faults().next(json(status, ""));

        ApiException failure = failureOf(invicti.me());

        assertThatObject(failure.kind()).isEqualTo(kind);
        assertThat(failure.code()).isNull();
        assertThat(failure.serverMessage()).isNull();
        assertThat(failure.fieldErrors()).isEmpty();
        assertThat(failure.details().isMissingNode()).isTrue();
        assertThat(failure.bodyExcerpt()).isNull();
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void i10RetriesHtmlOfProxy() {
        IntStream.range(0, 5).forEach(i -> simulator.faults().next(Fault.htmlPage(502)));

        ApiException failure = failureOf(invicti.me());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(failure.bodyExcerpt()).startsWith("<!DOCTYPE html>");
        assertThat(simulator.requests().count()).isEqualTo(5);
    }

    @Test
    void i10ReadsFieldErrorsWithExtraMembers() {
        simulator.faults().next(Fault.status(400));

        ApiException failure = failureOf(invicti.createApplication(NewApplication.named("Shop")));

        assertThat(failure).isInstanceOf(InvictiException.ValidationError.class);
        assertThat(failure.code()).isEqualTo("ValidationError");
        assertThat(failure.serverMessage()).isEqualTo("Request validation failed");
        FieldError missing = failure.fieldErrors().get(0);
        assertThat(missing).isEqualTo(new FieldError("url", "REQUIRED", "URL is required", Map.of()));
        FieldError tooLong = failure.fieldErrors().get(1);
        assertThat(tooLong.field()).isEqualTo("name");
        assertThat(tooLong.code()).isEqualTo("TOO_LONG");
        assertThat(tooLong.more().get("maxLength").asInt()).isEqualTo(100);
        assertThat(tooLong.more().get("providedLength").asInt()).isEqualTo(150);
    }

    @ParameterizedTest
    @CsvSource({"CODED,", "CODED_OBJECT, name"})
    void i10ReadsDetailsAsTextsOrObject(ErrorShape shape, @Nullable String field) {
        restart(rules -> rules.withErrorShape(shape));

        ApiException failure = failureOf(invicti.createApplication(NewApplication.named("x".repeat(256))));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.VALIDATION);
        assertThat(failure.code()).isEqualTo("400");
        assertThat(failure.serverMessage()).isEqualTo("Request validation failed");
        assertThat(failure.fieldErrors()).singleElement().satisfies(error -> {
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.message()).contains("255 characters or less");
        });
    }

    @Test
    void i11SendsAndReadsConsentAsYes() {
        Scan scan = invicti.startScan(ORDER).block(PATIENCE).body();

        assertThat(simulator.requests().all().get(0).body()).contains("\"user_authorized_to_scan\":\"yes\"");
        assertThat(scan.userAuthorizedToScan()).isEqualTo("yes");
        assertThat(scan.incremental()).isFalse();
    }

    @Test
    void i12ReportsNoInside200WithoutResending() {
        restart(rules -> rules.withScanAnswer(ScanAnswer.DECLINED));

        ApiException failure = failureOf(invicti.startScan(ORDER));

        assertThat(failure).isInstanceOf(InvictiException.OperationFailed.class);
        assertThat(failure.status()).isEqualTo(200);
        assertThat(failure.serverMessage()).isEqualTo("Scan could not be started");
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"200, false", "201, false", "200, '\"False\"'"})
    void i12FindsNoAnywhereInResult(int status, String no) {
        answer(status, "{\"message\":\"No.\",\"scanId\":null,\"success\":" + no + "}");

        assertThat(failureOf(invicti.startScan(ORDER))).isInstanceOf(InvictiException.OperationFailed.class);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void i12ReturnsScanOfYesInside200() {
        restart(rules -> rules.withScanAnswer(ScanAnswer.SUCCEEDED));

        Created<Scan> created = invicti.startScan(ORDER).block(PATIENCE);

        assertThat(created.id()).isEqualTo(simulator.effects().all().get(0).id());
        assertThat(created.location()).isNull();
        assertThat(created.body().success()).isTrue();
        assertThat(created.body().message()).isEqualTo("Scan started successfully");
        assertThat(created.body().estimatedCompletionTime())
                .isAfter(OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(100));
    }

    @Test
    void i12IgnoresNestedSuccessMember() {
        answer(200, "{\"id\":\"u\",\"last\":{\"success\":false},\"text\":\"success\"}");

        assertThat(invicti.me().block(PATIENCE).path("id").asString()).isEqualTo("u");
    }

    @ParameterizedTest
    @EnumSource(
            value = LastPage.class,
            names = {"ABSENT", "NULL", "REPEATED"})
    void i13AcceptsNullAsFirstCursor(LastPage lastPage) {
        restart(rules -> rules.withLastPage(lastPage)
                .withListShape(Listing.TARGETS, io.penstock.test.simulator.invicti.ListShape.CURSOR_ARRAY));
        String first = simulator.addTarget("a", "https://a.example.com");
        String second = simulator.addTarget("b", "https://b.example.com");

        List<Target> targets = invicti.targets(ListQuery.all().withPageSize(1), ListShape.CURSOR_LIST, "targets")
                .items()
                .collectList()
                .block(PATIENCE);

        assertThat(targets).extracting(Target::id).containsExactly(first, second);
        assertThat(targets.get(0).more().get("address").asString()).isEqualTo("https://a.example.com");
        assertThat(simulator.requests().all())
                .extracting(request -> request.query("c"))
                .containsExactly(null, "c1");
    }

    @Test
    void i8KeepsOddMemberWithoutLosingList() {
        answer(
                200,
                "{\"items\":[{\"id\":\"a\",\"createdAt\":\"yesterday\"},"
                        + "{\"id\":\"b\",\"createdAt\":\"2024-03-01T10:00:00Z\"}],\"totalCount\":2}");

        List<Target> targets =
                invicti.targets(ListQuery.all()).items().collectList().block(PATIENCE);

        assertThat(targets).extracting(Target::id).containsExactly("a", "b");
        assertThat(targets.get(0).createdAt()).isNull();
        assertThat(targets.get(0).more().get("createdAt").asString()).isEqualTo("yesterday");
        assertThat(targets.get(1).createdAt()).isNotNull();
    }
}
