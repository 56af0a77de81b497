package io.penstock.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page that a test writes, between two comments. */
final class GuidePart {

    private static final Path DOCS =
            Path.of("../..").toAbsolutePath().normalize().resolve("docs");

    private GuidePart() {}

    /** Compares the part with a text. With {@code -Dpenstock.write=true}, writes it first. */
    static void verify(String page, String name, String text) throws IOException {
        Path file = DOCS.resolve(page);
        String start = "<!-- " + name + " -->\n";
        String end = "<!-- end of " + name.substring(0, name.indexOf(':')) + " -->\n";
        String all = read(file);
        int from = all.indexOf(start);
        int to = all.indexOf(end);
        assertThat(from).as("%s in %s", start, page).isNotNegative().isLessThan(to);
        if (Boolean.getBoolean("penstock.write")) {
            Files.writeString(file, all.substring(0, from) + start + text + all.substring(to));
        }

        assertThat(read(file)).contains(start + text + end);
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }
}
