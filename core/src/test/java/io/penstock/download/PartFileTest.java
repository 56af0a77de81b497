package io.penstock.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartFileTest {

    @TempDir
    Path dir;

    /** A cancel may close the file on another thread just before it is opened. */
    @Test
    void keepsNoFileOrLockWhenClosedBeforeOpen() throws IOException {
        PartFile cancelled = PartFile.of(dir.resolve("f"), false);
        cancelled.close();

        assertThatThrownBy(cancelled::open).isInstanceOf(IOException.class).hasMessage("closed");

        assertThat(Files.exists(dir.resolve("f.part"))).isFalse();
        PartFile next = PartFile.of(dir.resolve("f"), false);
        assertThat(next.open()).isEqualTo(Version.UNKNOWN);
        next.close();
    }
}
