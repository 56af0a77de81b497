package io.penstock.example;

import static io.penstock.envelope.ErrorRule.afterAction;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.body.BodyFormat;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ErrorKind;
import io.penstock.example.mooring.MooringConformanceTest;
import io.penstock.example.tidewater.TidewaterConformanceTest;
import io.penstock.paging.Paging;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.KeyPlacement;
import io.penstock.request.RetryClass;
import io.penstock.spec.Vendor;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * The mistakes that a person makes with a new vendor module, and the sentence that each of them prints. The table stands in
 * {@code docs/conformance.md}; to write it anew, run this test with {@code -Dpenstock.write=true}.
 */
@Tag("slow")
class MistakesTest {

    private static final int LONGEST = 300;

    private static final VendorFixture LUMEN = ExampleConformanceTest.lumen();
    private static final VendorFixture MOORING = MooringConformanceTest.mooring();
    private static final VendorFixture TIDEWATER = TidewaterConformanceTest.tidewater();

    private static final String STATION = "[{\"id\":\"s0\",\"name\":\"Aber\"},{\"id\":\"s1\",\"name\":\"Brixham\"}]";

    /** A mistake, the rule that reports it, and what it prints. */
    private record Mistake(String words, String rule, Supplier<String> printed) {}

    private static final List<Mistake> MISTAKES = List.of(
            new Mistake("there is no service file", "isFoundByServiceLoader", () -> withServiceFile(null)),
            new Mistake("the service file is empty", "isFoundByServiceLoader", () -> withServiceFile("\n")),
            new Mistake(
                    "the service file names a class that does not exist",
                    "isFoundByServiceLoader",
                    () -> withServiceFile("io.penstock.example.LumenVendr")),
            new Mistake(
                    "the service file names the wrong class",
                    "isFoundByServiceLoader",
                    () -> withServiceFile(Lumen.class.getName())),
            kit(
                    "the spec reads another family of quota headers",
                    "readsQuotaHeadersOfSimulator",
                    LUMEN.withSpec(LUMEN.spec()
                            .withQuota(QuotaModel.reported(
                                    HeaderFamily.named("x-quota-max", "x-quota-left", "x-quota-reset"))))),
            kit(
                    "an error of the documents has no row in the table",
                    "classifiesDocumentedErrors",
                    without("out_of_stock")),
            kit(
                    "an error of the documents has another kind in the table",
                    "classifiesDocumentedErrors",
                    with("out_of_stock", afterAction(ErrorKind.VALIDATION, "order fewer"))),
            kit(
                    "the pointer to the code leads to the type",
                    "classifiesDocumentedErrors",
                    MOORING.withErrors(MOORING.errors().subList(0, 1))
                            .withSpec(MOORING.spec()
                                    .withErrors(MOORING.spec()
                                            .errors()
                                            .withShape(MOORING.spec()
                                                    .errors()
                                                    .shape()
                                                    .withCode("/error/type"))))),
            kit(
                    "the path of the idempotency key has a typo",
                    "callsOperationsCleanly",
                    LUMEN.withSpec(LUMEN.spec().withKeyPlacement(KeyPlacement.header("Idempotency-Key", "ordrs")))),
            kit(
                    "the idempotency key goes into the form, and the server reads the header",
                    "resendsAsRetryClassAllows",
                    MOORING.withSpec(MOORING.spec().withKeyPlacement(KeyPlacement.bodyMember("idempotency_key")))),
            kit(
                    "the module sends JSON, and the server takes forms",
                    "callsOperationsCleanly",
                    only("book", MOORING.withSpec(MOORING.spec().withBodies(BodyFormat.json())))),
            kit(
                    "a POST that acts twice is declared idempotent",
                    "resendsAsRetryClassAllows",
                    only("order", withRetryClass("order", RetryClass.IDEMPOTENT))),
            kit(
                    "the links of a list go round in circles",
                    "endsEveryList",
                    TIDEWATER.withSimulator(linking("/stations?page=2", "/stations?page=2"))),
            kit(
                    "a list ends before its last item",
                    "endsEveryList",
                    TIDEWATER.withSimulator(linking("/stations?page=2", ""))),
            kit(
                    "the simulator has no item on a list",
                    "endsEveryList",
                    TIDEWATER
                            .withLists(List.of(new ListOperation<>(
                                    ApiRequest.get("none").as(Payload.page(JsonNode.class, List.of(), List.of())),
                                    Paging.single(),
                                    null)))
                            .withSimulator(MistakesTest::emptyList)),
            kit(
                    "a next link leads to another origin",
                    "endsEveryList",
                    TIDEWATER.withSimulator(linking("https://tidewater.example.net/stations?page=2"))),
            kit(
                    "the simulator writes no effect into its ledger",
                    "callsOperationsCleanly",
                    only("order", LUMEN.withSimulator(() -> new WithoutLedger(LumenSimulator.start(10_000))))),
            kit("the fixture has no operations", "callsOperationsCleanly", LUMEN.withOperations(List.of())),
            kit("the fixture has no errors", "classifiesDocumentedErrors", LUMEN.withErrors(List.of())),
            kit("the fixture has no lists", "endsEveryList", LUMEN.withLists(List.of())),
            kit("an excuse names no rule", "every rule", LUMEN.excused("endsEveryLst", "Lumen has no list.")),
            new Mistake("the fixture is excused from every rule", "every rule", () -> {
                VendorFixture none = LUMEN;
                for (String rule : rules()) {
                    none = none.excused(rule, "Not today.");
                }
                return printed(ConformanceRun.ofAllRules(none));
            }));

    private static Mistake kit(String words, String rule, VendorFixture fixture) {
        return new Mistake(
                words,
                rule,
                () -> printed(
                        rule.equals("every rule")
                                ? ConformanceRun.ofAllRules(fixture)
                                : ConformanceRun.ofRule(fixture, rule)));
    }

    private static final Map<String, String> PRINTED = new HashMap<>();

    private static String printed(Mistake mistake) {
        return PRINTED.computeIfAbsent(
                mistake.words(), words -> mistake.printed().get());
    }

    @TestFactory
    Stream<DynamicTest> reportsEveryMistake() {
        return MISTAKES.stream()
                .map(mistake -> DynamicTest.dynamicTest(
                        mistake.words(), () -> assertThat(printed(mistake)).isNotBlank()));
    }

    @Test
    void showsEverySentenceInGuide() throws IOException {
        String table = MISTAKES.stream()
                .map(mistake -> "| " + mistake.words() + " | `" + mistake.rule() + "` | "
                        + printed(mistake).replace("|", "\\|").replace("<", "&lt;") + " |\n")
                .collect(Collectors.joining("", "| mistake | rule | what it prints |\n|---|---|---|\n", ""));

        GuidePart.verify("conformance.md", "mistakes: written by MistakesTest", table);
    }

    /** Returns the sentence of a run that must fail, without the rule before it and the requests behind it. */
    private static String printed(ConformanceRun run) {
        assertThat(run.failures()).as("rules that report the mistake").isNotEmpty();
        String message = run.failures().values().iterator().next().getMessage();
        String text = message.lines()
                .filter(line -> !line.startsWith("rule: ") && !line.isBlank())
                .takeWhile(line -> !line.startsWith("request: ") && !line.startsWith("no simulator ran"))
                .map(String::strip)
                .collect(Collectors.joining(" "))
                .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:port")
                .replaceAll("@[0-9a-f]{5,}", "")
                .replaceAll("\\d+(\\.\\d+)? (ms|s)\\b", "0 ms");
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    private static String withServiceFile(String content) {
        return ServiceFiles.with(
                Vendor.class, content, () -> printed(ConformanceRun.ofRule(LUMEN, "isFoundByServiceLoader")));
    }

    private static VendorFixture with(String code, ErrorRule rule) {
        Map<String, ErrorRule> rules =
                new HashMap<>(LUMEN.spec().errors().table().byCode());
        rules.put(code, rule);
        return withTable(code, rules);
    }

    private static VendorFixture without(String code) {
        Map<String, ErrorRule> rules =
                new HashMap<>(LUMEN.spec().errors().table().byCode());
        rules.remove(code);
        return withTable(code, rules);
    }

    private static VendorFixture withTable(String code, Map<String, ErrorRule> rules) {
        return LUMEN.withErrors(LUMEN.errors().stream()
                        .filter(error -> code.equals(error.code()))
                        .toList())
                .withSpec(LUMEN.spec().withErrors(LUMEN.spec().errors().withTable(new ErrorTable(rules))));
    }

    private static VendorFixture only(String operation, VendorFixture fixture) {
        return fixture.withOperations(fixture.operations().stream()
                .filter(one -> one.name().equals(operation))
                .toList());
    }

    private static VendorFixture withRetryClass(String name, RetryClass retryClass) {
        return LUMEN.withOperations(LUMEN.operations().stream()
                .map(operation -> operation.name().equals(name)
                        ? new TypedOperation(name, operation.call(), retryClass)
                        : operation)
                .toList());
    }

    private static List<String> rules() {
        return Arrays.stream(VendorConformance.class.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(TestFactory.class))
                .map(Method::getName)
                .sorted()
                .toList();
    }

    /** Returns simulators of Tidewater whose first pages of stations have these next links; an empty one is none. */
    private static Supplier<Simulator> linking(String... links) {
        return () -> {
            Simulator simulator = TIDEWATER.simulator().get();
            List<Fault> pages = new ArrayList<>();
            for (String link : links) {
                Map<String, String> header = link.isEmpty() ? Map.of() : Map.of("Link", "<" + link + ">; rel=\"next\"");
                pages.add(Fault.status(200, header, "application/json", STATION.replace("s0", "s" + 2 * pages.size())));
            }
            simulator.faults().on("GET", "/stations", pages.toArray(new Fault[0]));
            return simulator;
        };
    }

    /** Returns a simulator of Tidewater with a list that has no items. */
    private static Simulator emptyList() {
        Simulator simulator = TIDEWATER.simulator().get();
        simulator.faults().on("GET", "/none", Fault.status(200, Map.of(), "application/json", "[]"));
        return simulator;
    }

    /** A simulator that keeps no ledger. */
    private record WithoutLedger(Simulator simulator) implements Simulator {
        @Override
        public String vendor() {
            return simulator.vendor();
        }

        @Override
        public URI baseUri() {
            return simulator.baseUri();
        }

        @Override
        public String secret() {
            return simulator.secret();
        }

        @Override
        public FaultPlan faults() {
            return simulator.faults();
        }

        @Override
        public RequestLog requests() {
            return simulator.requests();
        }

        @Override
        public EffectLedger effects() {
            return new EffectLedger();
        }

        @Override
        public void close() {
            simulator.close();
        }
    }
}
