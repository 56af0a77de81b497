package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InvictiListsTest {

    @AutoClose
    private final Running<InvictiSimulator, InvictiRules> running =
            new Running<>(InvictiRules.documented(), InvictiSimulator::start);

    @Test
    void listsTargetsAsInGeneralSample() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withIdForm(IdForm.PREFIXED));
        invicti.addTarget("Target A", "https://target-a.com");
        assertThat(new Caller(invicti).get("/api/1.0/targets").text())
                .isEqualTo("{\"items\":[{\"id\":\"target-1\",\"name\":\"Target A\",\"url\":\"https://target-a.com\"}],"
                        + "\"totalCount\":1,\"page\":1,\"pageSize\":50}");
    }

    @Test
    void endsNumberedPagesAtTotal() throws Exception {
        Caller caller = callerWithTargets(5, rules -> rules);
        List<String> names = new ArrayList<>();
        int page = 1;
        JsonNode list;
        do {
            list = caller.get(Caller.TARGETS + "?pageSize=2&page=" + page).json();
            assertThat(list.get("page").intValue()).isEqualTo(page);
            assertThat(list.get("pageSize").intValue()).isEqualTo(2);
            list.get("items").forEach(item -> names.add(item.get("name").stringValue()));
        } while (page++ * 2 < list.get("totalCount").intValue());
        assertThat(names).containsExactly("T0", "T1", "T2", "T3", "T4");
        assertThat(caller.get(Caller.TARGETS + "?pageSize=2&page=9").json().get("items"))
                .isEmpty();
    }

    @Test
    void addsPageInfoToApplications() throws Exception {
        Caller caller = callerWithApplications("beta", "alpha", "gamma");
        JsonNode list =
                caller.get(Caller.APPLICATIONS + "?pageNumber=2&pageSize=2").json();
        assertThat(list.propertyNames()).containsExactly("items", "pageInfo");
        assertThat(list.get("pageInfo").toString())
                .isEqualTo("{\"totalCount\":3,\"pageSize\":2,\"currentPage\":2,\"totalPages\":2}");
        assertThat(names(list.get("items"))).containsExactly("gamma");
        assertThat(caller.get(Caller.APPLICATIONS).json().get("items")).hasSize(3);
    }

    @Test
    void filtersAndSortsApplications() throws Exception {
        Caller caller = callerWithApplications("beta", "alpha", "gamma");
        JsonNode found = caller.get(Caller.APPLICATIONS + "?query=ET").json();
        assertThat(names(found.get("items"))).containsExactly("beta");
        assertThat(found.at("/pageInfo/totalCount").intValue()).isEqualTo(1);
        assertThat(names(caller.get(Caller.APPLICATIONS + "?sortBy=name").json().get("items")))
                .containsExactly("alpha", "beta", "gamma");
    }

    @Test
    void pagesApiTargetsByNumericCursors() throws Exception {
        Caller caller = callerWithApiTargets(5, rules -> rules);
        JsonNode first = caller.get(Caller.API_TARGETS + "?limit=2&cursor=0").json();
        assertThat(first.propertyNames()).containsExactly("targets", "totalCount", "nextPage");
        assertThat(first.get("totalCount").intValue()).isEqualTo(5);
        assertThat(first.get("nextPage").intValue()).isEqualTo(2);
        JsonNode second = caller.get(Caller.API_TARGETS + "?limit=2&cursor=2").json();
        assertThat(names(second.get("targets"))).containsExactly("A2", "A3");
        assertThat(second.get("previousPage").intValue()).isZero();
        JsonNode last = caller.get(Caller.API_TARGETS + "?limit=2&cursor=4").json();
        assertThat(names(last.get("targets"))).containsExactly("A4");
        assertThat(last.has("nextPage")).isFalse();
        assertThat(last.get("previousPage").intValue()).isEqualTo(2);
        JsonNode full = caller.get(Caller.API_TARGETS + "?limit=1&cursor=4").json();
        assertThat(full.get("targets")).hasSize(1);
        assertThat(full.has("nextPage")).isFalse();
    }

    @Test
    void listsTwentyApiTargetsAndSearchesAndSortsThem() throws Exception {
        Caller caller = callerWithApiTargets(21, rules -> rules);
        assertThat(caller.get(Caller.API_TARGETS).json().get("targets")).hasSize(20);
        assertThat(names(caller.get(Caller.API_TARGETS + "?search=a1").json().get("targets")))
                .hasSize(11)
                .contains("A1", "A10", "A19");
        assertThat(names(caller.get(Caller.API_TARGETS + "?sort=name&limit=3")
                        .json()
                        .get("targets")))
                .containsExactly("A0", "A1", "A10");
    }

    @Test
    void pagesScansByCursorArray() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        for (int i = 0; i < 3; i++) {
            caller.scan("t" + i);
        }
        JsonNode first = caller.get(Caller.SCANS + "?l=1").json();
        assertThat(first.propertyNames()).containsExactly("scans", "pagination");
        assertThat(first.get("pagination").propertyNames()).containsExactly("count", "cursor_hash", "cursors", "sort");
        assertThat(first.at("/pagination/count").intValue()).isEqualTo(3);
        assertThat(first.at("/pagination/cursors").toString()).isEqualTo("[null,\"c1\"]");
        assertThat(first.at("/pagination/sort").isNull()).isTrue();
        JsonNode second = caller.get(Caller.SCANS + "?l=1&c=c1").json();
        assertThat(second.at("/pagination/cursors").toString()).isEqualTo("[\"c1\",\"c2\"]");
        assertThat(second.at("/scans/0/target_id").stringValue()).isEqualTo("t1");
        JsonNode last = caller.get(Caller.SCANS + "?l=1&c=c2").json();
        assertThat(last.at("/pagination/cursors").toString()).isEqualTo("[\"c2\"]");
        assertThat(caller.get(Caller.SCANS).json().at("/pagination/cursors").toString())
                .isEqualTo("[null]");
    }

    @Test
    void findsScanOfTargetByFilter() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        caller.scan("t1");
        String id = caller.scan("t2").text("scan_id");
        JsonNode found = caller.get(Caller.SCANS + "?q=target_id:t2;").json();
        assertThat(found.at("/pagination/count").intValue()).isEqualTo(1);
        assertThat(found.at("/scans/0/scan_id").stringValue()).isEqualTo(id);
        assertThat(caller.get(Caller.SCANS + "?q=target_id:t2;scan_id:x").json().get("scans"))
                .isEmpty();
        assertThat(caller.get(Caller.SCANS + "?q=target_id:t2%3Bscan_id:" + id)
                        .json()
                        .get("scans"))
                .hasSize(1);
        assertThat(caller.get(Caller.SCANS + "?q=t2").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"ABSENT,", "NULL,null", "REPEATED,4", "LOOPED,2"})
    void endsCursorListAsConfigured(LastPage lastPage, @Nullable String next) throws Exception {
        Caller caller = callerWithApiTargets(5, rules -> rules.withLastPage(lastPage));
        JsonNode last = caller.get(Caller.API_TARGETS + "?limit=2&cursor=4").json();
        JsonNode nextPage = last.get("nextPage");
        assertThat(nextPage == null ? null : nextPage.toString()).isEqualTo(next);
        JsonNode first = caller.get(Caller.API_TARGETS + "?limit=2").json();
        assertThat(first.get("nextPage").intValue()).isEqualTo(2);
        assertThat(first.has("previousPage")).isEqualTo(lastPage != LastPage.ABSENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "ABSENT   | [\"c4\"]",
                "NULL     | [\"c4\",null]",
                "REPEATED | [\"c4\",\"c4\"]",
                "LOOPED   | [\"c4\",\"c2\"]"
            })
    void endsCursorArrayAsConfigured(LastPage lastPage, String cursors) throws Exception {
        Caller caller = callerWithTargets(
                5, rules -> rules.withLastPage(lastPage).withListShape(Listing.TARGETS, ListShape.CURSOR_ARRAY));
        JsonNode last = caller.get(Caller.TARGETS + "?l=2&c=c4").json();
        assertThat(last.get("targets")).hasSize(1);
        assertThat(last.at("/pagination/cursors").toString()).isEqualTo(cursors);
    }

    @ParameterizedTest
    @CsvSource({
        "NUMBERED,     ?pageSize=2,                  ?pageSize=2&page=2,       /items,   /totalCount",
        "PAGE_INFO,    ?pageSize=2,                  ?pageSize=2&pageNumber=2, /items,   /pageInfo/totalCount",
        "CURSOR,       ?limit=2,                     ?limit=2&cursor=2,        /targets, /totalCount",
        "CURSOR_ARRAY, ?l=2,                         ?l=2&c=c2,                /targets, /pagination/count"
    })
    void showsConfiguredFlawInEveryPagedShape(ListShape shape, String first, String second, String items, String total)
            throws Exception {
        UnaryOperator<InvictiRules> shaped = rules -> rules.withListShape(Listing.TARGETS, shape);
        Caller sound = callerWithTargets(3, shaped);
        assertThat(sound.get(Caller.TARGETS + second).json().at(items)).hasSize(1);
        assertThat(sound.get(Caller.TARGETS + second).json().at(total).intValue())
                .isEqualTo(3);
        Caller empty = callerWithTargets(3, rules -> shaped.apply(rules).withListFlaw(ListFlaw.EMPTY_PAGES));
        assertThat(empty.get(Caller.TARGETS + first).json().at(items)).hasSize(2);
        assertThat(empty.get(Caller.TARGETS + second).json().at(items)).isEmpty();
        assertThat(empty.get(Caller.TARGETS + second).json().at(total).intValue())
                .isEqualTo(3);
        Caller high = callerWithTargets(3, rules -> shaped.apply(rules).withListFlaw(ListFlaw.COUNT_TOO_HIGH));
        assertThat(high.get(Caller.TARGETS + second).json().at(items)).hasSize(1);
        assertThat(high.get(Caller.TARGETS + second).json().at(total).intValue())
                .isEqualTo(4);
    }

    @Test
    void cutsPageToConfiguredLimit() throws Exception {
        Caller caller = callerWithTargets(4, rules -> rules.withPageSizeLimit(3));
        JsonNode list = caller.get(Caller.TARGETS + "?pageSize=1000").json();
        assertThat(list.get("items")).hasSize(3);
        assertThat(list.get("pageSize").intValue()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Caller.TARGETS + "?page=0",
                Caller.TARGETS + "?pageSize=x",
                Caller.APPLICATIONS + "?pageNumber=-1",
                Caller.APPLICATIONS + "?pageSize=0",
                Caller.API_TARGETS + "?limit=0",
                Caller.API_TARGETS + "?cursor=-1",
                Caller.SCANS + "?l=0",
                Caller.SCANS + "?c=1",
                Caller.SCANS + "?c=cx"
            })
    void rejectsImpossiblePage(String path) throws Exception {
        Answer refused = new Caller(running.start(rules -> rules)).get(path);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("error")).isEqualTo("ValidationError");
        String parameter = path.substring(path.indexOf('?') + 1, path.indexOf('='));
        assertThat(refused.json().at("/details/0/field").stringValue()).isEqualTo(parameter);
    }

    @Test
    void ignoresForeignParametersInUnpagedLists() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        caller.post(Caller.INSTANCES, "{\"pluginId\":\"a\"}");
        caller.post(Caller.INSTANCES, "{\"pluginId\":\"b\"}");
        JsonNode list = caller.get(Caller.INSTANCES + "?limit=1&pageSize=1&l=1").json();
        assertThat(list.propertyNames()).containsExactly("instances");
        assertThat(list.get("instances")).hasSize(2);
        assertThat(caller.get("/api/integrations/v1/automations").text()).isEqualTo("{\"automations\":[]}");
    }

    private static List<String> names(JsonNode items) {
        List<String> names = new ArrayList<>();
        items.forEach(item -> names.add(item.get("name").stringValue()));
        return names;
    }

    private Caller callerWithTargets(int count, UnaryOperator<InvictiRules> change) {
        InvictiSimulator invicti = running.start(change);
        for (int i = 0; i < count; i++) {
            invicti.addTarget("T" + i, "https://t" + i + ".example.com");
        }
        return new Caller(invicti);
    }

    private Caller callerWithApiTargets(int count, UnaryOperator<InvictiRules> change) {
        InvictiSimulator invicti = running.start(change);
        for (int i = 0; i < count; i++) {
            invicti.addApiTarget("A" + i);
        }
        return new Caller(invicti);
    }

    private Caller callerWithApplications(String... names) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        for (String name : names) {
            assertThat(caller.post(Caller.APPLICATIONS, "{\"name\":\"" + name + "\"}")
                            .status())
                    .isEqualTo(201);
        }
        return caller;
    }
}
