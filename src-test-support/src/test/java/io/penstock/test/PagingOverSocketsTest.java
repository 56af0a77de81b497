package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.PagedSet;
import io.penstock.test.simulator.SimulatorServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;

/** Lists that are read over sockets: broken off and resumed, and changed while they are read. */
@Tag("slow")
@ExtendWith(NoBufferLeaks.class)
class PagingOverSocketsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A row of the list. */
    record Row(long id) {}

    /** The paging styles of the server. */
    @SuppressWarnings("ImmutableEnumChecker") // the records of Paging are immutable
    enum Style {
        CURSOR("cursor", "size", Paging.cursor("after").counting("/total")),
        OFFSET("offset", "limit", Paging.offset("offset", "limit", "/total")),
        PAGES("pages", "size", Paging.number("page", 1).sizedBy("size").untilPage("/pages")),
        ARRAY("array", "size", Paging.number("page", 1).sizedBy("size")),
        LINKED("linked", "size", Paging.linkHeader()),
        LAST_ID("last", "size", Paging.cursor("after").whileTrue("/has_more"));

        final String path;
        final String sizeParameter;
        final Paging paging;

        Payload<Page<Row>> payload() {
            return this == LAST_ID
                    ? Payload.page(Row.class, List.of("items"), List.of()).cursorInLastItem("/id")
                    : Payload.page(Row.class, List.of("items"), List.of("next"));
        }

        Style(String path, String sizeParameter, Paging paging) {
            this.path = path;
            this.sizeParameter = sizeParameter;
            this.paging = paging;
        }
    }

    private final PagedSet set = new PagedSet(20);
    private final SimulatorServer server = SimulatorServer.start(0, set);
    private final ApiClient client = client();

    @AfterEach
    void everyConnectionCameBack() {
        Connections.awaitReturn(client);
        client.closeLater().block(PATIENCE);
        server.close();
    }

    private ApiClient client() {
        return ApiClient.builder(VendorSpec.generic("set", server.origin()).withQuota(QuotaModel.unknown()))
                .retry(RetryPolicy.standard().withMaxAttempts(1))
                .circuit(CircuitPolicy.off())
                .build();
    }

    private Pages<Row> read(Style style, int size) {
        return read(client, style, size);
    }

    private static Pages<Row> read(ApiClient client, Style style, int size) {
        ApiRequest<Page<Row>> first =
                ApiRequest.get(style.path).query(style.sizeParameter, size).as(style.payload());
        return client.pages(first, style.paging);
    }

    private static List<Long> ids(Pages<Row> pages) {
        return pages.items().map(Row::id).collectList().block(PATIENCE);
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @ParameterizedTest
    @EnumSource
    void readsEveryStyleToItsEndPageByPage(Style style) {
        List<Page<Row>> pages = read(style, 6).collectList().block(PATIENCE);

        assertThat(pages).extracting(page -> page.items().size()).containsExactly(6, 6, 6, 2);
        assertThat(pages).extracting(Page::position).containsExactly(0L, 6L, 12L, 18L);
        assertThat(pages)
                .extracting(page -> page.journey().parent())
                .containsExactly(
                        "GET " + style.path + ", page 1",
                        "GET " + style.path + ", page 2",
                        "GET " + style.path + ", page 3",
                        "GET " + style.path + ", page 4");
        assertThat(server.requests().count()).isEqualTo(4);

        server.requests().clear();
        assertThat(read(style, 6).take(1).collectList().block(PATIENCE)).hasSize(1);
        assertThat(read(style, 6).items().take(6).collectList().block(PATIENCE)).hasSize(6);
        assertThat(server.requests().count()).as("one page for each").isEqualTo(2);
    }

    /** Each iteration is one killed process, or one failed call, at a random place. */
    @ParameterizedTest
    @EnumSource
    void readsSameItemsDespiteHundredBreaks(Style style) {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("PagingOverSocketsTest " + style + " seed " + seed);
        Random random = new Random(seed);
        set.add(LongStream.rangeClosed(21, 2_000).toArray());
        List<Long> unbroken = ids(read(style, 5));
        List<Long> read = new ArrayList<>();
        String token = null;
        int broken = 0;
        int kills = 0;
        while (true) {
            Pages<Row> rest = read(style, 5).prefetch(random.nextInt(3));
            if (token != null) {
                rest = rest.resumeFrom(token);
            }
            boolean kill = random.nextBoolean();
            int until = random.nextInt(3) + (kill ? 1 : 0);
            List<String> tokens = new ArrayList<>();
            if (!kill && until == 0) {
                server.faults().next(fault(random));
            }
            int[] seen = {0};
            var pages = rest.doOnNext(page -> {
                page.items().forEach(row -> read.add(row.id()));
                tokens.add(page.resumeToken());
                if (!kill && ++seen[0] == until) {
                    server.faults().next(fault(random));
                }
            });
            ApiException failure = catchThrowableOfType(
                    ApiException.class,
                    () -> pages.take(kill ? until : until + 2).blockLast(PATIENCE));
            server.faults().clear();
            boolean atTheEnd = !tokens.isEmpty() && tokens.get(tokens.size() - 1) == null;
            if (atTheEnd) {
                break;
            }
            if (failure != null) {
                assertThat(failure.resumeToken()).as("seed " + seed).isNotNull();
                token = failure.resumeToken();
                broken++;
            } else {
                token = tokens.isEmpty() ? token : tokens.get(tokens.size() - 1);
                kills++;
            }
        }

        assertThat(read).as("seed " + seed).isEqualTo(unbroken).isEqualTo(upTo(2_000));
        assertThat(broken + kills).as("broken off, seed " + seed).isGreaterThan(100);
        assertThat(broken).as("by failures, seed " + seed).isPositive();
    }

    private static Fault fault(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Fault.resetBeforeRequestActs();
            case 1 -> Fault.resetAfterEffect();
            case 2 -> Fault.truncateBody(7);
            case 3 -> Fault.resetInsideBody(9);
            case 4 -> Fault.htmlPage(502);
            default -> Fault.status(503);
        };
    }

    @Test
    void resumesTokenWithAnotherClient() {
        String token = read(Style.CURSOR, 6).blockFirst(PATIENCE).resumeToken();

        ApiClient other = client();
        try {
            assertThat(ids(read(other, Style.CURSOR, 6).resumeFrom(token))).isEqualTo(upTo(20).subList(6, 20));
        } finally {
            other.closeLater().block(PATIENCE);
        }
    }

    @Test
    void readsUnchangedRowsOnceByCursorDespiteChanges() {
        set.before(2, rows -> rows.add(0).remove(2, 3).add(1_000)).before(3, rows -> rows.remove(8, 11, 13));

        assertThat(ids(read(Style.CURSOR, 5)))
                .as("2 and 3 were read before they went; 8 as well; 11 and 13 went unread, 1000 came in time")
                .containsExactly(
                        1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 12L, 14L, 15L, 16L, 17L, 18L, 19L, 20L, 1_000L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"OFFSET", "PAGES", "ARRAY"})
    void repeatsOrSkipsRowsWhenNumberedListChanges(Style style) {
        set.before(2, rows -> rows.add(0));
        assertThat(ids(read(style, 5)))
                .as("5 moved back over the border of its page")
                .contains(5L)
                .filteredOn(id -> id == 5)
                .hasSize(2);

        set.remove(0).before(server.requests().all().size() + 2, rows -> rows.remove(1));
        assertThat(ids(read(style, 5)))
                .as("6 moved forward over the border of its page")
                .doesNotContain(6L)
                .contains(5L, 7L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"OFFSET", "PAGES"})
    void failsWhenListShrinksBelowWhatWasRead(Style style) {
        set.before(3, rows -> rows.remove(LongStream.rangeClosed(1, 16).toArray()));
        List<Long> read = new ArrayList<>();

        ApiException failure = catchThrowableOfType(
                ApiException.class,
                () -> read(style, 5).items().doOnNext(row -> read.add(row.id())).blockLast(PATIENCE));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("has shrunk to").hasMessageContaining("while 10 were read");
        assertThat(failure.journey().parent()).isEqualTo("GET " + style.path + ", page 3");
        assertThat(failure.resumeToken()).isNotNull();
        assertThat(read).isEqualTo(upTo(10));
    }

    @Test
    void returnsConnectionWhenCancelledDuringPage() {
        server.faults().next(Fault.delay(Duration.ofMillis(1)), Fault.delay(Duration.ofSeconds(20)));
        List<Long> read = new CopyOnWriteArrayList<>();

        Disposable reading = read(Style.CURSOR, 5).items().subscribe(row -> read.add(row.id()));
        Eventually.until(() -> server.requests().count() == 2 && read.size() == 5);
        reading.dispose();

        assertThat(read).isEqualTo(upTo(5));
    }
}
