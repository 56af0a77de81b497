package io.penstock.test.simulator.invicti;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collections on the wire: oldest first (undocumented), in the shape of the rules. The meaning of the filters and sort
 * parameters is undocumented. Here {@code query} and {@code search} match a part of the name. {@code q} has terms
 * {@code member:value}, separated by semicolons, and an item must match all of them. Sorting by a member is ascending,
 * as text.
 */
record Lists(InvictiRules rules) {

    private static final int MAX_PARAMETERS = 100;

    SimulatedResponse page(LoggedRequest request, Listing listing, Collection<ObjectNode> all) {
        ListShape shape = rules.listShape(listing);
        return Json.response(
                200,
                switch (shape) {
                    case NUMBERED -> numbered(request, List.copyOf(all));
                    case PAGE_INFO -> pageInfo(request, selected(request, all, "query", "sortBy"));
                    case CURSOR -> cursor(request, listing.plural(), selected(request, all, "search", "sort"));
                    case UNPAGED -> {
                        ObjectNode page = Json.object();
                        page.putArray(listing.plural()).addAll(all);
                        yield page;
                    }
                    case CURSOR_ARRAY -> cursorArray(request, listing.plural(), matching(request, all));
                });
    }

    private ObjectNode numbered(LoggedRequest request, List<ObjectNode> all) {
        int size = size(request, "pageSize", ListShape.NUMBERED);
        int page = number(request, "page", 1, 1);
        ObjectNode body = Json.object();
        body.set("items", slice(all, (page - 1L) * size, size));
        return body.put("totalCount", total(all)).put("page", page).put("pageSize", size);
    }

    private ObjectNode pageInfo(LoggedRequest request, List<ObjectNode> all) {
        int size = size(request, "pageSize", ListShape.PAGE_INFO);
        int page = number(request, "pageNumber", 1, 1);
        int total = total(all);
        ObjectNode body = Json.object();
        body.set("items", slice(all, (page - 1L) * size, size));
        body.putObject("pageInfo")
                .put("totalCount", total)
                .put("pageSize", size)
                .put("currentPage", page)
                .put("totalPages", (total + size - 1) / size);
        return body;
    }

    private ObjectNode cursor(LoggedRequest request, String plural, List<ObjectNode> all) {
        int size = size(request, "limit", ListShape.CURSOR);
        int from = number(request, "cursor", 0, 0);
        ObjectNode body = Json.object();
        body.set(plural, slice(all, from, size));
        body.put("totalCount", total(all));
        if (from + (long) size < all.size()) {
            body.put("nextPage", from + size);
        } else {
            switch (rules.lastPage()) {
                case ABSENT -> {}
                case NULL -> body.putNull("nextPage");
                case REPEATED -> body.put("nextPage", from);
                case LOOPED -> body.put("nextPage", size);
            }
        }
        if (from > 0) {
            body.put("previousPage", Math.max(0, from - size));
        } else if (rules.lastPage() != LastPage.ABSENT) {
            body.putNull("previousPage");
        }
        return body;
    }

    private ObjectNode cursorArray(LoggedRequest request, String plural, List<ObjectNode> all) {
        int size = size(request, "l", ListShape.CURSOR_ARRAY);
        String sent = request.query("c");
        int from = sent == null ? 0 : offset(sent);
        ObjectNode body = Json.object();
        body.set(plural, slice(all, from, size));
        ObjectNode pagination = body.putObject("pagination");
        pagination.put("count", total(all)).put("cursor_hash", Integer.toHexString(plural.hashCode()));
        ArrayNode cursors = pagination.putArray("cursors").add(sent);
        if (from + (long) size < all.size()) {
            cursors.add("c" + (from + size));
        } else {
            switch (rules.lastPage()) {
                case ABSENT -> {}
                case NULL -> cursors.addNull();
                case REPEATED -> cursors.add(sent);
                case LOOPED -> cursors.add("c" + size);
            }
        }
        pagination.putNull("sort");
        return body;
    }

    private ArrayNode slice(List<ObjectNode> all, long from, int size) {
        ArrayNode items = Json.array();
        if (from == 0 || rules.listFlaw() != ListFlaw.EMPTY_PAGES) {
            all.stream().skip(from).limit(size).forEach(items::add);
        }
        return items;
    }

    private int total(List<ObjectNode> all) {
        return rules.listFlaw() == ListFlaw.COUNT_TOO_HIGH ? all.size() + 1 : all.size();
    }

    private int size(LoggedRequest request, String parameter, ListShape shape) {
        return Math.min(rules.pageSizeLimit(), number(request, parameter, shape.defaultSize(), 1));
    }

    private static List<ObjectNode> selected(
            LoggedRequest request, Collection<ObjectNode> all, String filter, String sort) {
        String part = request.query(filter);
        String member = request.query(sort);
        Stream<ObjectNode> items = all.stream();
        if (part != null) {
            items = items.filter(item -> text(item, "name").contains(part.toLowerCase(Locale.ROOT)));
        }
        if (member != null) {
            items = items.sorted(Comparator.comparing(item -> text(item, member)));
        }
        return items.toList();
    }

    private static List<ObjectNode> matching(LoggedRequest request, Collection<ObjectNode> all) {
        String filter = filter(request);
        if (filter == null) {
            return List.copyOf(all);
        }
        List<String[]> terms = Stream.of(filter.split(";", -1))
                .filter(term -> !term.isBlank())
                .map(term -> term.split(":", 2))
                .toList();
        for (String[] term : terms) {
            if (term.length != 2) {
                throw Refusal.invalid("q", "Q must have terms of the form member:value");
            }
        }
        return all.stream()
                .filter(item ->
                        terms.stream().allMatch(term -> text(item, term[0]).equals(term[1].toLowerCase(Locale.ROOT))))
                .toList();
    }

    /**
     * Returns the value of {@code q}. It is parsed apart from the other parameters, where a bare semicolon ends the
     * value.
     */
    private static @Nullable String filter(LoggedRequest request) {
        List<String> values = new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS, true)
                .parameters()
                .get("q");
        return values == null ? null : values.get(0);
    }

    private static String text(ObjectNode item, String member) {
        JsonNode value = item.get(member);
        return value == null || value.isNull() ? "" : value.asString().toLowerCase(Locale.ROOT);
    }

    private static int offset(String cursor) {
        try {
            return Integer.parseUnsignedInt(cursor.startsWith("c") ? cursor.substring(1) : "");
        } catch (NumberFormatException e) {
            throw Refusal.invalid("c", "C is not a cursor");
        }
    }

    static int number(LoggedRequest request, String parameter, int otherwise, int least) {
        String given = request.query(parameter);
        if (given == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(given);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number that is too small
        }
        throw Refusal.invalid(parameter, parameter + " must be a number of " + least + " or more");
    }
}
