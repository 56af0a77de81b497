package io.penstock.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.docs.KeyName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The lists of observations, keys and meters in {@code docs/observability.md}, from the documentation enums. To write
 * them anew, run this test with {@code -Dpenstock.write=true}.
 */
class ObservabilityPageTest {

    private static final Path PAGE =
            Path.of("../../docs/observability.md").toAbsolutePath().normalize();
    private static final Path SOURCES = Path.of("src/main/java/io/penstock/micrometer");

    @Test
    void listsObservationsKeysAndMeters() throws IOException {
        String page = Files.readString(PAGE).replace("\r\n", "\n");
        String rendered = with(page, "observations", observations());
        rendered = with(rendered, "keys", keys());
        rendered = with(rendered, "meters", meters());
        if (Boolean.getBoolean("penstock.write")) {
            Files.writeString(PAGE, rendered);
            page = rendered;
        }

        assertThat(page).isEqualTo(rendered);
    }

    /** Returns the page with a generated part replaced. */
    private static String with(String page, String part, String text) {
        String from = "<!-- generated: " + part + " -->\n";
        int start = page.indexOf(from) + from.length();
        int end = page.indexOf("<!-- generated: end -->", start);
        assertThat(start).as("the mark of %s", part).isGreaterThanOrEqualTo(from.length());
        return page.substring(0, start) + text + page.substring(end);
    }

    private static String observations() throws IOException {
        String source = source("ClientObservationDocumentation");
        return "| observation | name | keys of timers and spans | keys of spans only |\n|---|---|---|---|\n"
                + Arrays.stream(ClientObservationDocumentation.values())
                        .map(each -> row(
                                described(each, source),
                                code(nameOf(each)),
                                names(each.getLowCardinalityKeyNames()),
                                names(each.getHighCardinalityKeyNames())))
                        .collect(Collectors.joining());
    }

    private static String nameOf(ClientObservationDocumentation of) {
        return switch (of) {
            case OPERATION -> new DefaultOperationConvention().getName();
            case CALL -> new DefaultCallConvention().getName();
            case ATTEMPT -> new DefaultAttemptConvention().getName();
        };
    }

    private static String described(Enum<?> constant, String source) {
        return "**" + constant.name().toLowerCase(Locale.ROOT) + "** – " + javadoc(source, constant.name());
    }

    private static String keys() throws IOException {
        String source = source("ClientObservationDocumentation");
        StringBuilder rows = new StringBuilder("| key | value |\n|---|---|\n");
        for (ClientObservationDocumentation.LowCardinalityKeyNames key :
                ClientObservationDocumentation.LowCardinalityKeyNames.values()) {
            rows.append(row(code(key.asString()), javadoc(source, key.name() + "(\"")));
        }
        for (ClientObservationDocumentation.HighCardinalityKeyNames key :
                ClientObservationDocumentation.HighCardinalityKeyNames.values()) {
            rows.append(row(code(key.asString()), javadoc(source, key.name() + "(\"")));
        }
        return rows.toString();
    }

    private static String meters() throws IOException {
        String source = source("ClientMeterDocumentation");
        return "| gauge | unit | keys | value |\n|---|---|---|---|\n"
                + Arrays.stream(ClientMeterDocumentation.values())
                        .map(meter -> row(
                                code(meter.getName()),
                                meter.getBaseUnit() == null ? "–" : meter.getBaseUnit(),
                                names(meter.getKeyNames()),
                                javadoc(source, meter.name() + "(\"")))
                        .collect(Collectors.joining());
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String names(KeyName... keys) {
        return keys.length == 0
                ? "–"
                : Arrays.stream(keys).map(key -> code(key.asString())).collect(Collectors.joining(", "));
    }

    private static String source(String type) throws IOException {
        return Files.readString(SOURCES.resolve(type + ".java")).replace("\r\n", "\n");
    }

    /** Returns the Javadoc of the constant whose declaration begins with the given text. */
    private static String javadoc(String source, String declaration) {
        Matcher comment = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/).)*?)\\*/\\s+" + Pattern.quote(declaration), Pattern.DOTALL)
                .matcher(source);
        assertThat(comment.find()).as("Javadoc of %s", declaration).isTrue();
        return comment.group(1)
                .replaceAll("\\s*\\n\\s*\\*\\s*", " ")
                .replaceAll("\\{@code\\s+([^}]*)}", "`$1`")
                .strip();
    }
}
