package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Access to the members beside the items of a page, and the errors for a page that contradicts itself. */
final class PageMetadata {

    private PageMetadata() {}

    /** Checks that a pointer leads to a member. */
    static void checkPointer(String name, @Nullable String pointer) {
        try {
            if (pointer != null && JsonPointer.compile(pointer).matches()) {
                throw new IllegalArgumentException("the whole page stands beside nothing");
            }
        } catch (IllegalArgumentException e) {
            throw ApiException.invalidConfiguration("paging: " + name + " " + pointer
                    + " (expected: a JSON pointer as in RFC 6901 to a member beside the items, such as /total)");
        }
    }

    /** Returns the member beside the items that a JSON pointer finds. */
    static JsonNode member(Page<?> page, String pointer) {
        JsonPointer way = JsonPointer.compile(pointer);
        JsonNode top = page.more().get(way.getMatchingProperty());
        return top == null ? MissingNode.getInstance() : top.at(way.tail());
    }

    /** Returns the number at a pointer, or -1. */
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
            return otherwise; // not a number: treated as missing
        }
    }

    static ApiException contradiction(String what) {
        return undecodable(what, "pages that come to an end");
    }

    static ApiException undecodable(String what, String expected) {
        return new ApiException(Failure.of(
                ErrorKind.UNDECODABLE,
                Certainty.PROCESSED,
                Retryability.PERMANENT,
                "paging: " + what + " (expected: " + expected + ")"));
    }

    /** Throws if an empty page comes before the last item. */
    static void verifyNotEmpty(Page<?> page, @Nullable String totalPointer) {
        long total = number(page, totalPointer);
        if (page.items().isEmpty() && total > page.position()) {
            throw emptyOf(page, total);
        }
    }

    static ApiException emptyOf(Page<?> page, long total) {
        return contradiction("the page at item " + page.position() + " is empty, and promises more: " + page.position()
                + " of " + total + " items were read");
    }
}
