package io.penstock.paging;

import static io.penstock.paging.ListServer.HEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.envelope.ReadPages;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.request.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Numbered and offset lists of servers that repeat pages. */
class RepeatedPagesTest {

    /** A row without equality: pages are recognised by the bytes they were read from. */
    static final class Row {
        public int id;
    }

    private static final Payload<Page<Row>> ROWS = Payload.page(Row.class, List.of("items"), List.of("next"));
    private static final ApiRequest<Page<Row>> LIST =
            ApiRequest.get("rows").query("size", 2).as(ROWS);
    private static final int MOST = 10_000;

    private final List<Integer> ids = new ArrayList<>();

    private static String page(int number, String beside) {
        return "{" + beside + "\"items\":[{\"id\":" + 2 * number + "},{\"id\":" + (2 * number + 1) + "}]}";
    }

    /** Turns pages until the list ends or contradicts itself. */
    private ListWalk<Row> walk(ListWalk<Row> walk, IntFunction<String> pages) {
        for (int i = 0; walk.request() != null && walk.contradiction() == null && i < MOST; i++) {
            Page<Row> page = walk.turn(ReadPages.read(ROWS, pages.apply(i)), HEAD, Journey.none());
            if (page != null) {
                page.items().forEach(row -> ids.add(row.id));
            }
        }
        return walk;
    }

    static Stream<Arguments> strategies() {
        return Stream.of(
                Arguments.of(Paging.offset("offset", "size", "/total"), "\"total\":1000,"),
                Arguments.of(Paging.offset("offset", "size", "/total"), ""),
                Arguments.of(Paging.number("page", 1).sizedBy("size"), ""),
                Arguments.of(Paging.number("page", 1), ""),
                Arguments.of(Paging.number("page", 1).untilPage("/pages"), "\"pages\":500,"),
                Arguments.of(Paging.number("page", 1).untilItem("/total"), "\"total\":4,"),
                Arguments.of(
                        Paging.number("page", 0).untilNull("/link").untilItem("/total"), "\"link\":7,\"total\":6,"));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void refusesPageThatRepeatsTheOneBefore(Paging paging, String beside) {
        ListWalk<Row> walk = walk(ListWalk.from(LIST, paging), i -> page(0, beside));

        ApiException contradiction = walk.contradiction();
        assertThat(contradiction).hasMessageContaining("page 2 has the items of a page that was read before");
        assertThatObject(contradiction.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(ids).containsExactly(0, 1);
        assertThat(walk.token()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void resumesAtRepeatedPageOnceServerRecovers(Paging paging, String beside) {
        ListWalk<Row> walk = walk(ListWalk.from(LIST, paging), i -> page(0, beside));
        ResumeToken token = ResumeToken.read(walk.token());

        assertThat(walk(ListWalk.from(LIST, paging, token), i -> page(0, beside))
                        .contradiction())
                .hasMessageContaining("page 2 has the items");
        ListWalk<Row> well = ListWalk.from(LIST, paging, token);
        well.turn(ReadPages.read(ROWS, page(1, beside)), HEAD, Journey.none())
                .items()
                .forEach(row -> ids.add(row.id));
        assertThat(well.contradiction()).isNull();
        assertThat(ids).containsExactly(0, 1, 2, 3);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void readsListWithoutRepetitionToEnd(Paging paging, String beside) {
        ListWalk<Row> walk = walk(
                ListWalk.from(LIST, paging),
                i -> i == 499 ? "{\"total\":1000,\"pages\":1,\"link\":null,\"items\":[]}" : page(i, beside));

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(walk.contradiction() == null ? "" : walk.contradiction().getMessage())
                .doesNotContain("read before");
    }

    @Test
    void noticesCircleOfSeveralPages() {
        for (int circle : new int[] {2, 7, 1000}) {
            ids.clear();
            ListWalk<Row> walk = walk(
                    ListWalk.from(LIST, Paging.number("page", 1)), i -> page(i < 3 ? i : 3 + (i - 3) % circle, ""));

            assertThat(walk.contradiction()).hasMessageContaining("page " + (3 + circle + 1) + " has the items");
            assertThat(ids).doesNotHaveDuplicates().hasSize(2 * (3 + circle));
        }
    }

    @Test
    void acceptsRepeatedItemsAfterInsertion() {
        ListWalk<Row> walk = walk(
                ListWalk.from(LIST, Paging.offset("offset", "size", "/total")),
                i -> i == 0 ? page(0, "\"total\":4,") : page(i - 1, "\"total\":6,"));

        assertThat(walk.contradiction()).isNull();
        assertThat(ids).containsExactly(0, 1, 0, 1, 2, 3);
    }

    @Test
    void acceptsRefetchedPageAfterResumption() {
        Paging paging = Paging.number("page", 1).untilItem("/total");
        ListWalk<Row> walk = ListWalk.from(LIST, paging);
        walk.turn(ReadPages.read(ROWS, page(0, "\"total\":9,")), HEAD, Journey.none());
        walk.turn(ReadPages.read(ROWS, "{\"items\":[],\"total\":9}"), HEAD, Journey.none());
        assertThat(walk.contradiction()).hasMessageContaining("is empty");

        ListWalk<Row> again = ListWalk.from(LIST, paging, ResumeToken.read(walk.token()));
        assertThat(again.turn(ReadPages.read(ROWS, page(1, "\"total\":9,")), HEAD, Journey.none())
                        .items())
                .hasSize(2);
        assertThat(again.contradiction()).isNull();
    }

    @Test
    void followsNewCursorsWhateverPagesHold() {
        ListWalk<Row> walk = walk(
                ListWalk.from(LIST, Paging.cursor("cursor")), i -> page(0, i == 9 ? "" : "\"next\":\"c" + i + "\","));

        assertThat(walk.contradiction()).isNull();
        assertThat(ids).hasSize(20);
    }

    @Test
    void readsPageOfTreesWithoutCursorOrMembers() {
        Page<JsonNode> page =
                ReadPages.read(Payload.page(JsonNode.class, List.of(), List.of()), "[{\"a\":1},{\"b\":[]}]");

        assertThat(page).isEqualTo(new Page<>(List.copyOf(page.items()), null, Map.of()));
    }
}
