package io.penstock.test.simulator.infraon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InfraonListsTest {

    private static final String INCIDENTS = Caller.INCIDENTS;

    @AutoClose
    private final InfraonSimulator infraon = InfraonSimulator.start();

    private final Caller caller = new Caller(infraon);

    @Test
    void listsCountLinksRowsAndLimit() throws Exception {
        infraon.addIncidents(5);
        JsonNode list =
                caller.get(INCIDENTS + "?items_per_page=2&page=2&sort=x").json();
        assertThat(list.propertyNames()).containsExactly("count", "next", "previous", "results", "max_page_limit");
        assertThat(list.get("count").intValue()).isEqualTo(5);
        assertThat(list.get("next").stringValue())
                .isEqualTo(infraon.origin() + INCIDENTS + "?items_per_page=2&sort=x&page=3");
        assertThat(list.get("previous").stringValue())
                .isEqualTo(infraon.origin() + INCIDENTS + "?items_per_page=2&sort=x&page=1");
        assertThat(list.get("max_page_limit").intValue()).isEqualTo(100);
        assertThat(summaries(list)).containsExactly("Incident 3", "Incident 4");
        assertThat(infraon.effects().count()).isZero();
    }

    @Test
    void leadsThroughListByLinks() throws Exception {
        infraon.addIncidents(5);
        JsonNode first = caller.get(INCIDENTS + "?items_per_page=2").json();
        assertThat(first.get("previous").isNull()).isTrue();
        JsonNode second = caller.get(path(first.get("next"))).json();
        JsonNode third = caller.get(path(second.get("next"))).json();
        assertThat(summaries(third)).containsExactly("Incident 5");
        assertThat(third.get("next").isNull()).isTrue();
    }

    @Test
    void listsFiftyRowsByDefault() throws Exception {
        infraon.addIncidents(51);
        assertThat(caller.get(INCIDENTS).json().get("results")).hasSize(50);
        assertThat(caller.get(INCIDENTS + "?items_per_page=51").json().get("results"))
                .hasSize(51);
    }

    @Test
    void answersEmptyPageAfterTheLast() throws Exception {
        infraon.addIncidents(4);
        JsonNode behind = caller.get(INCIDENTS + "?items_per_page=2&page=3").json();
        assertThat(behind.get("results")).isEmpty();
        assertThat(behind.get("next").isNull()).isTrue();
        assertThat(behind.get("count").intValue()).isEqualTo(4);
        assertThat(caller.get(INCIDENTS + "?items_per_page=100&page=999999999")
                        .json()
                        .get("results"))
                .isEmpty();
    }

    @Test
    void answersEmptyListWithoutLinks() throws Exception {
        assertThat(caller.get(INCIDENTS).text())
                .isEqualTo("{\"count\":0,\"next\":null,\"previous\":null,\"results\":[],\"max_page_limit\":100}");
    }

    @Test
    void ignoresOffsetBesidePage() throws Exception {
        infraon.addIncidents(3);
        assertThat(summaries(caller.get(INCIDENTS + "?items_per_page=2&page=2&offset=2")
                        .json()))
                .containsExactly("Incident 3");
    }

    @ParameterizedTest
    @CsvSource({"page,0", "page,-1", "page,x", "page,''", "items_per_page,0", "items_per_page,9999999999"})
    void requiresPositivePageNumbers(String name, String value) throws Exception {
        assertThat(caller.get(INCIDENTS + "?" + name + "=" + value).literal())
                .isEqualTo("400 {\"" + name + "\":[\"A positive integer is required.\"]}");
    }

    @Test
    void sortsAndReversesRows() throws Exception {
        for (String name : List.of("b", "c", "a")) {
            infraon.add("/ux/tags/", "{\"name\":\"" + name + "\"}");
        }
        assertThat(names("")).containsExactly("b", "c", "a");
        assertThat(names("?sort=name")).containsExactly("a", "b", "c");
        assertThat(names("?sort=name&reverse=false")).containsExactly("a", "b", "c");
        assertThat(names("?sort=name&reverse=true")).containsExactly("c", "b", "a");
        assertThat(names("?reverse=true")).containsExactly("a", "c", "b");
        assertThat(caller.get("/ux/tags/?reverse=1").literal())
                .isEqualTo("400 {\"reverse\":[\"Must be a valid boolean.\"]}");
    }

    @Test
    void sortsNumbersNumerically() throws Exception {
        infraon.addIncidents(11);
        JsonNode list = caller.get(INCIDENTS + "?sort=incident_id&reverse=true").json();
        assertThat(list.at("/results/0/incident_id").intValue()).isEqualTo(11);
        assertThat(list.at("/results/10/incident_id").intValue()).isEqualTo(1);
    }

    @Test
    void readsFiltersFromBodyOfGet() throws Exception {
        infraon.addIncidents(3);
        assertThat(summaries(caller.get(INCIDENTS, "{\"filters\":{}}").json())).hasSize(3);
        JsonNode one = caller.get(INCIDENTS, "{\"filters\":{\"summary\":\"Incident 2\"}}")
                .json();
        assertThat(summaries(one)).containsExactly("Incident 2");
        assertThat(one.get("count").intValue()).isEqualTo(1);
        assertThat(caller.get(INCIDENTS, "{\"filters\":{\"none\":1}}").json().get("results"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "filters=x"})
    void requiresObjectAsBodyOfGet(String body) throws Exception {
        assertThat(caller.get(INCIDENTS, body).status()).isEqualTo(400);
    }

    private List<String> names(String query) throws Exception {
        return texts(caller.get("/ux/tags/" + query).json(), "name");
    }

    private static List<String> summaries(JsonNode list) {
        return texts(list, "summary");
    }

    private static List<String> texts(JsonNode list, String member) {
        return list.get("results")
                .valueStream()
                .map(row -> row.get(member).stringValue())
                .toList();
    }

    private static String path(JsonNode link) {
        URI uri = URI.create(link.stringValue());
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }
}
