package io.penstock.test.simulator.picus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import tools.jackson.databind.node.ObjectNode;

/** Stand-ins for collections of whose items the contract's members are not simulated. */
final class Items {

    private Items() {}

    /** {@code {"id":1,"name":"Threat-1"}} and so on; to be changed by the caller. */
    static List<ObjectNode> numbered(String name, int count) {
        return new ArrayList<>(
                LongStream.rangeClosed(1, count).mapToObj(id -> one(name, id)).toList());
    }

    static ObjectNode one(String name, long id) {
        return Json.object().put("id", id).put("name", name + "-" + id);
    }

    /** A list of ids separated by commas; none given is right. What more than the maximum gets is undocumented. */
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
