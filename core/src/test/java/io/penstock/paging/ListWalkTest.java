package io.penstock.paging;

import static io.penstock.paging.ListServer.HEAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.body.Page;
import io.penstock.error.Journey;
import io.penstock.request.ApiRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Contradictions that a walk detects, and how it goes on. */
class ListWalkTest {

    private static Page<Integer> page(int items, @Nullable String next) {
        return new Page<>(IntStream.range(0, items).boxed().toList(), next);
    }

    private static Page<Integer> counted(int items, int total) {
        return new Page<>(
                IntStream.range(0, items).boxed().toList(),
                null,
                Map.of("total", JsonNodeFactory.instance.numberNode(total)));
    }

    private static ListWalk<Integer> cursors() {
        return ListWalk.from(ListServer.LIST, Paging.cursor("cursor"));
    }

    /** Returns a cursor of a server that cycles after some pages. */
    private static String cursor(int page, int before, int circle) {
        return "c" + (page < before ? page : before + (page - before) % circle);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void detectsCycleOfCursorsAtFirstRepetition(int circle) {
        ListWalk<Integer> walk = cursors();
        int pages = 0;
        while (walk.contradiction() == null) {
            walk.turn(page(1, cursor(pages++, 3, circle)), HEAD, Journey.none());
        }

        assertThat(pages).isEqualTo(3 + circle + 1);
        assertThat(walk.contradiction()).hasMessageContaining(circle == 1 ? "just sent" : "was there before");
    }

    @Test
    void detectsCycleLongerThanMemory() {
        ListWalk<Integer> walk = cursors();
        int pages = 0;
        while (walk.contradiction() == null && pages < 50_000) {
            walk.turn(page(1, cursor(pages++, 500, 5_000)), HEAD, Journey.none());
        }

        assertThat(walk.contradiction()).hasMessageContaining("was there before");
        assertThat(pages).isLessThan(500 + 3 * 5_000);
    }

    @Test
    void detectsCycleAcrossResumptions() {
        ListWalk<Integer> walk = cursors();
        int pages = 0;
        while (walk.contradiction() == null && pages < 1_000) {
            walk.turn(page(1, cursor(pages++, 5, 20)), HEAD, Journey.none());
            walk = walk.contradiction() != null
                    ? walk
                    : ListWalk.from(ListServer.LIST, Paging.cursor("cursor"), ResumeToken.read(walk.token()));
        }

        assertThat(walk.contradiction()).hasMessageContaining("was there before");
        assertThat(pages).isLessThan(80);
    }

    @Test
    void acceptsMillionDifferentCursors() {
        ListWalk<Integer> walk = cursors();
        for (int i = 0; i < 1_000_000; i++) {
            walk.turn(page(1, "cursor-" + i), HEAD, Journey.none());
        }

        assertThat(walk.contradiction()).isNull();
    }

    @Test
    void handsOutContradictoryPageAndResumesBehindIt() {
        ListWalk<Integer> walk = cursors();
        walk.turn(page(2, "c1"), HEAD, Journey.none());
        Page<Integer> contradictory = walk.turn(page(3, "c1"), HEAD, Journey.none());

        assertThat(contradictory.items()).hasSize(3);
        assertThat(walk.contradiction()).isNotNull();

        ListWalk<Integer> again =
                ListWalk.from(ListServer.LIST, Paging.cursor("cursor"), ResumeToken.read(walk.token()));
        assertThat(again.request().queryValue("cursor")).isEqualTo("c1");
        assertThat(again.turn(page(3, "c2"), HEAD, Journey.none()))
                .as("all of it was handed out")
                .isNull();
        assertThat(again.turn(page(1, null), HEAD, Journey.none()).position()).isEqualTo(5);
        assertThat(again.request()).isNull();
    }

    @Test
    void handsOutNewItemsOfGrownPage() {
        ListWalk<Integer> walk = cursors();
        walk.turn(page(2, "c1"), HEAD, Journey.none());
        walk.turn(page(3, "c1"), HEAD, Journey.none());

        ListWalk<Integer> again =
                ListWalk.from(ListServer.LIST, Paging.cursor("cursor"), ResumeToken.read(walk.token()));
        Page<Integer> grown = again.turn(page(4, null), HEAD, Journey.none());

        assertThat(grown.items()).containsExactly(3);
        assertThat(grown.position()).isEqualTo(5);
    }

    @Test
    void detectsSameCycleAfterResumption() {
        ListWalk<Integer> walk = cursors();
        for (int i = 0; walk.contradiction() == null; i++) {
            walk.turn(page(1, "c" + i % 5), HEAD, Journey.none());
        }

        ListWalk<Integer> again =
                ListWalk.from(ListServer.LIST, Paging.cursor("cursor"), ResumeToken.read(walk.token()));
        assertThat(again.turn(page(1, "c0"), HEAD, Journey.none())).isNull();
        assertThat(again.contradiction()).hasMessageContaining("was there before");
    }

    @Test
    void followsEmptyPagesUpToLimit() {
        ListWalk<Integer> walk = cursors();
        int pages = 0;
        while (walk.contradiction() == null && pages < 1_000) {
            walk.turn(page(0, "c" + pages++), HEAD, Journey.none());
        }

        assertThat(pages).isEqualTo(100);
        assertThat(walk.contradiction()).hasMessageContaining("100 pages in a row are empty");
    }

    private static ListWalk<Integer> offsets() {
        return ListWalk.from(ListServer.LIST.query("limit", 2), Paging.offset("offset", "limit", "/total"));
    }

    @Test
    void acceptsTotalThatShrinksWithinUnreadItems() {
        ListWalk<Integer> walk = offsets();
        List<Long> totals = new ArrayList<>();
        for (int total : new int[] {9, 7, 6}) {
            totals.add(walk.turn(counted(2, total), HEAD, Journey.none()).total());
        }

        assertThat(walk.contradiction()).isNull();
        assertThat(walk.request()).isNull();
        assertThat(totals).containsExactly(9L, 7L, 6L);
    }

    @Test
    void refusesTotalThatShrinksBelowItemsRead() {
        ListWalk<Integer> walk = offsets();
        walk.turn(counted(2, 9), HEAD, Journey.none());
        walk.turn(counted(2, 9), HEAD, Journey.none());
        walk.turn(counted(0, 3), HEAD, Journey.none());

        assertThat(walk.contradiction())
                .hasMessageContaining("shrunk to 3 items while 4 were read")
                .hasMessageContaining("may have moved");
    }

    @Test
    void refusesPageCountThatShrinksBelowItemsRead() {
        ListWalk<Integer> walk =
                ListWalk.from(ListServer.LIST, Paging.number("page", 1).untilPage("/total"));
        for (int i = 0; i < 3; i++) {
            walk.turn(counted(2, 9), HEAD, Journey.none());
        }
        walk.turn(counted(0, 2), HEAD, Journey.none());

        assertThat(walk.contradiction()).hasMessageContaining("shrunk to 4 items while 6 were read");
    }

    @Test
    void distinguishesListPastItsEndFromShrunkOne() {
        ListWalk<Integer> walk = ListWalk.from(
                ListServer.LIST, Paging.number("page", 1).untilNull("/next").untilItem("/total"));
        Map<String, JsonNode> more = Map.of(
                "total", JsonNodeFactory.instance.numberNode(2), "next", JsonNodeFactory.instance.stringNode("x"));
        for (int i = 0; walk.contradiction() == null && i < 10; i++) {
            walk.turn(new Page<>(List.of(2 * i, 2 * i + 1), null, more), HEAD, Journey.none());
        }

        assertThat(walk.contradiction())
                .hasMessageContaining("goes on behind its end: it has 2 items, and 4 were read")
                .hasMessageNotContaining("shrunk");
    }

    @Test
    void endsWithoutErrorWhenStartedBehindEnd() {
        ListWalk<Integer> walk = ListWalk.from(
                ListServer.LIST.query("limit", 2).query("offset", 50), Paging.offset("offset", "limit", "/total"));

        Page<Integer> page = walk.turn(counted(0, 9), HEAD, Journey.none());

        assertThat(walk.contradiction()).isNull();
        assertThat(walk.request()).isNull();
        assertThat(page.position()).isEqualTo(50);
    }

    @Test
    void treatsAnswerWithoutBodyAsEmptyPage() {
        ListWalk<Integer> walk = cursors();

        assertThat(walk.turn(null, HEAD, Journey.none()).items()).isEmpty();
        assertThat(walk.request()).isNull();
    }

    /** Tokens of all strategies, at every page. */
    @Test
    void resumesWithSameRequestForEveryStrategy() {
        List<Paging> strategies = List.of(
                Paging.cursor("cursor"),
                Paging.number("page", 1).sizedBy("limit").untilItem("/total"),
                Paging.number("page", 0).sizedBy("limit").untilItem("/total"),
                Paging.offset("offset", "limit", "/total"));
        for (Paging paging : strategies) {
            ApiRequest<Page<Integer>> first = ListServer.LIST.query("limit", 2);
            ListWalk<Integer> walk = ListWalk.from(first, paging);
            Set<String> asked = new HashSet<>();
            for (int i = 0; i < 4 && walk.request() != null; i++) {
                ListWalk<Integer> resumed = ListWalk.from(first, paging, ResumeToken.read(walk.token()));
                String request =
                        walk.request().resolve(java.net.URI.create("http://x/")).toString();
                assertThat(resumed.request().resolve(java.net.URI.create("http://x/")))
                        .hasToString(request);
                assertThat(asked.add(request)).isTrue();
                Page<Integer> answer =
                        new Page<>(List.of(1, 2), "c" + i, Map.of("total", JsonNodeFactory.instance.numberNode(8)));
                assertThat(resumed.turn(answer, HEAD, Journey.none()))
                        .isEqualTo(walk.turn(answer, HEAD, Journey.none()));
            }
            assertThat(asked).hasSize(4);
        }
    }
}
