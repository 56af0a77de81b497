package io.penstock.paging;

import io.penstock.ApiException;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Page;
import io.penstock.Retryability;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What stands beside the items of a page, and what is said of a page that contradicts itself. */
final class Beside {

    private Beside() {}

    /** What a JSON pointer finds beside the items. */
    static JsonNode member(Page<?> page, String pointer) {
        int end = pointer.indexOf('/', 1);
        JsonNode top = page.more().get(end < 0 ? pointer.substring(1) : pointer.substring(1, end));
        if (top == null) {
            return MissingNode.getInstance();
        }
        return end < 0 ? top : top.at(pointer.substring(end));
    }

    /** A number there, or -1. */
    static long number(Page<?> page, @Nullable String pointer) {
        JsonNode found = pointer == null ? MissingNode.getInstance() : member(page, pointer);
        return found.isValueNode() && !found.isNull() ? number(found.asString(), -1) : -1;
    }

    static @Nullable Long total(Page<?> page, @Nullable String pointer) {
        long total = number(page, pointer);
        return total < 0 ? null : total;
    }

    static long number(@Nullable String text, long otherwise) {
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise; // a caller's or server's own idea of a number: then as if it were not there
        }
    }

    static ApiException contradiction(String what) {
        return new ApiException(Failure.of(
                ErrorKind.UNDECODABLE,
                Certainty.PROCESSED,
                Retryability.PERMANENT,
                "paging: " + what + " (expected: pages that come to an end)"));
    }

    static ApiException emptyOf(Page<?> page, long total) {
        return contradiction("the page at item " + page.position() + " is empty, and promises more: " + page.position()
                + " of " + total + " items were read");
    }
}
