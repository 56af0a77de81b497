package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.ApiRequest;
import io.penstock.envelope.Payload;
import io.penstock.paging.Paging;
import io.penstock.test.simulator.PagedSet;
import io.penstock.test.simulator.SimulatorServer;
import io.penstock.vendor.VendorSpec;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** A list of a million items takes no more memory than a short one. */
class MillionItemsTest {

    private static final int ITEMS = 1_000_000;
    private static final int PAGES = 10_000;

    @Test
    void aMillionItemsOfTenThousandPagesPassAReaderWith64MiBOfHeap() throws Exception {
        try (SimulatorServer server = SimulatorServer.start(0, new PagedSet(ITEMS))) {
            Process reader = new ProcessBuilder(
                            new File(System.getProperty("java.home"), "bin/java").getPath(),
                            "-Xmx64m",
                            "-XX:MaxDirectMemorySize=32m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Reader.class.getName(),
                            server.origin().toString(),
                            Integer.toString(ITEMS / PAGES))
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(printed).contains("1000000 items, sum 500000500000, heap of at most 64 MiB");
            assertThat(reader.exitValue()).isZero();
            assertThat(server.requests().count()).isEqualTo(PAGES);
        }
    }

    /** The process that reads. */
    static final class Reader {

        private Reader() {}

        /** What a row is read as. */
        record Row(long id) {}

        /**
         * Reads the whole list.
         *
         * @param args the address of the set, and how many items a page has
         */
        public static void main(String[] args) {
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
            System.out.println(count + " items, sum " + sum + ", heap of at most "
                    + Runtime.getRuntime().maxMemory() / (1024 * 1024) + " MiB");
        }
    }
}
