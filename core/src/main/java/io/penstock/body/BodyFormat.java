package io.penstock.body;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.RequestTarget;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The format in which an object is sent as the body of a request. A spec sets the format of an API, a request may have
 * another. The object itself is the same for all: a record, a map, or a tree.
 */
public final class BodyFormat {

    /** The ways in which APIs take a list of values under one name, in a query or in a form. */
    public enum ListStyle {

        /** {@code id=1&id=2}. */
        REPEATED,

        /** {@code id[]=1&id[]=2}. */
        BRACKETS,

        /** {@code id[0]=1&id[1]=2}: the only one for lists of objects, {@code item[0][price]=9}. */
        INDEXED,

        /** {@code id=1,2}. A value must not have a comma, because the server would take it for two. */
        COMMAS;

        /**
         * Passes on the names and values that stand for a list.
         *
         * @throws ApiException INVALID_REQUEST for a value with a comma, where commas separate the values
         * @hidden
         */
        @Internal
        public void spread(String name, List<String> values, BiConsumer<String, String> to) {
            if (this == COMMAS) {
                for (int i = 0; i < values.size(); i++) {
                    if (values.get(i).indexOf(',') >= 0) {
                        throw ApiException.invalidRequest(
                                RequestTarget.printable(name) + ": value " + (i + 1)
                                        + " of the list has a comma (expected: none, because commas separate the values; or another list style)");
                    }
                }
                if (!values.isEmpty()) {
                    to.accept(name, String.join(",", values));
                }
                return;
            }
            for (int i = 0; i < values.size(); i++) {
                to.accept(nameOf(name, i), values.get(i));
            }
        }

        /**
         * Returns the name of an element of a list.
         *
         * @hidden
         */
        @Internal
        public String nameOf(String list, int index) {
            return switch (this) {
                case REPEATED, COMMAS -> list;
                case BRACKETS -> list + "[]";
                case INDEXED -> list + "[" + index + "]";
            };
        }
    }

    private static final BodyFormat JSON = new BodyFormat("application/json", null);
    private static final BodyFormat MERGE_PATCH = new BodyFormat("application/merge-patch+json", null);
    private static final BodyFormat JSON_PATCH = new BodyFormat("application/json-patch+json", null);
    private static final BodyFormat FORM = form(ListStyle.REPEATED);

    private final String mediaType;
    private final @Nullable ListStyle lists;

    private BodyFormat(String mediaType, @Nullable ListStyle lists) {
        this.mediaType = mediaType;
        this.lists = lists;
    }

    /** Returns JSON (RFC 8259), the format of an API that sets none. */
    public static BodyFormat json() {
        return JSON;
    }

    /**
     * Returns a JSON Merge Patch (RFC 7396): a member that is null is removed from the resource, one that is missing stays.
     * A record sends its null components; leave them out with {@code @JsonInclude(NON_NULL)}, or send a map.
     */
    public static BodyFormat mergePatch() {
        return MERGE_PATCH;
    }

    /** Returns a JSON Patch (RFC 6902): a list of operations, such as {@code {"op":"remove","path":"/a"}}. */
    public static BodyFormat jsonPatch() {
        return JSON_PATCH;
    }

    /** Returns a form as {@link #form(ListStyle)} with repeated names for lists. */
    public static BodyFormat form() {
        return FORM;
    }

    /**
     * Returns {@code application/x-www-form-urlencoded} in UTF-8. The members of the object are its fields; a member of a
     * nested object is {@code outer[inner]}. Null members and empty lists are left out; an empty text is sent as
     * {@code name=}.
     */
    public static BodyFormat form(ListStyle lists) {
        return new BodyFormat("application/x-www-form-urlencoded", lists);
    }

    /** Returns the media type, which is the {@code Content-Type} of the request. */
    public String mediaType() {
        return mediaType;
    }

    /**
     * Encodes an object.
     *
     * @throws ApiException INVALID_REQUEST if it cannot be encoded
     * @hidden
     */
    @Internal
    public byte[] encode(JsonCodec codec, Object value) {
        return lists == null ? codec.encode(value) : FormFields.of(codec.treeOf(value), lists);
    }

    /**
     * Encodes an object, or an empty one, with one more member.
     *
     * @throws ApiException INVALID_REQUEST if it cannot be encoded, is no object, or has the member with another value
     * @hidden
     */
    @Internal
    public byte[] encodeWith(JsonCodec codec, @Nullable Object value, String member, String text) {
        JsonNode tree = codec.treeWith(value, member, text);
        return lists == null ? codec.encode(tree) : FormFields.of(tree, lists);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BodyFormat format && mediaType.equals(format.mediaType) && lists == format.lists;
    }

    @Override
    public int hashCode() {
        return mediaType.hashCode();
    }

    @Override
    public String toString() {
        return mediaType + (lists == null ? "" : ", lists " + lists);
    }
}
