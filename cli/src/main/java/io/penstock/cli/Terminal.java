package io.penstock.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether somebody looks at what is written to stderr. */
final class Terminal {

    private static final Path STDERR = Path.of("/proc/self/fd/2");

    private Terminal() {}

    /**
     * Whether stderr is a terminal that can erase a line. Java tells only of stdin and stdout; where the system does not show
     * what stderr is, the {@code test} of POSIX has to say it, and where there is none, there is no terminal either.
     */
    static boolean onStderr(Function<String, @Nullable String> environment) {
        String kind = environment.apply("TERM");
        if (kind == null || kind.equals("dumb")) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(STDERR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return saysTest();
        }
    }

    private static boolean saysTest() {
        try {
            Process test = new ProcessBuilder("test", "-t", "2")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return test.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
