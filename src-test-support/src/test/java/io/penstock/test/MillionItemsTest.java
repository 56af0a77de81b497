package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.PagedSet;
import io.penstock.test.simulator.SimulatorServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list of a million items takes no more memory than a short one. */
@Tag("slow")
class MillionItemsTest {

    private static final int ITEMS = 1_000_000;
    private static final int PAGES = 10_000;

    @TempDir
    Path directory;

    @Test
    void readsMillionItemsOfTenThousandPagesWith64MiBOfHeap() throws Exception {
        try (SimulatorServer server = SimulatorServer.start(0, new PagedSet(ITEMS))) {
            Path result = directory.resolve("result");
            ChildJvm.run(
                    Duration.ofMinutes(5),
                    List.of("-Xmx64m", "-XX:MaxDirectMemorySize=32m", "-XX:+ExitOnOutOfMemoryError"),
                    Reader.class,
                    server.origin().toString(),
                    Integer.toString(ITEMS / PAGES),
                    result.toString());

            assertThat(result).hasContent("1000000 items, sum 500000500000, heap of at most 64 MiB");
            assertThat(server.requests().count()).isEqualTo(PAGES);
        }
    }

    /** The process that reads. */
    static final class Reader {

        private Reader() {}

        /** A row of the list. */
        record Row(long id) {}

        /**
         * Reads the whole list.
         *
         * @param args the address of the set, the page size, and the file for the result
         */
        public static void main(String[] args) throws IOException {
            LongAdder count = new LongAdder();
            LongAdder sum = new LongAdder();
            try (ApiClient client = ApiClient.builder(VendorSpec.generic("set", URI.create(args[0])))
                    .build()) {
                client.pages(
                                ApiRequest.get("cursor")
                                        .query("size", args[1])
                                        .as(Payload.page(Row.class, List.of("items"), List.of("next"))),
                                Paging.cursor("after").counting("/total"))
                        .prefetch(2)
                        .items()
                        .doOnNext(row -> {
                            count.increment();
                            sum.add(row.id());
                        })
                        .blockLast();
            }
            Files.writeString(
                    Path.of(args[2]),
                    count + " items, sum " + sum + ", heap of at most "
                            + Runtime.getRuntime().maxMemory() / (1024 * 1024) + " MiB");
        }
    }
}
