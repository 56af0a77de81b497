package io.penstock.benchmarks.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {

    @TempDir
    Path directory;

    private Budget read(String text) throws IOException {
        return Budget.read(Files.writeString(directory.resolve("budget.properties"), text));
    }

    @Test
    void readsBudgetAsWritten() throws IOException {
        Path file = directory.resolve("budget.properties");
        Budget budget = Budget.of(Map.of("A.one", 100.4, "A.two", 0.0));
        budget.write(file);
        assertThat(Budget.read(file)).isEqualTo(budget);
        assertThat(budget.bytes()).containsEntry("A.one", 100L).containsEntry("A.two", 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A.one", "A.one = ", "A.one = many", "A.one = -5", "= 5", "A.one = 5 = 6", "A.one = 1.5"})
    void namesNumberOfMalformedLine(String line) {
        assertThatThrownBy(() -> read("# rows\n\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("budget.properties:3: " + line.strip() + " (expected: row = bytes)");
    }

    @Test
    void refusesRepeatedRow() {
        assertThatThrownBy(() -> read("A.one = 5\nA.one = 6\n")).hasMessageContaining("each row once");
    }

    @Test
    void refusesFileWithoutRow() {
        assertThatThrownBy(() -> read("# nothing\n")).hasMessageContaining("at least one");
    }

    @ParameterizedTest
    @CsvSource({
        "100, WITHIN",
        "105, WITHIN",
        "105.1, EXCEEDED",
        "95, WITHIN",
        "94.9, BELOW",
        "NaN, EXCEEDED",
    })
    void toleratesFivePercentMore(double measured, Comparison.Verdict verdict) throws IOException {
        Comparison comparison = Comparison.of(read("A.one = 100"), Map.of("A.one", measured));
        assertThat(comparison.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.verdict()).isEqualTo(verdict));
        assertThat(comparison.failure() != null).isEqualTo(verdict == Comparison.Verdict.EXCEEDED);
    }

    @Test
    void failsOnRowMissingFromRun() throws IOException {
        Comparison comparison = Comparison.of(read("A.one = 100\nA.two = 50"), Map.of("A.one", 100.0));
        assertThat(comparison.failure()).contains("A.two not measured").doesNotContain("A.one");
    }

    @Test
    void failsOnRowWithoutBudget() throws IOException {
        Comparison comparison = Comparison.of(read("A.one = 100"), Map.of("A.one", 100.0, "A.new", 1.0));
        assertThat(comparison.failure()).contains("A.new not budgeted").doesNotContain("A.one");
    }

    @Test
    void reportsFailuresInOneLineAndRowsInTable() throws IOException {
        Comparison comparison =
                Comparison.of(read("A.one = 100\nA.two = 50\nA.low = 100"), Map.of("A.one", 120.0, "A.low", 50.0));
        assertThat(comparison.failure())
                .contains("A.one exceeded, A.two not measured")
                .doesNotContain("\n");
        assertThat(comparison.table())
                .contains("+20 (+20.0 %)")
                .contains("NOT MEASURED")
                .contains("the budget can be lowered");
    }
}
