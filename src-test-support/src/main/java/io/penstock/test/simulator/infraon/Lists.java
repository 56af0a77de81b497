package io.penstock.test.simulator.infraon;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collections on the wire, in pages that count from 1. Undocumented: the order is oldest first; the default is 50 rows;
 * a page size over the limit is reduced to it; a page after the last is empty; {@code sort} takes a member of the row;
 * {@code filters} in the body of a GET keeps the rows with equal members. A parameter {@code offset} is ignored,
 * because one client sends it besides {@code page}.
 */
record Lists(InfraonRules rules) {

    /** The page size of the connector. */
    private static final int DEFAULT_ROWS = 50;

    SimulatedResponse page(LoggedRequest request, Collection<ObjectNode> all) {
        int size = Math.min(positive(request, "items_per_page", DEFAULT_ROWS), rules.maxPageLimit());
        int page = positive(request, "page", 1);
        List<ObjectNode> rows = ordered(request, filtered(request, all));
        ArrayNode shown = Json.array();
        rows.stream().skip((long) (page - 1) * size).limit(size).forEach(shown::add);
        if (rules.has(Quirk.BARE_LISTS)) {
            return Json.response(200, shown);
        }
        int pages = (int) (((long) rows.size() + size - 1) / size);
        ObjectNode list = Json.object();
        list.put("count", rows.size())
                .put("next", page < pages ? link(request, page + 1) : null)
                .put("previous", page > 1 ? link(request, page - 1) : null);
        list.set("results", shown);
        list.put("max_page_limit", rules.maxPageLimit());
        if (rules.has(Quirk.TOTAL_PAGES)) {
            list.put("total_pages", pages);
        }
        return Json.response(200, list);
    }

    private int positive(LoggedRequest request, String name, int otherwise) {
        String value = request.query(name);
        if (value == null) {
            if (rules.has(Quirk.PAGING_REQUIRED)) {
                throw Refusal.field(name, Json.REQUIRED);
            }
            return otherwise;
        }
        if (!value.matches("0*[1-9][0-9]{0,8}")) {
            throw Refusal.field(name, "A positive integer is required.");
        }
        return Integer.parseInt(value);
    }

    private static List<ObjectNode> filtered(LoggedRequest request, Collection<ObjectNode> all) {
        if (request.body().isBlank()) {
            return List.copyOf(all);
        }
        JsonNode filters = Json.requestBody(request).path("filters");
        return all.stream()
                .filter(row -> filters.properties().stream()
                        .allMatch(filter -> filter.getValue().equals(row.get(filter.getKey()))))
                .toList();
    }

    private static List<ObjectNode> ordered(LoggedRequest request, List<ObjectNode> rows) {
        List<ObjectNode> ordered = rows.stream().collect(Collectors.toList());
        String sort = request.query("sort");
        if (sort != null && !sort.isEmpty()) {
            ordered.sort(Comparator.comparing(row -> row.path(sort), Lists::compare));
        }
        if (isReverse(request.query("reverse"))) {
            Collections.reverse(ordered);
        }
        return ordered;
    }

    private static int compare(JsonNode left, JsonNode right) {
        return left.isNumber() && right.isNumber()
                ? Double.compare(left.doubleValue(), right.doubleValue())
                : left.toString().compareTo(right.toString());
    }

    private static boolean isReverse(@Nullable String value) {
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw Refusal.field("reverse", "Must be a valid boolean.");
    }

    private String link(LoggedRequest request, int page) {
        QueryStringEncoder link = new QueryStringEncoder(request.path());
        new QueryStringDecoder(request.uri()).parameters().forEach((name, values) -> {
            if (!name.equals("page")) {
                values.forEach(value -> link.addParam(name, value));
            }
        });
        link.addParam("page", Integer.toString(page));
        String origin = rules.linkOrigin().isEmpty()
                ? "http://" + Objects.requireNonNullElse(request.header("host"), "")
                : rules.linkOrigin();
        return origin + link;
    }
}
