package io.penstock.test.simulator.infraon;

import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * The properties of a resource.
 *
 * @param idMember the member with the id
 * @param displayPrefix prefix of {@code display_id}, the number for people; empty if there is none
 * @param required the required members of a POST
 * @param answers the operations that answer with a body
 * @param read converts the stored object to the response of a GET
 */
record Kind(
        String idMember, String displayPrefix, List<String> required, Answers answers, UnaryOperator<ObjectNode> read) {

    /** Returns the kind of a resource of which only the existence is documented. */
    static Kind plain() {
        return new Kind("id", "", List.of(), Answers.RESULTS, UnaryOperator.identity());
    }

    /** The operations that answer with a body. */
    enum Answers {
        /** All but a DELETE. */
        RESULTS,
        /** All but POST and DELETE. */
        NONE_ON_CREATE,
        /** None, not even a GET. */
        NONE
    }
}
