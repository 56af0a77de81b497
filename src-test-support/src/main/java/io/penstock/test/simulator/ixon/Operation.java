package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.PathTemplate;
import java.util.Set;

/**
 * One operation of the contract.
 *
 * @param request {@code none}, {@code array}, {@code object}, {@code string} or a media type
 * @param data {@code list}, {@code object} or {@code none}
 * @param flags a subset of {@code company}, {@code token} and {@code filters}
 */
record Operation(String method, String template, String request, String data, Set<String> flags, PathTemplate path) {

    /** Returns the operation of a line of the contract, which has five columns. */
    static Operation of(String line) {
        String[] columns = line.split(" ", -1);
        return new Operation(
                columns[0],
                columns[1],
                columns[2],
                columns[3],
                Set.of(columns[4].split(",", -1)),
                PathTemplate.of(columns[1]));
    }

    /** Returns the name in the effect ledger. */
    String name() {
        return method + " " + template;
    }

    boolean needsCompany() {
        return flags.contains("company");
    }

    boolean needsToken() {
        return flags.contains("token");
    }

    /**
     * Returns whether the operation needs {@code Api-Application}. Discovery needs {@code Api-Version} only (page
     * "ixon-api-prerequisites"), and an operation whose path contains the application does not need it either. The
     * contract exempts eight operations; the others are not known.
     */
    boolean needsApplication() {
        return !template.equals("/") && !template.contains("{api-application}");
    }

    boolean takesFilters() {
        return flags.contains("filters");
    }

    boolean takesArray() {
        return request.equals("array");
    }

    boolean answersList() {
        return data.equals("list");
    }

    boolean answersNothing() {
        return data.equals("none");
    }

    /** Returns whether the last segment is an id. */
    boolean endsWithId() {
        return template.endsWith("}");
    }

    int placeholders() {
        return (int) template.chars().filter(c -> c == '{').count();
    }

    /** Returns 201 for every POST, actions and queries included, and 200 for all others. */
    int successStatus() {
        return method.equals("POST") ? 201 : 200;
    }

    /**
     * Returns the {@code type} of a success. {@code AgentList}, {@code Agent} and {@code AccessTokenCreateResponse} are
     * documented, the others follow their pattern.
     */
    String type() {
        return switch (method) {
            case "GET" -> relation();
            case "POST" -> singular() + "CreateResponse";
            case "DELETE" -> singular() + "DeleteResponse";
            default -> singular() + "UpdateResponse";
        };
    }

    /** Returns the {@code rel} of discovery. {@code AgentList} is documented, the others follow its pattern. */
    String relation() {
        return answersList() ? singular() + "List" : singular();
    }

    /** Returns the singular name: {@code AgentDataSource} for {@code /agents/{agentId}/data-sources}. */
    private String singular() {
        StringBuilder name = new StringBuilder();
        for (String segment : template.split("/", -1)) {
            if (!segment.startsWith("{")) {
                for (String word : singular(segment).split("-", -1)) {
                    if (!word.isEmpty()) {
                        name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
                    }
                }
            }
        }
        return name.isEmpty() ? "Discovery" : name.toString();
    }

    private static String singular(String segment) {
        if (segment.endsWith("ies")) {
            return segment.substring(0, segment.length() - 3) + "y";
        }
        boolean plural = segment.endsWith("s") && !segment.endsWith("ss");
        return plural ? segment.substring(0, segment.length() - 1) : segment;
    }
}
