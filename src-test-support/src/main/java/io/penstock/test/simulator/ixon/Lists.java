package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists on the wire: filtered, paged, reduced to the requested fields, with the cursors of the rules. */
record Lists(IxonRules rules) {

    SimulatedResponse page(Call call, Collection<Rows.Row> all) {
        Predicate<ObjectNode> filters =
                call.operation().takesFilters() ? Filters.all(Parameters.list(call.request(), "filters")) : row -> true;
        Fields fields = Fields.of(call.request());
        Cursor after = rules.paging().honoured() ? Cursor.of(call.request()) : null;
        long from = after == null ? 0 : after.sequence();
        List<Rows.Row> rest = all.stream()
                .filter(row -> row.sequence() > from && filters.test(row.json()))
                .toList();
        int size = rules.paging().honoured() ? pageSize(call.request()) : Integer.MAX_VALUE;
        if (Math.min(size, rest.size()) > rules.largestRequest()) {
            throw Refusal.tooMuch();
        }
        Cursor detour = after == null ? null : detour(after);
        List<Rows.Row> page = isEmptyPage(detour) ? List.of() : rest.subList(0, Math.min(size, rest.size()));
        Cursor next = rest.size() > page.size() && !page.isEmpty()
                ? new Cursor(page.get(page.size() - 1).sequence(), 0)
                : null;
        ArrayNode rows = Json.array();
        page.forEach(row -> rows.add(Fields.read(fields, row.json())));
        return answer(call, rows, detour == null ? next : detour);
    }

    /** Returns a computed list, without paging. */
    SimulatedResponse whole(Call call, ArrayNode rows) {
        return answer(call, rows, null);
    }

    private SimulatedResponse answer(Call call, ArrayNode rows, @Nullable Cursor next) {
        boolean single = rules.paging().singleRowAsObject() && rows.size() == 1;
        ObjectNode envelope = Envelope.json(call, single ? rows.get(0) : rows);
        if (next != null) {
            envelope.put("moreAfter", next.text());
        } else if (rules.paging().end() == ListEnd.NULL) {
            envelope.putNull("moreAfter");
        } else if (rules.paging().end() == ListEnd.EMPTY) {
            envelope.put("moreAfter", "");
        }
        return Json.response(call.operation().successStatus(), envelope);
    }

    /** Returns the cursor of a detour; {@code null} if the next page follows. */
    private @Nullable Cursor detour(Cursor sent) {
        return switch (rules.paging().cursors()) {
            case ADVANCING -> null;
            case REPEATED -> sent;
            case EMPTY_BETWEEN -> sent.empty() == 0 ? sent.nextEmpty() : null;
            case EMPTY_FOREVER -> sent.nextEmpty();
        };
    }

    private boolean isEmptyPage(@Nullable Cursor detour) {
        return detour != null && rules.paging().cursors() != CursorMode.REPEATED;
    }

    private int pageSize(LoggedRequest request) {
        String asked = request.query("page-size");
        if (asked == null) {
            return rules.paging().pageSize();
        }
        if (!asked.matches("[1-9][0-9]{0,8}")) {
            throw Refusal.invalid(Refusal.INVALID, "page-size");
        }
        return Math.min(rules.paging().largestPage(), Integer.parseInt(asked));
    }

    /**
     * The content of {@code moreAfter}, which is opaque to clients.
     *
     * @param sequence sequence of the last row delivered
     * @param empty number of empty pages that followed it
     */
    private record Cursor(long sequence, int empty) {

        static @Nullable Cursor of(LoggedRequest request) {
            String sent = request.query("page-after");
            if (sent == null || sent.isEmpty()) {
                return null;
            }
            try {
                String[] parts =
                        new String(Base64.getUrlDecoder().decode(sent), StandardCharsets.US_ASCII).split("\\.", -1);
                return new Cursor(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw Refusal.invalid(Refusal.INVALID, "page-after");
            }
        }

        Cursor nextEmpty() {
            return new Cursor(sequence, empty + 1);
        }

        String text() {
            byte[] text = (sequence + "." + empty).getBytes(StandardCharsets.US_ASCII);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
        }
    }
}
