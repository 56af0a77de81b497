package io.penstock.paging;

import static io.penstock.paging.ListServer.HEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PagingTest {

    private static final ApiRequest<Page<Integer>> FIRST =
            ApiRequest.get("things").as(Payload.page(Integer.class, List.of("items"), List.of("next")));

    private static Page<Integer> page(int items, @Nullable String cursor, String more) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        new JsonMapper().readTree(more).properties().forEach(m -> members.put(m.getKey(), m.getValue()));
        return new Page<>(IntStream.range(0, items).boxed().toList(), cursor, members);
    }

    private static @Nullable String next(
            Paging paging, ApiRequest<Page<Integer>> request, Page<Integer> page, String name) {
        ApiRequest<Page<Integer>> next =
                paging.next(request, page.at(paging.startOf(request, page), paging.totalOf(page)), HEAD);
        return next == null ? null : next.queryValue(name);
    }

    @Test
    void endsAfterSinglePage() {
        assertThat(Paging.single().next(FIRST, page(3, "c", "{}"), HEAD)).isNull();
    }

    @Test
    void followsCursorUntilNone() {
        Paging paging = Paging.cursor("cursor");

        assertThat(next(paging, FIRST, page(3, "c1", "{}"), "cursor")).isEqualTo("c1");
        assertThat(next(paging, FIRST.query("cursor", "c1"), page(0, "c2", "{}"), "cursor"))
                .isEqualTo("c2");
        assertThat(paging.next(FIRST.query("cursor", "c2"), page(3, null, "{}"), HEAD))
                .isNull();
    }

    @Test
    void refusesRepeatedCursor() {
        assertThatThrownBy(() -> Paging.cursor("cursor").next(FIRST.query("cursor", "c1"), page(3, "c1", "{}"), HEAD))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("just sent");
    }

    @Test
    void endsListAtRepeatedCursorWhenConfigured() {
        Paging paging = Paging.cursor("cursor").endingWhereRepeated();

        assertThat(paging.next(FIRST.query("cursor", "20"), page(3, "20", "{}"), HEAD))
                .isNull();
        assertThat(next(paging, FIRST.query("cursor", "20"), page(3, "40", "{}"), "cursor"))
                .isEqualTo("40");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -  | 200 | 100 | 100 | 2
            2  | 200 | 100 | 50  | -
            3  | -   | 50  | 20  | -
            2  | -   | 50  | 50  | 3
            """)
    void prefersPageSizeNamedByServer(
            @Nullable String sent, @Nullable String asked, int actual, int items, @Nullable String expected) {
        Paging paging =
                Paging.number("page", 1).sizedBy("size").sizeAt("/pageSize").untilItem("/total");
        ApiRequest<Page<Integer>> request = FIRST.query("page", sent).query("size", asked);
        int total = asked == null ? 120 : 150;

        assertThat(next(
                        paging,
                        request,
                        page(items, null, "{\"total\":" + total + ",\"pageSize\":" + actual + "}"),
                        "page"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -  | [null,"c1"]       | c1
            c1 | [null,"c1"]       | -
            c1 | [null,"c1","c2"]  | c2
            -  | [null]            | -
            -  | []                | -
            -  | ["c0","c1"]       | c1
            """)
    void takesCursorBehindLastSentFromList(@Nullable String sent, String cursors, @Nullable String expected) {
        ApiRequest<Page<Integer>> request = FIRST.query("c", sent);

        assertThat(next(
                        Paging.cursorList("c", "/pagination/cursors"),
                        request,
                        page(1, null, "{\"pagination\":{\"cursors\":" + cursors + "}}"),
                        "c"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -  | 50 | {"info":{"pages":3}}          | 2
            2  | 50 | {"info":{"pages":3}}          | 3
            3  | 50 | {"info":{"pages":3}}          | -
            -  | 50 | {"total":60}                  | 2
            -  | 60 | {"total":60}                  | -
            -  | 0  | {"total":0}                   | -
            2  | 50 | {"next":"x","total":null}     | 3
            2  | 50 | {"next":null}                 | -
            """)
    void endsNumberedPagesWhereServerSays(@Nullable String sent, int items, String more, @Nullable String expected) {
        Paging paging = Paging.number("page", 1)
                .sizedBy("size")
                .untilPage("/info/pages")
                .untilItem("/total")
                .untilNull("/next");
        ApiRequest<Page<Integer>> request = FIRST.query("page", sent).query("size", items == 0 ? 50 : items);

        assertThat(next(paging, request, page(items, null, more), "page")).isEqualTo(expected);
    }

    @Test
    void endsNumberedPagesAtShortPage() {
        Paging paging = Paging.number("page", 1).sizedBy("size");

        assertThat(next(paging, FIRST.query("size", 10), page(10, null, "{}"), "page"))
                .isEqualTo("2");
        assertThat(paging.next(FIRST.query("size", 10), page(9, null, "{}"), HEAD))
                .isNull();
        assertThat(paging.next(FIRST, page(0, null, "{}"), HEAD)).isNull();
    }

    @Test
    void refusesEmptyPageThatPromisesMore() {
        assertThatThrownBy(() ->
                        Paging.number("page", 1).untilPage("/pages").next(FIRST, page(0, null, "{\"pages\":3}"), HEAD))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("page 1 is empty");
        assertThatThrownBy(() -> Paging.offset("offset", "limit", "/total")
                        .next(
                                FIRST.query("offset", 20),
                                page(0, null, "{\"total\":30}").at(20, 30L),
                                HEAD))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("20 of 30 items were read");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -  | 20 | {"pages":{"total":50}} | 20
            20 | 20 | {"pages":{"total":50}} | 40
            40 | 10 | {"pages":{"total":50}} | -
            -  | 20 | {}                     | 20
            20 | 19 | {}                     | -
            """)
    void countsItemsReadAsOffset(@Nullable String sent, int items, String more, @Nullable String expected) {
        ApiRequest<Page<Integer>> request = FIRST.query("offset", sent).query("limit", 20);

        assertThat(next(Paging.offset("offset", "limit", "/pages/total"), request, page(items, null, more), "offset"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -  | {"has_more":true}  | -
            c1 | {"has_more":true}  | c1
            c1 | {"has_more":false} | -
            c1 | {}                 | c1
            -  | {}                 | -
            """)
    void endsListAtFlagDespiteCursor(@Nullable String cursor, String more, @Nullable String expected) {
        Paging paging = Paging.cursor("cursor").whileTrue("/has_more");
        boolean promisesWithoutCursor = cursor == null && more.contains("true");

        if (promisesWithoutCursor) {
            assertThatThrownBy(() -> paging.next(FIRST, page(3, null, more), HEAD))
                    .matches(ErrorKind.UNDECODABLE::matches)
                    .hasMessageContaining("names no cursor");
        } else {
            assertThat(next(paging, FIRST, page(3, cursor, more), "cursor")).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            100 | 60 | {"limit":60}                          | 2 | 60
            100 | 60 | {"limit":60,"next":null}              | - | -
            100 | 60 | {"limit":60,"pages":1,"next":"x"}     | - | -
            100 | 60 | {"limit":60,"next":"x","count":60}    | 2 | 60
            100 | 60 | {"limit":60,"count":60}               | - | -
            100 | 40 | {"limit":60}                          | - | -
            100 | 99 | {"limit":60}                          | - | -
            100 | 0  | {"limit":60,"pages":9,"next":"x"}     | - | -
            """)
    void reducesNextPageSizeToAnnouncedLimit(
            int asked, int items, String more, @Nullable String expected, @Nullable String size) {
        Paging paging = Paging.number("page", 1)
                .sizedBy("rows")
                .atMost("/limit")
                .untilPage("/pages")
                .untilNull("/next")
                .untilItem("/count")
                .untilEmpty();
        ApiRequest<Page<Integer>> request = FIRST.query("page", 1).query("rows", asked);

        assertThat(next(paging, request, page(items, null, more), "page")).isEqualTo(expected);
        assertThat(next(paging, request, page(items, null, more), "rows")).isEqualTo(size);
    }

    @Test
    void stopsWhenServerIgnoresOffset() {
        Paging paging = Paging.offset("offset", "limit", "/total");

        assertThat(paging.next(FIRST, page(5, null, "{}"), HEAD))
                .as("no size was asked for")
                .isNull();
        assertThat(paging.next(FIRST.query("limit", 2), page(5, null, "{}"), HEAD))
                .as("more than was asked for")
                .isNull();
        assertThat(paging.next(FIRST.query("limit", 2).query("offset", 4), page(0, null, "{}"), HEAD))
                .isNull();
    }

    @Test
    void refusesEmptyCursorPageBelowTotal() {
        Paging paging = Paging.cursor("c").counting("/total");

        assertThatThrownBy(
                        () -> paging.next(FIRST, page(0, "c1", "{\"total\":5}").at(3, 5L), HEAD))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("3 of 5 items");
        assertThat(paging.next(FIRST, page(0, null, "{\"total\":5}").at(5, 5L), HEAD))
                .isNull();
    }

    @Test
    void refusesSinglePageWithFewerItemsThanTotal() {
        assertThatThrownBy(() -> Paging.single("/total").next(FIRST, page(3, null, "{\"total\":5}"), HEAD))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("3 of 5 items");
        assertThat(Paging.single("/total").next(FIRST, page(5, null, "{\"total\":5}"), HEAD))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            3, 50, 20, 100
            3, -,  20, 40
            1, 50, 20, 0
            -, -,  20, 0
            """)
    void computesStartOfPageFromParameters(@Nullable String number, @Nullable String size, int items, long start) {
        Paging paging = Paging.number("page", 1).sizedBy("size");

        assertThat(paging.startOf(FIRST.query("page", number).query("size", size), page(items, null, "{}")))
                .isEqualTo(start);
        assertThat(Paging.offset("from", "size", "/total")
                        .startOf(FIRST.query("from", number), page(items, null, "{}")))
                .isEqualTo(number == null ? 0 : Long.parseLong(number));
    }

    @Test
    void changesOnlyItsParameterInNextRequest() {
        ApiRequest<Page<Integer>> request =
                FIRST.query("q", "a").query("cursor", "c1").query("sort", "name");

        ApiRequest<Page<Integer>> next = Paging.cursor("cursor").next(request, page(1, "c2", "{}"), HEAD);

        assertThat(next.resolve(URI.create("https://x/"))).hasToString("https://x/things?q=a&cursor=c2&sort=name");
    }

    @Test
    void refusesCursorListWithInvalidCursor() {
        Paging paging = Paging.cursorList("c", "/cursors");
        for (String cursors : List.of("[null,{\"at\":7}]", "[{\"at\":1},{\"at\":7}]", "[null,[1]]")) {
            assertThatThrownBy(() -> paging.next(FIRST, page(3, null, "{\"cursors\":" + cursors + "}"), HEAD))
                    .as(cursors)
                    .matches(ErrorKind.UNDECODABLE::matches)
                    .hasMessageContaining("no cursor");
        }
    }

    @Test
    void refusesCursorListWithoutCursorThatWasSent() {
        Paging paging = Paging.cursorList("c", "/cursors");
        for (String cursors : List.of("[null,\"c1\"]", "[\"c1\",\"c2\"]", "[null]")) {
            Page<Integer> page = page(3, null, "{\"cursors\":" + cursors + "}");
            assertThatThrownBy(() -> paging.next(FIRST.query("c", "c7"), page, HEAD))
                    .as(cursors)
                    .matches(ErrorKind.UNDECODABLE::matches)
                    .hasMessageContaining("the list of cursors at /cursors lacks the one that was just sent");
        }
    }

    @Test
    void blamesServerForCursorThatCannotBeSent() {
        for (String cursor : List.of("a\u0000b", "half of a pair: \ud800")) {
            assertThatThrownBy(() -> Paging.cursor("c").next(FIRST, page(3, cursor, "{}"), HEAD))
                    .as(cursor)
                    .matches(ErrorKind.UNDECODABLE::matches)
                    .hasMessageContaining("cannot be sent");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"total", "", "meta/total"})
    void refusesInvalidPointerAtConfiguration(String pointer) {
        List<Supplier<Paging>> all = List.of(
                () -> Paging.single(pointer),
                () -> Paging.cursor("c").counting(pointer),
                () -> Paging.cursor("c").whileTrue(pointer),
                () -> Paging.cursorList("c", pointer),
                () -> Paging.cursorList("c", "/cursors", pointer),
                () -> Paging.number("page", 1).sizeAt(pointer),
                () -> Paging.number("page", 1).atMost(pointer),
                () -> Paging.number("page", 1).untilPage(pointer),
                () -> Paging.number("page", 1).untilItem(pointer),
                () -> Paging.number("page", 1).untilNull(pointer),
                () -> Paging.offset("offset", "limit", pointer));
        for (Supplier<Paging> one : all) {
            assertThatThrownBy(one::get)
                    .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                    .hasMessageContaining(pointer + " (expected: a JSON pointer as in RFC 6901");
        }
    }

    @Test
    void resolvesEscapedPointer() {
        assertThat(Paging.single("/meta~1data/~0total").totalOf(page(1, null, "{\"meta/data\":{\"~total\":9}}")))
                .isEqualTo(9);
    }

    @Test
    void keepsPositionNonNegativeForAbsurdPageSize() {
        Paging paging = Paging.number("page", 1).sizeAt("/size").untilItem("/total");

        long start =
                paging.startOf(FIRST.query("page", 3), page(2, null, "{\"size\":" + Long.MAX_VALUE + ",\"total\":9}"));

        assertThat(start).isNotNegative();
    }
}
