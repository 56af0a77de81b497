package io.penstock.example;

import static io.penstock.envelope.ErrorRule.transientError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.BodyFormat;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.example.model.NewOrder;
import io.penstock.example.model.Order;
import io.penstock.example.mooring.MooringConformanceTest;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.KeyPlacement;
import io.penstock.request.RetryClass;
import io.penstock.spec.VendorSpec;
import io.penstock.test.CassetteRecorder;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.Recording;
import io.penstock.test.VendorFixture.TypedOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Mistakes of a vendor, each of which the conformance kit must report under the broken rule. */
@Tag("slow")
class KitTest {

    /** A spec that is not the one of the service loader breaks this rule too. */
    private static final String LOADER = "isFoundByServiceLoader";

    private static final VendorFixture RIGHT = ExampleConformanceTest.lumen();

    private static final ApiRequest<Order> ORDER =
            ApiRequest.post("orders").body(new NewOrder("lamp_1", 2)).as(Lumen.ORDER);

    @Test
    void passesRightVendor() {
        ConformanceRun run = ConformanceRun.ofAllRules(RIGHT);

        assertThat(run.failures()).isEmpty();
        assertThat(run.rules()).isGreaterThan(20);
    }

    @Test
    void noticesWrongCredentialPrefix() {
        ConformanceRun run =
                ConformanceRun.over(with(new Spec().credential(CredentialScheme.header("X-Api-Key", "Key "))));

        assertThat(run.failures().get("sendsCredentialOnceInItsHeader")).hasMessageContaining("Key lum_");
    }

    @Test
    void noticesFixtureWithAnotherPrefix() {
        VendorFixture wrong = RIGHT.withCredential("Bearer lum_");

        assertThat(ConformanceRun.over(wrong).failures()).containsOnlyKeys("sendsCredentialOnceInItsHeader");
    }

    @Test
    void noticesReusedKeyDeclaredTransient() {
        ConformanceRun run =
                ConformanceRun.over(with(new Spec().error("key_reused", transientError(ErrorKind.KEY_REUSED))));

        assertThat(run.failures()).containsOnlyKeys(LOADER, "classifiesDocumentedErrors: 422 key_reused");
        assertThat(run.failures().get("classifiesDocumentedErrors: 422 key_reused"))
                .hasMessageContaining("TRANSIENT");
    }

    @Test
    void noticesErrorOfAnotherKind() {
        ConformanceRun run =
                ConformanceRun.over(with(new Spec().error("out_of_stock", ErrorRule.permanent(ErrorKind.VALIDATION))));

        assertThat(run.failures()).containsOnlyKeys(LOADER, "classifiesDocumentedErrors: 200 out_of_stock");
    }

    @Test
    void noticesUnsafeOperationDeclaredIdempotent() {
        ConformanceRun run = ConformanceRun.over(withRetryClass("order", RetryClass.IDEMPOTENT));

        assertThat(run.failures()).containsOnlyKeys("resendsAsRetryClassAllows: order");
    }

    @Test
    void noticesKeyedOperationDeclaredUnsafe() {
        ConformanceRun run = ConformanceRun.over(withRetryClass("order with a key", RetryClass.UNSAFE));

        assertThat(run.failures()).containsOnlyKeys("resendsAsRetryClassAllows: order with a key");
    }

    @Test
    void noticesPostWronglyMarkedIdempotent() {
        ConformanceRun run = ConformanceRun.over(with(new TypedOperation(
                "order", client -> client.execute(RIGHT.unsafe().idempotent()), RetryClass.IDEMPOTENT)));

        assertThat(run.failures()).containsOnlyKeys("resendsAsRetryClassAllows: order");
    }

    @Test
    void noticesKeyThatServerDoesNotSee() {
        ConformanceRun run =
                ConformanceRun.over(with(new Spec().key(KeyPlacement.bodyMember("idempotency_key", "orders"))));

        assertThat(run.failures()).containsOnlyKeys(LOADER, "resendsAsRetryClassAllows: order with a key");
    }

    @Test
    void noticesEndlessList() {
        ConformanceRun run =
                ConformanceRun.over(withPaging(Paging.number("p", 1).untilNull("/page")));

        assertThat(run.failures()).containsOnlyKeys("endsEveryList: GET lamps");
        assertThat(run.failures().get("endsEveryList: GET lamps"))
                .hasMessageContaining("the items of a page that was read before");
    }

    @Test
    void noticesListOfRepeatedPages() {
        ConformanceRun run =
                ConformanceRun.over(withPaging(Paging.number("p", 1).untilPage("/pages")));

        assertThat(run.failures()).containsOnlyKeys("endsEveryList: GET lamps");
    }

    @Test
    void noticesListThatEndsTooEarly() {
        ConformanceRun run = ConformanceRun.over(withPaging(Paging.single()));

        assertThat(run.failures()).containsOnlyKeys("endsEveryList: GET lamps");
    }

    @Test
    void noticesExceptionThatRevealsBody() {
        // The details are not redacted: they are for the program, not for the log.
        ConformanceRun run = ConformanceRun.over(with(new Spec()
                .shape(RIGHT.spec().errors().shape().withDetails(""))
                .exceptions(f -> new ApiException(f) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        return super.getMessage() + details();
                    }
                })));

        assertThat(run.failures()).containsOnlyKeys(LOADER, "revealsSecretNowhere");
    }

    @Test
    void noticesExceptionWhoseCauseRevealsBody() {
        ConformanceRun run = ConformanceRun.over(with(new Spec()
                .shape(RIGHT.spec().errors().shape().withDetails("/reason"))
                .exceptions(f -> new ApiException(
                        "out_of_stock".equals(f.code())
                                ? f.withCause(
                                        new IllegalStateException(f.details().asString()))
                                : f))));

        assertThat(run.failures()).containsOnlyKeys(LOADER, "revealsSecretNowhere");
    }

    @Test
    void noticesUnrecognisedFailureInside200() {
        ConformanceRun run = ConformanceRun.over(
                with(new Spec().shape(ErrorShape.messageAt("/reason").withCode("/code"))));

        assertThat(run.failures())
                .containsKeys(
                        "classifiesDocumentedErrors: 200 no_such_lamp", "classifiesDocumentedErrors: 200 out_of_stock");
        assertThat(run.failures()).doesNotContainKey("classifiesDocumentedErrors: 409 key_reused");
    }

    @Test
    void noticesWrongFamilyOfQuotaHeaders() {
        ConformanceRun run = ConformanceRun.over(with(new Spec()
                .quota(QuotaModel.reported(HeaderFamily.named("x-quota-max", "x-quota-left", "x-quota-reset")))));

        assertThat(run.failures()).containsOnlyKeys(LOADER, "readsQuotaHeadersOfSimulator");
        assertThat(run.failures().get("readsQuotaHeadersOfSimulator"))
                .hasMessageContaining("quotas that the spec's header family reads from")
                .hasMessageContaining("X-RateLimit-Remaining");
    }

    @Test
    void noticesQuotaHeadersWithoutFamily() {
        ConformanceRun run = ConformanceRun.over(with(new Spec().quota(QuotaModel.unknown())));

        assertThat(run.failures()).containsKeys(LOADER, "readsQuotaHeadersOfSimulator");
        assertThat(run.failures().get("readsQuotaHeadersOfSimulator"))
                .hasMessageContaining("expected: none, because the spec has no header family");
    }

    @Test
    void noticesOperationWithoutEffect() {
        ConformanceRun run = ConformanceRun.over(
                with(new TypedOperation("order", client -> client.execute(RIGHT.read()), RetryClass.UNSAFE)));

        assertThat(run.failures()).containsKeys("callsOperationsCleanly: order");
        assertThat(run.failures().get("callsOperationsCleanly: order"))
                .hasMessageContaining("effects in the simulator's ledger, by an operation that is UNSAFE");
    }

    @Test
    void noticesOperationThatFailsWithoutFault() {
        ConformanceRun run = ConformanceRun.over(with(new TypedOperation(
                "lamp",
                client -> client.execute(ApiRequest.get("lamps/lamp_9").as(Lumen.LAMP)),
                RetryClass.IDEMPOTENT)));

        assertThat(run.failures()).containsKeys("callsOperationsCleanly: lamp");
        assertThat(run.failures().get("callsOperationsCleanly: lamp"))
                .hasMessageStartingWith("rule: A typed operation succeeds, and has an effect unless it only reads"
                        + " (callsOperationsCleanly: lamp)\n")
                .hasMessageContaining("failure of a call without faults")
                .hasMessageContaining("request: GET /v1/lamps/lamp_9 [")
                .hasMessageContaining("answer: 200 {")
                .hasMessageContaining("{\"ok\":false,\"code\":\"no_such_lamp\",\"reason\":\"There is no such lamp.\"}")
                .hasMessageNotContaining("lum_4711");
    }

    @Test
    void noticesReadThatIsNotFoundWhenSentAgain() {
        ConformanceRun run = ConformanceRun.over(with(new TypedOperation(
                "lamp", client -> client.execute(ApiRequest.get("nothing")), RetryClass.IDEMPOTENT)));

        assertThat(run.failures()).containsOnlyKeys("callsOperationsCleanly: lamp", "resendsAsRetryClassAllows: lamp");
        assertThat(run.failures().get("resendsAsRetryClassAllows: lamp"))
                .hasMessageContaining("failure of the resend")
                .hasMessageContaining("There is no GET /v1/nothing");
    }

    @Test
    void preparesEachOperationOnSimulatorOfItsOwn() {
        List<TypedOperation> operations = Stream.of("first", "second")
                .map(name -> TypedOperation.after(
                        name,
                        client -> client.value(ORDER),
                        (client, order) -> order.id().equals("ord_1")
                                ? client.execute(ORDER)
                                : Mono.error(new AssertionError("an order before this operation: " + order)),
                        RetryClass.UNSAFE))
                .toList();

        assertThat(ConformanceRun.over(RIGHT.withOperations(operations)).failures())
                .isEmpty();
    }

    @Test
    void doesNotCountEffectOfPreparation() {
        ConformanceRun run = ConformanceRun.over(with(TypedOperation.after(
                "order",
                client -> client.value(ORDER),
                (client, order) -> client.execute(RIGHT.read()),
                RetryClass.UNSAFE)));

        assertThat(run.failures()).containsKeys("callsOperationsCleanly: order");
        assertThat(run.failures().get("callsOperationsCleanly: order"))
                .hasMessageContaining("effects in the simulator's ledger");
    }

    @Test
    void noticesPreparationThatFailsOrEmitsNothing() {
        TypedOperation failing = TypedOperation.after(
                "lamp",
                client -> client.execute(ApiRequest.get("nothing")),
                (client, prepared) -> client.execute(RIGHT.read()),
                RetryClass.IDEMPOTENT);
        TypedOperation empty = TypedOperation.after(
                "lamps",
                client -> Mono.empty(),
                (client, prepared) -> client.execute(RIGHT.read()),
                RetryClass.IDEMPOTENT);

        Map<String, Throwable> failures = ConformanceRun.over(RIGHT.withOperations(List.of(failing, empty)))
                .failures();

        assertThat(failures)
                .containsOnlyKeys(
                        "callsOperationsCleanly: lamp",
                        "callsOperationsCleanly: lamps",
                        "resendsAsRetryClassAllows: lamp",
                        "resendsAsRetryClassAllows: lamps");
        assertThat(failures.get("callsOperationsCleanly: lamp")).hasMessageContaining("failure of the preparation");
        assertThat(failures.get("callsOperationsCleanly: lamps"))
                .hasMessageContaining("what the preparation emitted: nothing");
    }

    @Test
    void noticesRefusedResendOfOtherStatusThanDeclared() {
        ConformanceRun run = ConformanceRun.over(with(
                new TypedOperation("lamp", client -> client.execute(ApiRequest.get("nothing")), RetryClass.IDEMPOTENT)
                        .refusedOnceDone(400)));

        assertThat(run.failures()).containsKeys("resendsAsRetryClassAllows: lamp");
        assertThat(run.failures().get("resendsAsRetryClassAllows: lamp")).hasMessageContaining("400");
    }

    @Test
    void noticesRefusedResendOfWorkThatWasNeverDone() {
        ConformanceRun run = ConformanceRun.over(with(
                new TypedOperation("lamp", client -> client.execute(ApiRequest.get("nothing")), RetryClass.IDEMPOTENT)
                        .refusedOnceDone(404)));

        assertThat(run.failures()).containsKeys("resendsAsRetryClassAllows: lamp");
        assertThat(run.failures().get("resendsAsRetryClassAllows: lamp"))
                .hasMessageContaining("effects before the resend was refused with 404");
    }

    @Test
    void noticesFixtureWithoutOperationsErrorsOrLists() {
        VendorFixture empty =
                RIGHT.withOperations(List.of()).withErrors(List.of()).withLists(List.of());

        assertThat(ConformanceRun.over(empty).failures())
                .containsOnlyKeys(
                        "callsOperationsCleanly",
                        "classifiesDocumentedErrors",
                        "endsEveryList",
                        "resendsAsRetryClassAllows");
        assertThat(ConformanceRun.over(empty.excused("callsOperationsCleanly", "There are none yet.")
                                .excused("resendsAsRetryClassAllows", "There are none yet.")
                                .excused("classifiesDocumentedErrors", "Lumen documents no error.")
                                .excused("endsEveryList", "Lumen has no list."))
                        .failures())
                .isEmpty();
    }

    @Test
    void noticesExcuseFromRuleThatDoesNotExist() {
        ConformanceRun run = ConformanceRun.over(RIGHT.excused("endsEveryLst", "A typo."));

        assertThat(run.rules()).isZero();
        assertThat(run.failures().values())
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("excuse from [endsEveryLst]: no such rule")
                .hasMessageContaining("endsEveryList");
    }

    @Test
    void noticesJsonInPlaceOfForm() {
        VendorFixture mooring = MooringConformanceTest.mooring();
        ConformanceRun run = ConformanceRun.over(mooring.withSpec(mooring.spec().withBodies(BodyFormat.json())));

        assertThat(run.failures())
                .containsKeys("callsOperationsCleanly: book", "callsOperationsCleanly: book with a key");
        assertThat(run.failures().get("callsOperationsCleanly: book")).hasMessageContaining("415");
    }

    @Test
    void repeatsRecordedRun(@TempDir Path folder) {
        Path cassette = recorded(folder);

        assertThat(recordedRun(cassette, l -> l.lamps().items()).failures()).isEmpty();
        assertThat(recordedRun(cassette, l -> l.lamps().items().concatWith(l.lamp("lamp_1")))
                        .failures()
                        .get("readsRecordedAnswers: lamps.json"))
                .hasMessageContaining("GET /v1/lamps/lamp_1: not on the cassette " + cassette);
        assertThat(recordedRun(cassette, l -> l.lamps().next()).failures().get("readsRecordedAnswers: lamps.json"))
                .hasMessageContaining("recorded requests that were not made")
                .hasMessageContaining("GET /v1/lamps?page=3");
    }

    private static Path recorded(Path folder) {
        Path cassette = folder.resolve("lamps.json");
        try (LumenSimulator simulator = LumenSimulator.start(100);
                CassetteRecorder recorder = CassetteRecorder.to(cassette, Secret.of(simulator.secret()))) {
            Lumen lumen = Lumen.over(Lumen.configure()
                    .baseUri(simulator.baseUri())
                    .secret(Secret.of(simulator.secret()))
                    .aroundTransport(recorder::tap)
                    .build());
            lumen.lamps().items().collectList().block(Duration.ofSeconds(20));
            lumen.client().closeLater().block(Duration.ofSeconds(20));
        }
        return cassette;
    }

    private static ConformanceRun recordedRun(Path cassette, Function<Lumen, Publisher<?>> run) {
        return ConformanceRun.ofRule(
                RIGHT.withRecordings(List.of(new Recording(cassette, client -> run.apply(Lumen.over(client))))),
                "readsRecordedAnswers");
    }

    @Test
    void noticesReportOfOtherVerdicts(@TempDir Path folder) throws IOException {
        assumeFalse(Boolean.getBoolean("penstock.write"));
        Path kept = Files.writeString(folder.resolve("lumen.md"), "# Conformance of Lumen\n");

        assertThat(ConformanceRun.ofAllRules(RIGHT.reportedIn(kept)).failures().values())
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("lumen.md: not the report of this run (-Dpenstock.write=true writes it anew)")
                .hasMessageContaining("| 4 | kept |");
        assertThat(kept).hasContent("# Conformance of Lumen");
    }

    @Test
    void comparesNoReportAfterPartOfRules(@TempDir Path folder) {
        VendorFixture fixture = RIGHT.reportedIn(folder.resolve("none.md"));

        assertThat(ConformanceRun.ofRule(fixture, "decodesSuccessInOneAttempt").failures())
                .isEmpty();
    }

    private static VendorFixture with(Spec spec) {
        return RIGHT.withSpec(spec.build());
    }

    private static VendorFixture with(TypedOperation changed) {
        List<TypedOperation> operations = RIGHT.operations().stream()
                .map(operation -> operation.name().equals(changed.name()) ? changed : operation)
                .toList();
        return RIGHT.withOperations(operations);
    }

    private static VendorFixture withRetryClass(String name, RetryClass retryClass) {
        TypedOperation operation = RIGHT.operations().stream()
                .filter(o -> o.name().equals(name))
                .findFirst()
                .orElseThrow();
        return with(new TypedOperation(name, operation.call(), retryClass));
    }

    private static VendorFixture withPaging(Paging paging) {
        return RIGHT.withLists(
                List.of(new ListOperation<>(ApiRequest.get("lamps").as(Lumen.LAMPS), paging, null, 5)));
    }

    /** Lumen's spec with mistakes. */
    private static final class Spec {
        private VendorSpec spec = RIGHT.spec();

        Spec credential(CredentialScheme wrong) {
            spec = spec.withCredential(wrong);
            return this;
        }

        Spec shape(ErrorShape wrong) {
            spec = spec.withErrors(spec.errors().withShape(wrong));
            return this;
        }

        Spec error(String code, ErrorRule wrong) {
            Map<String, ErrorRule> rules = new HashMap<>(spec.errors().table().byCode());
            rules.put(code, wrong);
            spec = spec.withErrors(spec.errors().withTable(new ErrorTable(rules)));
            return this;
        }

        Spec exceptions(Function<Failure, ApiException> wrong) {
            spec = spec.withErrors(spec.errors().withExceptions(wrong));
            return this;
        }

        Spec quota(QuotaModel wrong) {
            spec = spec.withQuota(wrong);
            return this;
        }

        Spec key(KeyPlacement wrong) {
            spec = spec.withKeyPlacement(wrong);
            return this;
        }

        VendorSpec build() {
            return spec;
        }
    }
}
