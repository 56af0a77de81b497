package io.penstock.test;

import io.penstock.error.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * The report of {@link VendorConformance}: one row for each rule with its cases and its verdict, in
 * {@code target/conformance/<vendor>.md}, and on the console with {@code -Dpenstock.conformance=print}. It leaves out the
 * rules that a fixture is excused from, and fails if no rule was run at all. A failure states the rule, what was expected
 * and seen, and the last requests of the simulator with their answers.
 */
final class ConformanceReport
        implements BeforeAllCallback, AfterAllCallback, ExecutionCondition, InvocationInterceptor {

    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(ConformanceReport.class);
    private static final String NOT_RUN = "not run";
    private static final Path FOLDER = Path.of("target/conformance");

    /** The cases of one rule. */
    private static final class Row {
        private int cases;
        private final Map<String, String> failures = new LinkedHashMap<>();
    }

    private static final class Rows {
        private final Map<String, Row> byRule = new TreeMap<>();

        synchronized void count(String rule) {
            byRule.computeIfAbsent(rule, r -> new Row()).cases++;
        }

        synchronized void failed(String rule, String one, Throwable failure) {
            byRule.computeIfAbsent(rule, r -> new Row()).failures.put(one, String.valueOf(failure.getMessage()));
        }

        synchronized Map<String, Row> all() {
            return new TreeMap<>(byRule);
        }
    }

    /** A broken rule: the rule in words, the failed assertion, the requests and their answers. */
    private static final class BrokenRule extends AssertionError {
        private static final long serialVersionUID = 1L;

        BrokenRule(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Returns the rules by the names of their methods, in words. */
    static Map<String, String> rules() {
        Map<String, String> rules = new TreeMap<>();
        for (Method method : VendorConformance.class.getDeclaredMethods()) {
            DisplayName words = method.getAnnotation(DisplayName.class);
            if (words != null
                    && (method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(TestFactory.class))) {
                rules.put(method.getName(), words.value());
            }
        }
        return rules;
    }

    /**
     * Rejects excuses from rules that do not exist.
     *
     * @throws ApiException INVALID_CONFIGURATION with the names of the rules
     */
    static void rejectUnknownRules(Collection<String> names) {
        Set<String> unknown = new TreeSet<>(names);
        unknown.removeAll(rules().keySet());
        if (!unknown.isEmpty()) {
            throw ApiException.invalidConfiguration(
                    "excuse from " + unknown + ": no such rule (expected: one of " + rules().keySet() + ")");
        }
    }

    private static Rows rows(ExtensionContext context) {
        return context.getRoot().getStore(HERE).computeIfAbsent(ofClass(context), type -> new Rows(), Rows.class);
    }

    /** Returns the class of a test. A dynamic test has it in the context of its factory. */
    private static Class<?> ofClass(ExtensionContext context) {
        ExtensionContext at = context;
        while (at.getTestClass().isEmpty()) {
            at = at.getParent().orElseThrow();
        }
        return at.getRequiredTestClass();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(HERE).put(context.getRequiredTestClass(), new Rows());
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        VendorFixture fixture = fixture(context);
        String rule = context.getTestMethod().map(Method::getName).orElse("");
        String reason = fixture == null ? null : fixture.excuses().get(rule);
        return reason == null
                ? ConditionEvaluationResult.enabled("a rule for every vendor")
                : ConditionEvaluationResult.disabled("excused: " + reason);
    }

    private static @Nullable VendorFixture fixture(ExtensionContext context) {
        return context.getTestInstance().orElse(null) instanceof VendorConformance kit ? kit.knownFixture() : null;
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        String rule = called.getExecutable().getName();
        counted(invocation, rule, rule, context);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<@Nullable Void> invocation, DynamicTestInvocationContext called, ExtensionContext context)
            throws Throwable {
        String rule = context.getParent()
                .flatMap(ExtensionContext::getTestMethod)
                .map(Method::getName)
                .orElse("");
        counted(invocation, rule, context.getDisplayName(), context);
    }

    private static void counted(
            Invocation<@Nullable Void> invocation, String rule, String one, ExtensionContext context) throws Throwable {
        rows(context).count(rule);
        try {
            invocation.proceed();
        } catch (AssertionError | Exception failure) {
            if (failure instanceof TestAbortedException) {
                throw failure;
            }
            throw broken(rule, one, failure, context);
        }
    }

    private static BrokenRule broken(String rule, String one, Throwable failure, ExtensionContext context) {
        BrokenRule broken = new BrokenRule(
                "rule: " + rules().get(rule) + " (" + (rule.equals(one) ? rule : rule + ": " + one) + ")\n"
                        + String.valueOf(failure.getMessage()).strip() + "\n" + exchanges(context),
                failure);
        rows(context).failed(rule, one, broken);
        return broken;
    }

    private static String exchanges(ExtensionContext context) {
        ExtensionContext at = context;
        while (at.getTestInstance().isEmpty() && at.getParent().isPresent()) {
            at = at.getParent().orElseThrow();
        }
        return at.getTestInstance().orElse(null) instanceof VendorConformance kit
                ? kit.exchanges()
                : "no simulator ran";
    }

    @Override
    public <T extends @Nullable Object> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        String rule = called.getExecutable().getName();
        try {
            return invocation.proceed();
        } catch (AssertionError | Exception failure) {
            rows(context).count(rule);
            throw broken(rule, rule, failure, context);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        VendorFixture fixture = fixture(context);
        Map<String, Row> rows = rows(context).all();
        if (fixture == null) {
            return; // it could not be made, which was reported
        }
        if (rows.isEmpty()) {
            throw new AssertionError("conformance of " + fixture.spec().name()
                    + ": no rule was run (expected: all that the fixture is not excused from)");
        }
        String report = report(fixture, rows);
        if ("print".equals(System.getProperty("penstock.conformance"))) {
            System.out.println(report);
        }
        if (!context.getRequiredTestClass().isMemberClass()) { // a run inside a test leaves no report
            write(FOLDER.resolve(fixture.spec().id() + ".md"), report);
        }
        Path kept = fixture.report();
        if (kept != null && rows.values().stream().allMatch(row -> row.failures.isEmpty())) {
            compare(kept, report);
        }
    }

    private static void write(Path file, String report) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares the report with the one that the project keeps, unless a part of the rules was run. */
    private static void compare(Path file, String report) {
        if (report.contains(NOT_RUN)) {
            return;
        }
        if (Boolean.getBoolean("penstock.write")) {
            write(file, report);
        }
        String kept;
        try {
            kept = Files.readString(file).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new AssertionError(file + ": " + e + " (expected: the report; -Dpenstock.write=true writes it)", e);
        }
        if (!kept.equals(report)) {
            throw new AssertionError(
                    file + ": not the report of this run (-Dpenstock.write=true writes it anew):\n" + report);
        }
    }

    /** Returns the verdict on a rule of which no case was run. Recordings may be missing, and then it says so. */
    private static String unknown(VendorFixture fixture, String rule) {
        return rule.equals("readsRecordedAnswers") && fixture.recordings().isEmpty() ? "no recordings" : NOT_RUN;
    }

    private static String report(VendorFixture fixture, Map<String, Row> rows) {
        StringBuilder text = new StringBuilder(
                        "# Conformance of " + fixture.spec().name() + "\n\n")
                .append("| rule | cases | verdict |\n|---|---|---|\n");
        rules().forEach((rule, words) -> {
            Row row = rows.get(rule);
            String reason = fixture.excuses().get(rule);
            String verdict = reason != null
                    ? "excused: " + reason
                    : row == null ? unknown(fixture, rule) : row.failures.isEmpty() ? "kept" : "**broken**";
            text.append(String.format(
                    Locale.ROOT, "| %s (`%s`) | %d | %s |\n", words, rule, row == null ? 0 : row.cases, verdict));
        });
        StringBuilder broken = new StringBuilder();
        rows.forEach((rule, row) -> row.failures.forEach((one, message) -> broken.append("\n### ")
                .append(rule.equals(one) ? rule : rule + ": " + one)
                .append("\n\n```text\n")
                .append(message)
                .append("\n```\n")));
        return broken.isEmpty() ? text.toString() : text + "\n## Broken rules\n" + broken;
    }
}
