package io.penstock.envelope;

import io.penstock.Page;
import java.lang.reflect.Type;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * What a request expects in the body of a success.
 *
 * @param <T> the type of the decoded value
 */
@SuppressWarnings("UnusedTypeParameter") // T is what the decoder promises to make of the body: it types the response
public final class Payload<T> {

    /** How a body becomes a value. */
    enum Form {
        JSON,
        PAGE,
        BYTES,
        NONE
    }

    private static final Payload<JsonNode> TREE = new Payload<>(Form.JSON, JsonNode.class, List.of(), List.of());
    private static final Payload<byte[]> BYTES = new Payload<>(Form.BYTES, byte[].class, List.of(), List.of());
    private static final Payload<Void> NONE = new Payload<>(Form.NONE, Void.class, List.of(), List.of());

    private final Form form;
    private final Type type;
    private final List<String> listMembers;
    private final List<String> cursorMembers;

    private Payload(Form form, Type type, List<String> listMembers, List<String> cursorMembers) {
        this.form = form;
        this.type = type;
        this.listMembers = listMembers;
        this.cursorMembers = cursorMembers;
    }

    /** A JSON value of that class, usually a record. Unknown members are ignored unless the class keeps them. */
    public static <T> Payload<T> json(Class<T> type) {
        return new Payload<>(Form.JSON, type, List.of(), List.of());
    }

    /** A JSON value of a generic type. */
    public static <T> Payload<T> json(TypeReference<T> type) {
        return new Payload<>(Form.JSON, type.getType(), List.of(), List.of());
    }

    /** Any JSON value as a tree, with everything the server sent; no value where it sent a body of length 0. */
    public static Payload<JsonNode> tree() {
        return TREE;
    }

    /**
     * A list: a bare array, or an object that holds the array in the first of the named members that it has.
     *
     * @param item the items' type
     * @param listMembers the names under which the array may stand
     * @param cursorMembers the names under which the cursor of the next page may stand; a text that is not empty
     */
    public static <T> Payload<Page<T>> page(Class<T> item, List<String> listMembers, List<String> cursorMembers) {
        return new Payload<>(Form.PAGE, item, List.copyOf(listMembers), List.copyOf(cursorMembers));
    }

    /** The body as it is, whatever its type; at most the client's limit. */
    public static Payload<byte[]> bytes() {
        return BYTES;
    }

    /** Nothing: a body, if there is one, is read and dropped, and the value is null. */
    public static Payload<Void> none() {
        return NONE;
    }

    Form form() {
        return form;
    }

    Type type() {
        return type;
    }

    List<String> listMembers() {
        return listMembers;
    }

    List<String> cursorMembers() {
        return cursorMembers;
    }

    /** The media types to ask for (RFC 9110 §12.5.1). */
    public String accept() {
        return form == Form.JSON || form == Form.PAGE ? "application/json" : "*/*";
    }

    boolean isTree() {
        return type == JsonNode.class && form == Form.JSON;
    }

    /** Whether the body must come uncompressed. */
    public boolean wantsIdentity() {
        return form == Form.BYTES;
    }

    /** A name for messages. */
    @Override
    public String toString() {
        return switch (form) {
            case BYTES -> "bytes";
            case NONE -> "nothing";
            case JSON -> isTree() ? "any JSON" : type.getTypeName();
            case PAGE -> "page of " + type.getTypeName();
        };
    }
}
