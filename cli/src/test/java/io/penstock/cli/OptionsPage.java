package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of {@code docs/options.md}. A heading that names a type begins its table, which has a row per option. */
final class OptionsPage {

    private static final Path FILE = Path.of("../docs/options.md");
    private static final Pattern HEADING = Pattern.compile("#+ .*`(\\w+)`.*");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final int COLUMNS = 6;

    private OptionsPage() {}

    /**
     * A row.
     *
     * @param option the name: a member of a value, a method, or a word for several methods
     * @param setters the methods that set it, as {@code name(Type, Type)}
     * @param type the type and the unit or range
     * @param standard the default
     * @param effect what the option does
     * @param reason why the default is what it is
     */
    record Row(String option, List<String> setters, String type, String standard, String effect, String reason) {

        private static Row of(String line) {
            List<String> cells = Arrays.stream(
                            line.substring(1, line.length() - 1).split("\\|", -1))
                    .map(String::strip)
                    .toList();
            assertThat(cells).as("cells of %s", line).hasSize(COLUMNS);
            List<String> option = codes(cells.get(0));
            assertThat(option).as("name in %s", line).hasSize(1);
            return new Row(option.get(0), codes(cells.get(1)), cells.get(2), cells.get(3), cells.get(4), cells.get(5));
        }
    }

    /** Returns the rows by the simple name of their type, in the order of the page. */
    static Map<String, List<Row>> read() throws IOException {
        Map<String, List<Row>> tables = new LinkedHashMap<>();
        String type = "";
        List<String> lines = Files.readAllLines(FILE);
        for (int i = 0; i < lines.size(); i++) {
            Matcher heading = HEADING.matcher(lines.get(i));
            if (heading.matches()) {
                type = heading.group(1);
            } else if (lines.get(i).startsWith("| option |")) {
                assertThat(tables).as("tables of %s", type).doesNotContainKey(type);
                tables.put(
                        type,
                        lines.subList(i + 2, lines.size()).stream()
                                .takeWhile(line -> line.startsWith("|"))
                                .map(Row::of)
                                .toList());
            }
        }
        return tables;
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult code) -> code.group(1))
                .toList();
    }
}
