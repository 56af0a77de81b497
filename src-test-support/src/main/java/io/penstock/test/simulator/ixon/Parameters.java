package io.penstock.test.simulator.ixon;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.test.simulator.LoggedRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Query parameters with lists: repeated, separated by commas, or both. The contract declares arrays, clients use
 * commas.
 */
final class Parameters {

    private Parameters() {}

    static List<String> list(LoggedRequest request, String name) {
        List<String> all = new ArrayList<>();
        for (String value : new QueryStringDecoder(request.uri()).parameters().getOrDefault(name, List.of())) {
            all.addAll(split(name, value));
        }
        return all;
    }

    /** Splits at the commas outside parentheses and quotes. */
    static List<String> split(String name, String value) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')') {
                depth--;
            } else if (!quoted && c == ',' && depth == 0) {
                parts.add(value.substring(start, i).trim());
                start = i + 1;
            }
        }
        if (depth != 0 || quoted) {
            throw Refusal.invalid(Refusal.INVALID, name);
        }
        parts.add(value.substring(start).trim());
        return parts;
    }
}
