package io.penstock.benchmarks.coldstart;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The jars that a program needs at run time, as Maven resolves them with this project's versions.
 *
 * @param jars the files
 */
public record RuntimeClassPath(List<Path> jars) {

    private static final long PATIENCE_SECONDS = 180;

    /** The optional dependency of core. */
    private static final String OPTIONAL = "blockhound";

    /** Creates a class path with a copy of the list. */
    public RuntimeClassPath {
        jars = List.copyOf(jars);
    }

    /** Returns the class path of a module of this project: its own jar and its runtime dependencies. */
    static RuntimeClassPath ofModule(Path module, Path ownJar) throws IOException, InterruptedException {
        List<Path> jars = new ArrayList<>(List.of(ownJar));
        jars.addAll(resolve(module.resolve("pom.xml")));
        return new RuntimeClassPath(jars);
    }

    /**
     * Returns the class path of a program with the given dependencies.
     *
     * @param name the name of the program, used for its temporary project
     * @param artifacts the dependencies as {@code group:artifact}, with versions that the parent project manages
     */
    public static RuntimeClassPath of(String name, String... artifacts) throws IOException, InterruptedException {
        Path directory =
                Files.createDirectories(Path.of("target", "class-paths", name).toAbsolutePath());
        StringBuilder dependencies = new StringBuilder();
        for (String artifact : artifacts) {
            String[] names = artifact.split(":", 2);
            dependencies.append("    <dependency><groupId>%s</groupId><artifactId>%s</artifactId></dependency>%n"
                    .formatted(names[0], names[1]));
        }
        Path parent = root().resolve("pom.xml");
        Path pom = directory.resolve("pom.xml");
        Files.writeString(pom, """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <parent>
                    <groupId>io.penstock</groupId>
                    <artifactId>penstock-parent</artifactId>
                    <version>0.1.0-SNAPSHOT</version>
                    <relativePath>%s</relativePath>
                  </parent>
                  <artifactId>class-path-of-%s</artifactId>
                  <dependencies>
                %s  </dependencies>
                </project>
                """.formatted(directory.relativize(parent), name, dependencies), StandardCharsets.UTF_8);
        return new RuntimeClassPath(resolve(pom));
    }

    /** Returns the root directory of the project. The benchmarks run in the directory of their module. */
    static Path root() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    private static List<Path> resolve(Path pom) throws IOException, InterruptedException {
        Path output = Files.createTempFile("class-path", ".txt");
        try {
            run(List.of(
                    System.getProperty("bench.maven", "mvn"),
                    "-B",
                    "-q",
                    "-f",
                    pom.toString(),
                    "dependency:build-classpath",
                    "-DincludeScope=runtime",
                    "-DexcludeArtifactIds=" + OPTIONAL, // a user's class path does not have it
                    "-Dmdep.outputFile=" + output));
            return List.of(Files.readString(output, StandardCharsets.UTF_8)
                            .strip()
                            .split(File.pathSeparator, -1))
                    .stream()
                    .map(Path::of)
                    .toList();
        } finally {
            Files.delete(output);
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process maven = new ProcessBuilder(command).inheritIO().start();
        if (!maven.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            maven.destroy();
            throw new IOException("no end after " + PATIENCE_SECONDS + " s: " + String.join(" ", command));
        }
        if (maven.exitValue() != 0) {
            throw new IOException("exit " + maven.exitValue() + " (see above): " + String.join(" ", command));
        }
    }

    /** Returns this class path with the additional jars of another one. */
    RuntimeClassPath with(RuntimeClassPath other) {
        List<Path> all = new ArrayList<>(jars);
        other.jars.stream().filter(jar -> !jars.contains(jar)).forEach(all::add);
        return new RuntimeClassPath(all);
    }

    /** Returns the total size of all jars. */
    long bytes() throws IOException {
        long sum = 0;
        for (Path jar : jars) {
            sum += Files.size(jar);
        }
        return sum;
    }

    /** Returns the class path as an argument of {@code -classpath}. */
    public String argument() {
        return String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
    }
}
