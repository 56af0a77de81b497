package io.penstock.test.simulator.infraon;

import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is particular to a resource.
 *
 * @param idMember the member with the id
 * @param displayPrefix of {@code display_id}, the number shown to people; empty if there is none
 * @param required what a POST must have
 * @param answers which operations tell a result
 * @param read makes what a GET shows of what is kept
 */
record Kind(
        String idMember, String displayPrefix, List<String> required, Answers answers, UnaryOperator<ObjectNode> read) {

    /** A resource of which nothing is documented but that it exists. */
    static Kind plain() {
        return new Kind("id", "", List.of(), Answers.RESULTS, UnaryOperator.identity());
    }

    /** Which operations have a body. */
    enum Answers {
        /** All but a DELETE. */
        RESULTS,
        /** All but POST and DELETE. */
        NONE_ON_CREATE,
        /** None, not even a GET. */
        NONE
    }
}
