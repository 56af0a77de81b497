package io.penstock.cli;

import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorRule;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.retry.RetryRestriction;
import io.penstock.spec.VendorSpec;
import io.penstock.spec.Vendors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Renders {@code docs/vendors.md} from the specs, the sources and the tests, so that nothing in it can be out of date. */
final class VendorsPage {

    private static final Pattern CASE = Pattern.compile("void ([a-z])(\\d+)(\\w*)\\(");

    private final Path root;

    VendorsPage(Path root) {
        this.root = root;
    }

    String render() throws IOException {
        StringBuilder page = new StringBuilder();
        page.append(
                        "# Vendors\n\nThis page is made from the specs, sources and tests by `VendorsPageTest`, which fails when")
                .append(" it is out of date.\nTo make it anew:\n\n```sh\nmvn -q -pl cli -am test")
                .append(" -Dtest=VendorsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dpenstock.write=true\n```\n");
        operations(page);
        sizes(page);
        cases(page);
        errors(page);
        restrictions(page);
        return page.toString();
    }

    private void operations(StringBuilder page) throws IOException {
        page.append(
                        "\n## Operations\n\nDocumented: rows in the vendor's `operations.tsv`. Typed: those that a method of the vendor's class")
                .append(
                        " sends; the vendor's\nconformance test calls each method against the simulator and compares the requests with the")
                .append(
                        " table. By path: those that\na generic resource sends. Simulated: those that the vendor's simulator answers.\n\n")
                .append("| vendor | documented | typed | by path | simulated |\n|---|---|---|---|---|\n");
        for (VendorSpec vendor : Vendors.all()) {
            Operations operations = operationsOf(vendor.id());
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %s | %d |%n",
                    vendor.name(),
                    operations.documented(),
                    operations.typed(),
                    operations.byPath() ? operations.documented() : "",
                    operations.simulated()));
        }
    }

    /**
     * The operations of a vendor.
     *
     * @param simulated typed, so that a test has called the simulator, or in the simulator's own contract
     * @param byPath whether a generic resource of the vendor sends all of them: the table belongs to the module itself
     */
    record Operations(int documented, int typed, int simulated, boolean byPath) {}

    /** Counts the rows of a vendor's table. */
    Operations operationsOf(String vendor) throws IOException {
        String table = "resources/io/penstock/" + vendor + "/operations.tsv";
        Path own = root.resolve("vendors/" + vendor + "/src/main/" + table);
        Path ofTests = root.resolve("vendors/" + vendor + "/src/test/" + table);
        boolean byPath = Files.exists(own);
        try (Stream<String> lines = Files.lines(byPath ? own : ofTests)) {
            List<String[]> rows = lines.filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
            Set<String> simulated = contractOfSimulator(vendor);
            Predicate<String[]> typed = row -> !row[row.length - 1].isEmpty();
            return new Operations(
                    rows.size(),
                    (int) rows.stream().filter(typed).count(),
                    (int) rows.stream()
                            .filter(typed.or(row -> simulated.contains(row[0] + " " + row[1])))
                            .count(),
                    byPath);
        }
    }

    /** Returns the operations of the table from which a simulator answers, if it has one. */
    private Set<String> contractOfSimulator(String vendor) throws IOException {
        Path contract = root.resolve(
                "src-test-support/src/main/resources/io/penstock/test/simulator/" + vendor + "/contract.txt");
        return Files.exists(contract)
                ? Files.readAllLines(contract).stream()
                        .map(line -> line.replaceFirst("^(\\S+ \\S+).*", "$1"))
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private void sizes(StringBuilder page) throws IOException {
        page.append("\n## Modules\n\nLines without records, package descriptions and the service file.\n\n")
                .append("| vendor | base URI | files | lines | records |\n|---|---|---|---|---|\n");
        for (VendorSpec vendor : Vendors.all()) {
            int files = 0;
            int lines = 0;
            int records = 0;
            for (Path source : javaFiles(root.resolve("vendors/" + vendor.id() + "/src/main/java"))) {
                if (source.getParent().getFileName().toString().equals("model")) {
                    records++;
                } else {
                    files++;
                    lines += Files.readAllLines(source).size();
                }
            }
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | `%s` | %d | %d | %d |%n",
                    vendor.name(),
                    vendor.baseUri(),
                    files,
                    lines,
                    records));
        }
    }

    private static List<Path> javaFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(f -> f.toString().endsWith(".java")
                            && !f.getFileName().toString().equals("package-info.java"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }

    private void cases(StringBuilder page) throws IOException {
        page.append(
                        "\n## Robustness cases\n\nEach oddity of an API that its facts name, and the test that shows how the client")
                .append(" takes it.\n\n| case | test |\n|---|---|\n");
        for (VendorSpec vendor : Vendors.all()) {
            casesOf(vendor.id())
                    .forEach((id, tests) -> page.append("| ")
                            .append(id)
                            .append(" | ")
                            .append(String.join("<br>", tests))
                            .append(" |\n"));
        }
    }

    /** The cases of a vendor in their order, with the tests whose names begin with them. */
    Map<String, List<String>> casesOf(String vendor) throws IOException {
        Map<String, List<String>> cases =
                new TreeMap<>(Comparator.comparingInt(id -> Integer.parseInt(id.substring(1))));
        for (Path test : javaFiles(root.resolve("vendors/" + vendor + "/src/test/java"))) {
            String name = test.getFileName().toString().replace(".java", "");
            Matcher methods = CASE.matcher(Files.readString(test));
            while (name.endsWith("RobustnessTest") && methods.find()) {
                String id = methods.group(1).toUpperCase(Locale.ROOT) + methods.group(2);
                cases.computeIfAbsent(id, c -> new ArrayList<>())
                        .add("`" + name + "." + methods.group(1) + methods.group(2) + methods.group(3) + "`");
            }
        }
        return cases;
    }

    private static void errors(StringBuilder page) {
        page.append("\n## Errors\n\nWhat each documented error becomes. Every other is told by its status.\n\n")
                .append("| vendor | error | class | kind | retryability | remedy |\n|---|---|---|---|---|---|\n");
        for (VendorSpec vendor : Vendors.all()) {
            new TreeMap<>(vendor.errors().table().byCode())
                    .forEach((code, rule) -> row(page, vendor, "`" + code + "`", code, 0, rule));
            for (ErrorCase error : vendor.errors().table().cases()) {
                row(page, vendor, describe(error), null, sample(error.status()), error.rule());
            }
        }
    }

    /** A status of the class, for cases of a whole class. */
    private static int sample(int status) {
        return status < 10 ? status * 100 : status;
    }

    private static String describe(ErrorCase error) {
        List<String> parts = new ArrayList<>();
        if (error.status() != 0) {
            parts.add(error.status() < 10 ? error.status() + "xx" : Integer.toString(error.status()));
        }
        if (error.field() != null) {
            parts.add("field `" + error.field() + "`");
        }
        if (error.text() != null) {
            parts.add("\"" + error.text() + "…\"");
        }
        return String.join(", ", parts);
    }

    private static void row(
            StringBuilder page, VendorSpec vendor, String error, @Nullable String code, int status, ErrorRule rule) {
        ApiException exception = vendor.errors().exceptions().apply(failure(rule, code, status));
        Class<?> type = exception.getClass();
        String outer =
                type.getEnclosingClass() == null ? "" : type.getEnclosingClass().getSimpleName() + ".";
        page.append(String.format(
                Locale.ROOT,
                "| %s | %s | `%s` | %s | %s | %s |%n",
                vendor.name(),
                error,
                outer + type.getSimpleName(),
                rule.kind(),
                rule.retryability(),
                rule.remedy() == null ? "" : rule.remedy()));
    }

    private static void restrictions(StringBuilder page) {
        page.append(
                        "\n## What is sent again less than usual\n\nA restriction takes away from what certainty and retryability")
                .append(" allow, for these methods; a POST that only reads counts as a GET.\n\n")
                .append("| vendor | restriction |\n|---|---|\n");
        for (VendorSpec vendor : Vendors.all()) {
            for (RetryRestriction restriction : vendor.retry().restrictions()) {
                page.append("| " + vendor.name() + " | " + restriction + " |\n");
            }
        }
    }

    private static Failure failure(ErrorRule rule, @Nullable String code, int status) {
        ErrorKind kind = rule.kind();
        Retryability retryability = rule.retryability();
        return Failure.of(kind, Certainty.REJECTED, retryability, "sample")
                .withStatus(status)
                .withCode(code);
    }
}
