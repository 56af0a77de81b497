package io.penstock.test.simulator.ixon;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parameter {@code filters}: {@code operator(column,value)}, with strings in double quotes. All filters must match
 * (undocumented). A column may be nested: {@code agent.publicId}.
 */
final class Filters {

    private static final String NAME = "filters";

    private Filters() {}

    static Predicate<ObjectNode> all(List<String> expressions) {
        Predicate<ObjectNode> all = row -> true;
        for (String expression : expressions) {
            all = all.and(one(expression));
        }
        return all;
    }

    private static Predicate<ObjectNode> one(String expression) {
        int open = expression.indexOf('(');
        if (open <= 0 || !expression.endsWith(")")) {
            throw invalid();
        }
        List<String> arguments = Parameters.split(NAME, expression.substring(open + 1, expression.length() - 1));
        String column = arguments.get(0);
        List<String> values = arguments.subList(1, arguments.size());
        String operator = expression.substring(0, open).toLowerCase(Locale.ROOT);
        return switch (operator) {
            case "eq", "equals" -> compared(column, single(values), order -> order == 0);
            case "ne", "differs" ->
                compared(column, single(values), order -> order == 0).negate();
            case "lt", "less" -> compared(column, single(values), order -> order < 0);
            case "lte", "lessorequal" -> compared(column, single(values), order -> order <= 0);
            case "gt", "greater" -> compared(column, single(values), order -> order > 0);
            case "gte", "greaterorequal" -> compared(column, single(values), order -> order >= 0);
            case "in" -> in(column, values);
            case "ni" -> in(column, values).negate();
            case "isnull" -> isNull(column, values);
            case "isnotnull" -> isNull(column, values).negate();
            case "between" -> between(column, values);
            case "contains" -> contains(column, single(values));
            default -> throw invalid();
        };
    }

    private static Predicate<ObjectNode> compared(String column, String value, IntPredicate holds) {
        String wanted = unquoted(value);
        return row -> {
            JsonNode actual = at(row, column);
            if (actual.isMissingNode() || actual.isNull()) {
                return false;
            }
            return holds.test(compare(actual.asString(""), wanted));
        };
    }

    private static Predicate<ObjectNode> in(String column, List<String> values) {
        Predicate<ObjectNode> any = row -> false;
        for (String value : values) {
            any = any.or(compared(column, value, order -> order == 0));
        }
        return any;
    }

    private static Predicate<ObjectNode> isNull(String column, List<String> values) {
        if (!values.isEmpty()) {
            throw invalid();
        }
        return row -> at(row, column).isMissingNode() || at(row, column).isNull();
    }

    private static Predicate<ObjectNode> between(String column, List<String> values) {
        if (values.size() != 2) {
            throw invalid();
        }
        return compared(column, values.get(0), order -> order >= 0)
                .and(compared(column, values.get(1), order -> order <= 0));
    }

    private static Predicate<ObjectNode> contains(String column, String value) {
        String wanted = unquoted(value);
        return row -> at(row, column).asString("").contains(wanted);
    }

    /** Compares numbers if both values are numbers, else text. */
    private static int compare(String left, String right) {
        try {
            return new BigDecimal(left).compareTo(new BigDecimal(right));
        } catch (NumberFormatException e) {
            return left.compareTo(right);
        }
    }

    private static JsonNode at(ObjectNode row, String column) {
        JsonNode at = row;
        for (String member : column.split("\\.", -1)) {
            at = at.path(member);
        }
        return at;
    }

    private static String single(List<String> values) {
        if (values.size() != 1) {
            throw invalid();
        }
        return values.get(0);
    }

    /** Returns the value without its quotes. A value without quotes must be a number or a boolean. */
    private static String unquoted(String value) {
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            return value.substring(1, value.length() - 1);
        }
        if (!value.matches("-?[0-9.]+|true|false")) {
            throw invalid();
        }
        return value;
    }

    private static Refusal invalid() {
        return Refusal.invalid(Refusal.INVALID, NAME);
    }
}
