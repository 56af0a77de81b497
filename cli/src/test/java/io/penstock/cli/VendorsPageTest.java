package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VendorsPageTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final VendorsPage page = new VendorsPage(ROOT);

    @Test
    void rendersPageFromSpecsAndTests() throws IOException {
        Path file = ROOT.resolve("docs/vendors.md");
        String rendered = page.render().replace("\r\n", "\n");
        if (Boolean.getBoolean("penstock.write")) {
            Files.writeString(file, rendered);
        }

        assertThat(Files.readString(file)).isEqualTo(rendered);
    }

    /** The numbers of the documents, which only grow with them. */
    @ParameterizedTest
    @CsvSource({"invicti, 18, 18", "picus, 84, 84", "pentify, 17, 17", "infraon, 23, 23", "ixon, 674, 167"})
    void countsDocumentedTypedAndSimulatedOperations(String vendor, int documented, int typed) throws IOException {
        VendorsPage.Operations operations = page.operationsOf(vendor);

        assertThat(operations.documented()).isEqualTo(documented);
        assertThat(operations.typed()).isEqualTo(typed);
        assertThat(operations.simulated()).isEqualTo(documented);
    }

    @ParameterizedTest
    @CsvSource({"invicti, I, 13", "picus, P, 18", "pentify, E, 16", "ixon, X, 18", "infraon, F, 19"})
    void findsTestForEveryCaseOfFacts(String vendor, String prefix, int last) throws IOException {
        assertThat(page.casesOf(vendor).keySet())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, last).mapToObj(i -> prefix + i).toList());
    }
}
