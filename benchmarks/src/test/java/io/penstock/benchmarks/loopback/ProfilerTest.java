package io.penstock.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ProfilerTest {

    @TempDir
    private Path directory;

    private void install(String script) throws IOException {
        Path program = Files.writeString(directory.resolve("asprof"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private String path() {
        return "/nowhere" + File.pathSeparator + directory;
    }

    @Test
    void isAbsentWhereNotInstalled() {
        assertThat(Profiler.find(path())).isEmpty();
        assertThat(Profiler.find("")).isEmpty();
    }

    @Test
    void asksForProfileOfTheProcess() throws IOException, InterruptedException {
        install("echo \"$@\" > \"$8\"");
        Path file = directory.resolve("profile.html");

        Process profile = Profiler.find(path()).orElseThrow().start(42, file);

        assertThat(Profiler.outcome(profile, file)).isEqualTo("Profile: " + file);
        assertThat(file).hasContent("-e cpu -d 3 -o flamegraph -f " + file + " 42");
    }

    @Test
    void reportsProfileThatFails() throws IOException, InterruptedException {
        install("exit 3");
        Path file = directory.resolve("profile.html");

        Process profile = Profiler.find(path()).orElseThrow().start(42, file);

        assertThat(Profiler.outcome(profile, file)).isEqualTo("No profile: asprof ended with 3");
    }
}
