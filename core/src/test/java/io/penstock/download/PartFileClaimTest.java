package io.penstock.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Concurrent downloads to one place: one wins, and a finished file is never touched again. */
class PartFileClaimTest {

    private static final int WRITERS = 4;
    private static final int ROUNDS = 200;
    private static final int SIZE = 2_000;

    @TempDir
    Path dir;

    private static Version tagged(int writer) {
        return Version.of(Headers.of("etag", "\"" + writer + "\""), SIZE);
    }

    /** Writes a whole file, or returns false if another download was in the way. */
    private static boolean written(PartFile part, int writer) throws IOException {
        try {
            part.open();
            part.begin(tagged(writer));
            byte[] bytes = new byte[SIZE / 2];
            Arrays.fill(bytes, (byte) writer);
            part.write(ByteBuffer.wrap(bytes));
            part.write(ByteBuffer.wrap(bytes));
            part.finish("f");
            return true;
        } catch (ApiException e) {
            assertThat(e.getMessage()).containsAnyOf("being written by another download", "f exists");
            part.close();
            return false;
        }
    }

    private List<Integer> race(int round, boolean replace, boolean oneAddress) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 1; i <= WRITERS; i++) {
                int writer = i;
                String provisional = oneAddress ? "one-" + round : writer + "-" + round;
                results.add(threads.submit(() -> written(PartFile.in(dir, provisional, replace), writer) ? writer : 0));
            }
            List<Integer> winners = new ArrayList<>();
            for (Future<Integer> result : results) {
                int writer = result.get(30, TimeUnit.SECONDS);
                if (writer > 0) {
                    winners.add(writer);
                }
            }
            return winners;
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letsExactlyOneWriterWin(boolean oneAddress) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Integer> winners = race(round, false, oneAddress);
            assertThat(winners).as("round %d", round).hasSize(1);
            byte[] expected = new byte[SIZE];
            Arrays.fill(expected, winners.get(0).byteValue());
            assertThat(dir.resolve("f")).hasBinaryContent(expected);
            Files.delete(dir.resolve("f"));
        }
    }

    @Test
    void replacesFileOnlyWithCompleteOne() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Integer> winners = race(0, true, true);
            assertThat(winners).isNotEmpty();
            byte[] got = Files.readAllBytes(dir.resolve("f"));
            byte[] expected = new byte[SIZE];
            Arrays.fill(expected, got[0]);
            assertThat(got).isEqualTo(expected);
            assertThat(winners).contains((int) got[0]);
        }
    }

    @Test
    void claimsPlaceWithoutHardLinks() throws IOException {
        Path part = Files.writeString(dir.resolve("f.part"), "whole");
        Path place = dir.resolve("f");
        PartFile.claim(part, place);
        assertThat(place).hasContent("whole");
        assertThat(part).doesNotExist();

        Files.writeString(part, "other");
        assertThatThrownBy(() -> PartFile.claim(part, place))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("f exists");
        assertThat(place).hasContent("whole");
        assertThat(part).hasContent("other");

        Path free = dir.resolve("g");
        assertThatThrownBy(() -> PartFile.claim(dir.resolve("nothing"), free)).isInstanceOf(NoSuchFileException.class);
        assertThat(free).as("a claim that came to nothing").doesNotExist();
    }

    /** The version file of a leftover may be wrong in any way; then it counts as another version or as none. */
    @Test
    void readsOwnVersionAndDiscardsAnyOther() throws IOException {
        PartFile first = PartFile.of(dir.resolve("f"), false);
        first.open();
        Version version = Version.of(
                Headers.of(
                        "etag",
                        "\"é\"",
                        "last-modified",
                        "Mon, 30 Nov 2026 10:00:00 GMT",
                        "date",
                        "Mon, 30 Nov 2026 12:00:00 GMT",
                        "content-disposition",
                        "attachment; filename=report.pdf"),
                SIZE);
        first.begin(version);
        first.write(ByteBuffer.wrap(new byte[10]));
        first.close();

        PartFile second = PartFile.of(dir.resolve("f"), false);
        assertThat(second.open()).isEqualTo(version);
        assertThat(second.position()).isEqualTo(10);
        second.close();

        Files.writeString(dir.resolve("f.part.version"), "x".repeat(100_000));
        PartFile third = PartFile.of(dir.resolve("f"), false);
        assertThat(third.open()).isEqualTo(Version.UNKNOWN);
        assertThat(third.position()).isZero();
        third.close();
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void storesVersionOnlyWhenResumable() throws IOException {
        PartFile part = PartFile.of(dir.resolve("f"), false);
        part.open();
        part.begin(Version.of(Headers.of("etag", "\"1\"", "content-encoding", "gzip"), SIZE));
        assertThat(dir.resolve("f.part.version")).doesNotExist();
        part.begin(Version.of(Headers.of("etag", "W/\"1\""), SIZE));
        assertThat(dir.resolve("f.part.version")).doesNotExist();
        part.begin(tagged(1));
        assertThat(dir.resolve("f.part.version")).exists();
        part.begin(Version.UNKNOWN);
        assertThat(dir.resolve("f.part.version")).doesNotExist();
        part.close();
        assertThat(dir).isEmptyDirectory();
    }
}
