package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Collection;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Collections on the wire: oldest first (undocumented), with the shape and the limit of the rules. */
record Lists(PentifyRules rules) {

    SimulatedResponse page(LoggedRequest request, String plural, Collection<ObjectNode> all) {
        int from = rules.listCursor() ? offset(request) : 0;
        int to = (int) Math.min(all.size(), (long) from + rules.listLimit());
        ObjectNode page = Json.object();
        ArrayNode items = page.putArray(
                rules.listShape() == ListShape.PLURAL
                        ? plural
                        : rules.listShape().name().toLowerCase(Locale.ROOT));
        all.stream().skip(from).limit(Math.max(0, to - from)).forEach(items::add);
        if (rules.listShape() == ListShape.BARE_ARRAY) {
            return Json.response(200, items);
        }
        if (rules.listCursor()) {
            boolean more = to < all.size();
            page.put("has_more", more);
            page.put("next_cursor", more ? Integer.toString(to) : null);
        }
        return Json.response(200, page);
    }

    private static int offset(LoggedRequest request) {
        String cursor = request.query("cursor");
        if (cursor == null) {
            return 0;
        }
        try {
            return Integer.parseUnsignedInt(cursor);
        } catch (NumberFormatException e) {
            throw Refusal.invalid("cursor", "unknown");
        }
    }
}
