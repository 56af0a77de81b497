package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.parts.RandomText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Identifiers, as numbers or as strings, and secrets, whose form is undocumented. */
final class Ids {

    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int SECRET_LENGTH = 40;

    private Ids() {}

    static JsonNode json(InfraonRules rules, long id) {
        return rules.has(Quirk.TEXT_IDS)
                ? JsonNodeFactory.instance.stringNode(Long.toString(id))
                : JsonNodeFactory.instance.numberNode(id);
    }

    /** Returns 40 random characters. */
    static String secret() {
        return RandomText.of(ALPHABET, SECRET_LENGTH);
    }
}
