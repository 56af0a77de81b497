package io.penstock.benchmarks.board;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of the board that runs in a process of its own and leaves its results in a file.
 *
 * @param name the name of its result file, without the extension
 * @param main its main class
 * @param jvm options for its JVM, mostly system properties
 * @param args its arguments
 * @param added an artifact, as {@code group:artifact}, on the class path of this part only; empty for none
 * @param limit the time after which it is stopped
 */
record Part(String name, String main, List<String> jvm, List<String> args, String added, Duration limit) {

    static final String PIPELINE = "pipeline";
    static final String DECODE = "decode";
    static final String DECODE_BLACKBIRD = "decode-blackbird";
    static final String LOOPBACK = "loopback";
    static final String TLS = "tls";
    static final String CHOICES = "choices";
    static final String COLD_START = "cold-start";
    static final String SCALE = "scale";

    /** The beginning of the command for a program, whose class name without {@link #ROOM} follows. */
    static final String COMMAND =
            "mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.";

    private static final String ROOM = "io.penstock.benchmarks.";

    static Part jmh(String name, String added, Duration limit, Path directory, String args) {
        return new Part(
                name,
                "org.openjdk.jmh.Main",
                List.of(),
                List.of((args + " -foe true -prof gc -rf json -rff " + file(directory, name)).split(" ", -1)),
                added,
                limit);
    }

    static Part scenario(String name, String main, Duration limit, Path directory, String... properties) {
        List<String> jvm = new ArrayList<>(List.of(properties));
        jvm.add("-Dbench.result=" + file(directory, name));
        return new Part(name, ROOM + main, List.copyOf(jvm), List.of(), "", limit);
    }

    /** Returns the result file of a part. */
    static Path file(Path directory, String name) {
        return directory.resolve(name + ".json");
    }

    /** Returns the command for display, without its class path and directories. */
    String command() {
        String options = jvm.isEmpty() ? "" : String.join(" ", jvm) + " ";
        String arguments = args.isEmpty() ? "" : " " + String.join(" ", args);
        String line = options + main.replace(ROOM, "…") + arguments + (added.isEmpty() ? "" : ", with " + added);
        return line.replaceAll("(?<=[ =])/[^ ]*/", "");
    }
}
