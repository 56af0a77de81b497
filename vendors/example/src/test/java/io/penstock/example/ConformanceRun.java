package io.penstock.example;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One run of the conformance kit over any fixture, inside a test. */
final class ConformanceRun implements TestExecutionListener {

    private final Map<String, Throwable> failures = new TreeMap<>();
    private int rules;

    private ConformanceRun() {}

    /** Not found by the build: its name matches no pattern, and without a fixture it has nothing to test. */
    static final class Vendor extends VendorConformance {
        private static VendorFixture given = ExampleConformanceTest.lumen();
        private final VendorFixture own = given;

        @Override
        protected VendorFixture fixture() {
            return own;
        }
    }

    /** Returns a run of all rules. */
    static ConformanceRun ofAllRules(VendorFixture fixture) {
        return run(fixture, rule -> true);
    }

    /** Returns the run of one rule. */
    static ConformanceRun ofRule(VendorFixture fixture, String rule) {
        return run(fixture, rule::equals);
    }

    /** Returns the run without the slow rules on waits, sizes and cancels, which no variant here breaks. */
    static ConformanceRun over(VendorFixture fixture) {
        return run(
                fixture,
                rule -> !Set.of(
                                "obeysWaitHints",
                                "rejectsOversizedAndForeignBodies",
                                "releasesConnectionOnCancelAtAnyTime")
                        .contains(rule));
    }

    private static ConformanceRun run(VendorFixture fixture, Predicate<String> rules) {
        Vendor.given = fixture;
        ConformanceRun run = new ConformanceRun();
        Launcher launcher = LauncherFactory.create(LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false)
                .build());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Vendor.class))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(test.getSource()
                        .filter(source -> source instanceof MethodSource method && !rules.test(method.getMethodName()))
                        .isEmpty()))
                .build();
        launcher.execute(request, run);
        return run;
    }

    /** Returns the failed rules by method, with the name of the case if the rule has several. */
    Map<String, Throwable> failures() {
        return Collections.unmodifiableMap(failures);
    }

    int rules() {
        return rules;
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            rules++;
        }
        Optional<Throwable> failure = result.getThrowable();
        failure.ifPresent(thrown -> failures.put(name(test), thrown));
    }

    private static String name(TestIdentifier test) {
        String rule = test.getUniqueIdObject().getSegments().stream()
                .filter(segment ->
                        segment.getType().equals("method") || segment.getType().equals("test-factory"))
                .map(UniqueId.Segment::getValue)
                .map(method -> method.substring(method.indexOf('#') + 1, method.indexOf('(')))
                .findFirst()
                .orElse(test.getDisplayName());
        return test.getUniqueIdObject().getLastSegment().getType().equals("dynamic-test")
                ? rule + ": " + test.getDisplayName()
                : rule;
    }
}
