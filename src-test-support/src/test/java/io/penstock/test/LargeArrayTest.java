package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.streams.ServedArray;
import io.penstock.test.simulator.streams.StreamServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An array larger than the memory of the process that reads it. The reader is a process of its own with 64 MiB of heap and
 * 64 MiB of direct memory, Netty's buffers included; the array is made while it is sent. It has 128 MiB unless the system
 * property {@code penstock.array.mib} says otherwise: {@code -Dpenstock.array.mib=1024} for one of 1 GiB.
 */
@Tag("slow")
class LargeArrayTest {

    private static final long MIB = Long.getLong("penstock.array.mib", 128);

    record At(String host, String path, int line) {}

    record Item(long id, String name, double score, List<String> tags, At at, String note) {}

    /** The process that reads: writes how many items there were, and the sum of their ids, into a file. */
    static final class Reader {

        private Reader() {}

        public static void main(String[] args) throws IOException {
            long[] seen = new long[2];
            try (ApiClient client = ApiClient.builder(VendorSpec.generic("api", URI.create(args[0])))
                    .build()) {
                client.stream(ApiRequest.get("items").elementsAt("/items", Item.class))
                        .doOnNext(item -> {
                            seen[0]++;
                            seen[1] += item.id();
                        })
                        .blockLast(Duration.ofMinutes(9));
            }
            Files.writeString(Path.of(args[1]), seen[0] + " items, sum " + seen[1]);
        }
    }

    @TempDir
    Path directory;

    @Test
    void readsArrayLargerThanMemoryToItsEnd() throws IOException, InterruptedException {
        try (StreamServer server = StreamServer.start()) {
            server.put("/items", new ServedArray(MIB << 20));
            long start = System.nanoTime();
            Path result = directory.resolve("result");
            ChildJvm.run(
                    Duration.ofMinutes(10),
                    List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError"),
                    Reader.class,
                    server.origin().toString(),
                    result.toString());
            String read = Files.readString(result);
            long items = Long.parseLong(read.replaceFirst(" items.*", ""));
            assertThat(read).isEqualTo(items + " items, sum " + items * (items - 1) / 2);
            assertThat(items * ServedArray.item(0).length()).isGreaterThan((MIB << 20) * 9 / 10);
            System.out.println("LargeArrayTest: " + MIB + " MiB, " + read + ", in "
                    + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms with -Xmx64m");
        }
    }
}
