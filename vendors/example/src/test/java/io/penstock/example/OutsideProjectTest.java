package io.penstock.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.test.VendorConformance;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The way of a user: Lumen in a Maven project outside this build, with the dependencies that the guide shows and nothing
 * else. Penstock's artifacts come from this build, all others from the local repository of this build.
 */
@Tag("slow")
class OutsideProjectTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path EXAMPLE = ROOT.resolve("vendors/example");
    private static final Path FOLDER = Path.of("target/outside").toAbsolutePath();
    private static final Path PROJECT = FOLDER.resolve("lumen");
    private static final Path REPOSITORY = FOLDER.resolve("repository");
    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final long PATIENCE_SECONDS = 240;
    private static final Pattern TESTS = Pattern.compile("<testsuite [^>]*tests=\"(\\d+)\"");

    private static final List<String> TESTS_OF_LUMEN =
            List.of("ExampleConformanceTest.java", "ExampleTest.java", "LumenApi.java", "LumenSimulator.java");

    @Test
    void passesKitWithDependenciesOfGuide() throws Exception {
        Files.createDirectories(PROJECT);
        deleteResults();
        linkRepository();
        install("penstock-parent", ROOT.resolve("pom.xml"), null);
        install("penstock-core", ROOT.resolve("core/pom.xml"), ApiClient.class);
        install("penstock-test-support", ROOT.resolve("src-test-support/pom.xml"), VendorConformance.class);
        writeProject();

        String output = mvn("test");

        Path reports = PROJECT.resolve("target/surefire-reports");
        Path kit = reports.resolve("TEST-io.penstock.example.ExampleConformanceTest.xml");
        assertThat(kit).as("reports of the tests; Maven printed: %s", output).exists();
        Matcher tests = TESTS.matcher(Files.readString(kit));
        assertThat(tests.find()).isTrue();
        assertThat(Integer.parseInt(tests.group(1))).as("rules that were run").isGreaterThan(20);
        assertThat(PROJECT.resolve("target/conformance/lumen.md")).content().contains("| kept |");
    }

    @Test
    void showsVersionsOfThisBuild() throws IOException {
        String build = Files.readString(ROOT.resolve("pom.xml"));

        assertThat(Files.readString(EXAMPLE.resolve("src/test/outside/pom.xml")))
                .contains("<version>" + property(build, "netty.version") + "</version>")
                .contains("<version>" + property(build, "logback.version") + "</version>")
                .contains("<version>" + VERSION + "</version>");
        assertThat(build).contains("<version>" + VERSION + "</version>");
    }

    private static String property(String pom, String name) {
        Matcher value = Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<").matcher(pom);
        assertThat(value.find()).as(name).isTrue();
        return value.group(1);
    }

    private static void deleteResults() throws IOException {
        for (String results : List.of("target/surefire-reports", "target/conformance")) {
            Path folder = PROJECT.resolve(results);
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    /** Makes a local repository with everything of this build's own repository, except for Penstock. */
    private static void linkRepository() throws IOException {
        Path real =
                Path.of(System.getProperty("penstock.repository", System.getProperty("user.home") + "/.m2/repository"));
        Files.createDirectories(REPOSITORY.resolve("io"));
        link(real, REPOSITORY, "io");
        link(real.resolve("io"), REPOSITORY.resolve("io"), "penstock");
    }

    private static void link(Path from, Path to, String except) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path link = to.resolve(file.getFileName());
                if (!file.getFileName().toString().equals(except) && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(link, file);
                }
            }
        }
    }

    /** Installs a module of this build as it is now. */
    private static void install(String artifact, Path pom, Class<?> inJar) throws IOException, URISyntaxException {
        Path folder = Files.createDirectories(
                REPOSITORY.resolve("io/penstock").resolve(artifact).resolve(VERSION));
        String name = artifact + "-" + VERSION;
        Files.copy(pom, folder.resolve(name + ".pom"), StandardCopyOption.REPLACE_EXISTING);
        if (inJar != null) {
            URI classes =
                    inJar.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path built = Path.of(classes);
            Path jar = folder.resolve(name + ".jar");
            if (Files.isDirectory(built)) {
                pack(built, jar);
            } else {
                Files.copy(built, jar, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(file);
                Stream<Path> files = Files.walk(classes)) {
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                packed.putNextEntry(
                        new ZipEntry(classes.relativize(one).toString().replace('\\', '/')));
                Files.copy(one, packed);
                packed.closeEntry();
            }
        }
    }

    private static void writeProject() throws IOException {
        Files.copy(
                EXAMPLE.resolve("src/test/outside/pom.xml"),
                PROJECT.resolve("pom.xml"),
                StandardCopyOption.REPLACE_EXISTING);
        Path main = Path.of("src/main/java/io/penstock/example");
        copy(main, file -> true);
        copy(main.resolve("model"), file -> true);
        copy(Path.of("src/test/java/io/penstock/example"), TESTS_OF_LUMEN::contains);
        Path services = PROJECT.resolve("src/main/resources/META-INF/services");
        Files.createDirectories(services);
        Files.writeString(services.resolve("io.penstock.spec.Vendor"), LumenVendor.class.getName() + "\n");
    }

    private interface Choice {
        boolean includes(String name);
    }

    /** Copies the files of one directory. */
    private static void copy(Path directory, Choice choice) throws IOException {
        Path to = Files.createDirectories(PROJECT.resolve(directory));
        try (Stream<Path> files = Files.list(EXAMPLE.resolve(directory))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (choice.includes(name)) {
                    Files.copy(file, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Runs Maven in the project and returns the end of its output. */
    private static String mvn(String goal) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(System.getProperty("penstock.maven", "mvn"), "-B", "-Dmaven.repo.local=" + REPOSITORY));
        if ("offline=true".equals(System.getProperty("penstock.settings"))) {
            command.add("-o");
        }
        command.add(goal);
        Path log = FOLDER.resolve("maven.log");
        Process maven = new ProcessBuilder(command)
                .directory(PROJECT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = maven.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            maven.destroy();
        }
        List<String> lines = Files.readAllLines(log);
        String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        assertThat(ended)
                .as("end of Maven within %d s; it printed: %s", PATIENCE_SECONDS, end)
                .isTrue();
        assertThat(maven.exitValue()).as("exit of Maven; it printed: %s", end).isZero();
        return end;
    }
}
