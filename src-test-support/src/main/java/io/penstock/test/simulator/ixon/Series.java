package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Historical data (page "how-to-retrieve-historical-data"): a point every {@code step} seconds. Its value is its number
 * times {@code factor}. Undocumented: a default step of 60, ascending order by default, no default limit, and that an
 * unknown source is invalid. {@code postTransform} and {@code operator} have no effect here.
 */
record Series(Cloud cloud, Lists lists) {

    private static final Set<String> AGGREGATES =
            Set.of("count", "mean", "median", "mode", "spread", "sum", "first", "last", "max", "min", "raw");

    private static final int MOST_DECIMALS = 18;

    /** Answers a query. It is a read in the form of a POST: 201 and no effect. */
    SimulatedResponse query(Call call) {
        ArrayNode results = Json.array();
        Collected collected = new Collected(cloud.rules.largestRequest());
        ArrayNode asked = Json.arrayBody(call.request().body());
        for (int i = 0; i < asked.size(); i++) {
            try {
                results.add(result(call.company(), asked.get(i), collected));
            } catch (Refusal refusal) {
                throw refusal.kind == Refusal.Kind.VALIDATION ? at(i, refusal) : refusal;
            }
        }
        return lists.whole(call, results);
    }

    /** Returns the points of one query as the lines of a table: time, then a column for each {@code ref}. */
    List<List<String>> table(String company, ObjectNode query) {
        ObjectNode result = result(company, query, new Collected(cloud.rules.largestRequest()));
        List<String> refs = refs(query);
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("time"));
        head.addAll(refs);
        lines.add(head);
        for (JsonNode point : result.path("points")) {
            List<String> line = new ArrayList<>(List.of(Json.requiredText(point, "time")));
            refs.forEach(ref -> line.add(point.path("values").path(ref).asString("")));
            lines.add(line);
        }
        return lines;
    }

    private ObjectNode result(String company, JsonNode query, Collected collected) {
        String source = Json.requiredText(query, "source.publicId");
        if (!cloud.rows.existsBelow(company + "/agents/", "/data-sources", source)) {
            throw Refusal.invalid(Refusal.INVALID, "source.publicId");
        }
        Instant start = instant(query, "start");
        Instant end = instant(query, "end");
        NavigableMap<Instant, ObjectNode> points = new TreeMap<>();
        boolean descending = false;
        for (JsonNode tag : query.path("tags")) {
            Json.requiredText(tag, "slug");
            for (JsonNode asked : tag.path("queries")) {
                descending |= collect(asked, start, end, points, collected);
            }
        }
        ObjectNode result = Json.object();
        result.put("start", Json.requiredText(query, "start")).put("end", Json.requiredText(query, "end"));
        String timeZone = Json.text(query, "timeZone");
        result.put("timeZone", timeZone == null ? "UTC" : timeZone).set("source", Json.reference(source));
        ArrayNode inOrder = result.putArray("points");
        (descending ? points.descendingMap() : points).forEach((time, values) -> {
            ObjectNode point = inOrder.addObject().put("time", time.toString());
            point.set("values", values);
        });
        return result;
    }

    /** Adds one query's values to the points and returns whether its order is descending. */
    private static boolean collect(
            JsonNode asked, Instant start, Instant end, NavigableMap<Instant, ObjectNode> points, Collected collected) {
        String ref = Json.requiredText(asked, "ref");
        String aggregate = Json.text(asked, "postAggr");
        if (aggregate != null && !AGGREGATES.contains(aggregate)) {
            throw Refusal.invalid(Refusal.INVALID, "postAggr");
        }
        boolean descending = isDescending(Json.text(asked, "order"));
        int step = number(asked, "step", 60, 1);
        int offset = number(asked, "offset", 0, 0);
        int limit = number(asked, "limit", Integer.MAX_VALUE, 1);
        long all = Math.max(0, (ChronoUnit.SECONDS.between(start, end) + step - 1) / step);
        long delivered = Math.min(limit, Math.max(0, all - offset));
        collected.add(delivered);
        String factor = Json.text(asked, "factor");
        int decimals = number(asked, "decimals", 1, 0);
        for (long i = 0; i < delivered; i++) {
            long number = descending ? all - 1 - offset - i : offset + i;
            points.computeIfAbsent(start.plusSeconds(number * step), time -> Json.object())
                    .put(ref, value(number, factor, decimals));
        }
        return descending;
    }

    private static BigDecimal value(long number, @Nullable String factor, int decimals) {
        if (factor != null && !factor.matches("-?[0-9]{1,18}([.][0-9]{1,18})?")) {
            throw Refusal.invalid(Refusal.INVALID, "factor");
        }
        BigDecimal times = factor == null ? BigDecimal.ONE : new BigDecimal(factor);
        return times.multiply(BigDecimal.valueOf(number))
                .setScale(Math.min(decimals, MOST_DECIMALS), RoundingMode.HALF_UP);
    }

    private static boolean isDescending(@Nullable String order) {
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw Refusal.invalid(Refusal.INVALID, "order");
        }
        return "desc".equals(order);
    }

    private static int number(JsonNode query, String member, int otherwise, int least) {
        JsonNode value = query.path(member);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isInt() || value.intValue() < least) {
            throw Refusal.invalid(Refusal.INVALID, member);
        }
        return value.intValue();
    }

    private static Instant instant(JsonNode query, String member) {
        try {
            return Instant.parse(Json.requiredText(query, member));
        } catch (DateTimeException e) {
            throw Refusal.invalid(Refusal.INVALID, member);
        }
    }

    private static List<String> refs(JsonNode query) {
        List<String> refs = new ArrayList<>();
        for (JsonNode tag : query.path("tags")) {
            tag.path("queries").forEach(asked -> refs.add(Json.requiredText(asked, "ref")));
        }
        refs.sort(Comparator.naturalOrder());
        return refs;
    }

    private static Refusal at(int index, Refusal refusal) {
        return Refusal.bulk(refusal.items.stream()
                .map(item -> new Refusal.Item(item.message(), item.propertyName(), index))
                .toList());
    }

    /** The points of one request. Each query counts all of its own, even at a time that another query has too. */
    private static final class Collected {
        private final long most;
        private long points;

        Collected(long most) {
            this.most = most;
        }

        void add(long more) {
            points += more;
            if (points > most) {
                throw Refusal.tooMuch();
            }
        }
    }
}
