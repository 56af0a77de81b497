package io.penstock.test.simulator.ixon;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A bulk request, whose body is an array. Every element is checked, and each error names the index of its element. */
record Bulk(IxonRules rules) {

    /** Applies the action to all elements, or only to the valid ones, depending on the rules. */
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
        if (wrong.isEmpty() || !rules.bulkAtomic()) {
            right.forEach(act);
        }
        if (!wrong.isEmpty()) {
            throw Refusal.bulk(wrong);
        }
    }

    /** A check of an element. It returns the element's error, or {@code null} if the element is valid. */
    interface Check {
        Refusal.@Nullable Item error(int index, ObjectNode element);
    }
}
