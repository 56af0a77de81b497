package io.penstock.test.simulator.picus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import tools.jackson.databind.node.ObjectNode;

/** Placeholder items for collections whose members in the contract are not simulated. */
final class Items {

    private Items() {}

    /** Returns {@code {"id":1,"name":"Threat-1"}} and so on. The caller may change the list. */
    static List<ObjectNode> numbered(String name, int count) {
        return new ArrayList<>(
                LongStream.rangeClosed(1, count).mapToObj(id -> one(name, id)).toList());
    }

    static ObjectNode one(String name, long id) {
        return Json.object().put("id", id).put("name", name + "-" + id);
    }

    /**
     * Checks a list of ids separated by commas, which may be empty. The response to more ids than the maximum is
     * undocumented.
     */
    static List<Long> requireIds(Call call, String parameter, int maximum) {
        String given = call.query(parameter);
        if (given == null || given.isEmpty()) {
            return List.of();
        }
        List<Long> ids = new ArrayList<>();
        for (String id : given.split(",", -1)) {
            try {
                ids.add(Long.parseUnsignedLong(id));
            } catch (NumberFormatException e) {
                throw Refusal.notANumber(id);
            }
        }
        if (ids.size() > maximum) {
            throw Refusal.outOfRange("max", maximum, ids.size());
        }
        return ids;
    }
}
