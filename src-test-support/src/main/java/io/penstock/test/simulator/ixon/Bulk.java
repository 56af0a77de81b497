package io.penstock.test.simulator.ixon;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A request with an array: every element is checked, and each error says which one it is about. */
final class Bulk {

    private final boolean atomic;

    Bulk(IxonRules rules) {
        atomic = rules.bulkAtomic();
    }

    /** Acts on the elements, on all or only on the right ones, as the rules say. */
    void each(Call call, Check check, Consumer<ObjectNode> act) {
        ArrayNode elements = Json.arrayBody(call.request().body());
        List<ObjectNode> right = new ArrayList<>();
        List<Refusal.Item> wrong = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            JsonNode element = elements.get(i);
            Refusal.Item error = element instanceof ObjectNode object
                    ? check.error(i, object)
                    : new Refusal.Item(Refusal.INVALID, null, i);
            if (error != null) {
                wrong.add(error);
            } else if (element instanceof ObjectNode object) {
                right.add(object);
            }
        }
        if (wrong.isEmpty() || !atomic) {
            right.forEach(act);
        }
        if (!wrong.isEmpty()) {
            throw Refusal.bulk(wrong);
        }
    }

    /** What is wrong with an element; {@code null} if nothing is. */
    interface Check {
        Refusal.@Nullable Item error(int index, ObjectNode element);
    }
}
