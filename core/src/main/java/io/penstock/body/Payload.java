package io.penstock.body;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * The expected body of a success, and how it is decoded.
 *
 * @param <T> the type of the decoded value
 */
@SuppressWarnings("UnusedTypeParameter") // T types the response: the decoder returns it
public final class Payload<T> {

    /**
     * The form in which a body holds its value.
     *
     * @hidden
     */
    @Internal
    public enum Form {
        JSON,
        PAGE,
        BYTES,
        NONE,
        ELEMENTS,
        LINES,
        EVENTS,
        PARTS,
        STORED_PARTS;

        boolean isStreamed() {
            return this == ELEMENTS || this == LINES || this == EVENTS || this == PARTS || this == STORED_PARTS;
        }
    }

    /** The place of the value in its body; changed only between its copying and the creation of a payload. */
    private static final class Setting {

        /** The members that may hold it. */
        List<String> wrappers = List.of();

        /** Whether one of them always does; otherwise an object with other members is the value itself. */
        boolean envelope;

        /** Whether a list of one item may be sent as that item alone. */
        boolean singleAsList;

        /** Whether a body of length 0 is a success without a value. */
        boolean mayBeEmpty;

        /** The members that are required beside a list. */
        List<String> beside = List.of();

        /** The members of which at least one is required beside a list; empty if none is. */
        List<String> besideAnyOf = List.of();

        /** The members that are not allowed beside a list, because they belong to lists of another form. */
        List<String> notBeside = List.of();

        /** The pointer to the next page's cursor in the last item; empty if the cursor stands beside the list. */
        String lastItem = "";

        Setting copy() {
            Setting copy = new Setting();
            copy.wrappers = wrappers;
            copy.envelope = envelope;
            copy.singleAsList = singleAsList;
            copy.mayBeEmpty = mayBeEmpty;
            copy.beside = beside;
            copy.besideAnyOf = besideAnyOf;
            copy.notBeside = notBeside;
            copy.lastItem = lastItem;
            return copy;
        }
    }

    private static final Setting DEFAULTS = new Setting();
    private static final Payload<JsonNode> TREE =
            new Payload<>(Form.JSON, JsonNode.class, List.of(), List.of(), DEFAULTS);
    private static final Payload<byte[]> BYTES =
            new Payload<>(Form.BYTES, byte[].class, List.of(), List.of(), DEFAULTS);
    private static final Payload<Void> NONE = new Payload<>(Form.NONE, Void.class, List.of(), List.of(), DEFAULTS);

    private static final Payload<ServerSentEvent> EVENTS =
            new Payload<>(Form.EVENTS, ServerSentEvent.class, List.of(), List.of(), DEFAULTS);
    private static final Payload<ByteBuffer> PARTS =
            new Payload<>(Form.PARTS, ByteBuffer.class, List.of(), List.of(), DEFAULTS);
    private static final Payload<ByteBuffer> STORED_PARTS =
            new Payload<>(Form.STORED_PARTS, ByteBuffer.class, List.of(), List.of(), DEFAULTS);

    private final Form form;
    private final Type type;
    /** For a page, the names of its list; for streamed elements, the path from the root to their array. */
    private final List<String> listMembers;

    private final List<String> cursorMembers;
    private final Setting setting;

    private Payload(Form form, Type type, List<String> listMembers, List<String> cursorMembers, Setting setting) {
        this.form = form;
        this.type = type;
        this.listMembers = listMembers;
        this.cursorMembers = cursorMembers;
        this.setting = setting;
    }

    /**
     * Expects a JSON value of this class, usually a record. Unknown members are ignored unless the class keeps them in
     * a map with {@code @JsonAnySetter}. In a record with such a map, a component that is {@code @Nullable} or a
     * collection need not fit: a value of another type is kept in the map as it was sent and noted in the journey, and
     * the component is null. A fraction in place of a whole number is always an error.
     */
    public static <T> Payload<T> json(Class<T> type) {
        return new Payload<>(Form.JSON, type, List.of(), List.of(), DEFAULTS);
    }

    /** Expects a JSON value of a generic type. */
    public static <T> Payload<T> json(TypeReference<T> type) {
        return new Payload<>(Form.JSON, type.getType(), List.of(), List.of(), DEFAULTS);
    }

    /** Expects any JSON value, as a tree with everything that the server sent; a body of length 0 has no value. */
    public static Payload<JsonNode> tree() {
        return TREE;
    }

    /**
     * Expects a list: a bare array, or an object that holds the array in the first of the named members that it has.
     *
     * @param item the items' type
     * @param listMembers the possible names of the array; if there are none, it is the only array of the object
     * @param cursorMembers the possible names of the next page's cursor; the cursor is a non-empty text or a number
     */
    public static <T> Payload<Page<T>> page(Class<T> item, List<String> listMembers, List<String> cursorMembers) {
        return new Payload<>(Form.PAGE, item, List.copyOf(listMembers), List.copyOf(cursorMembers), DEFAULTS);
    }

    /**
     * Expects the body as it is, whatever its type, up to the client's limit. It is requested without a content coding.
     * One that is sent nevertheless is decoded if it is gzip or deflate, and is otherwise {@code UNDECODABLE}.
     */
    public static Payload<byte[]> bytes() {
        return BYTES;
    }

    /** Expects nothing: a body, if there is one, is read and dropped, and the value is null. */
    public static Payload<Void> none() {
        return NONE;
    }

    /** Expects an array at the root, whose elements are emitted one by one while they arrive. */
    public static <T> Payload<T> elements(Class<T> item) {
        return elementsAt("", item);
    }

    /**
     * Expects an array, whose elements are emitted one by one while they arrive. Everything around the array is
     * skipped.
     *
     * @param pointer the array's place: a JSON pointer (RFC 6901) of member names, such as {@code /data/items}; the
     *     empty text for the root
     */
    public static <T> Payload<T> elementsAt(String pointer, Class<T> item) {
        return new Payload<>(Form.ELEMENTS, item, Pointers.names(pointer), List.of(), DEFAULTS);
    }

    /**
     * Expects JSON values, one per line (NDJSON, JSON Lines), which are emitted one by one while they arrive. Blank
     * lines are skipped.
     */
    public static <T> Payload<T> lines(Class<T> item) {
        return new Payload<>(Form.LINES, item, List.of(), List.of(), DEFAULTS);
    }

    /** Expects server-sent events, as specified by WHATWG HTML §9.2. */
    public static Payload<ServerSentEvent> events() {
        return EVENTS;
    }

    /**
     * Expects the body as it is, emitted part by part while it arrives, however the network splits it. Content codings
     * are handled as with {@link #bytes()}.
     */
    public static Payload<ByteBuffer> parts() {
        return PARTS;
    }

    /**
     * Expects the stored bytes, part by part: as {@link #parts()}, but without decoding any content coding. The header
     * {@code Content-Encoding} names the coding; length and ranges count these bytes (RFC 9110 §14.1.2).
     */
    public static Payload<ByteBuffer> storedParts() {
        return STORED_PARTS;
    }

    /** Returns whether the body is read while it arrives, so that the result is a {@code Flux}. */
    public boolean isStreamed() {
        return form.isStreamed();
    }

    /** Returns a copy whose value is always in this member of an object; other members are dropped. */
    public Payload<T> inside(String member) {
        return with(copy -> {
            copy.wrappers = List.of(member);
            copy.envelope = true;
        });
    }

    /**
     * Returns a copy whose value is bare, or is the only member of an object under one of these names, compared without
     * case.
     */
    public Payload<T> orWrappedIn(String... members) {
        return with(copy -> {
            copy.wrappers = List.of(members);
            copy.envelope = false;
        });
    }

    /** Returns a copy in which a list of one item may be sent as that object alone. */
    public Payload<T> orSingle() {
        return with(copy -> copy.singleAsList = true);
    }

    /** Returns a copy in which a body of length 0 is a success without a value. */
    public Payload<T> orEmpty() {
        return with(copy -> copy.mayBeEmpty = true);
    }

    /**
     * Returns a copy that requires these members beside the list; an object without one of them is a list of another
     * form.
     */
    public Payload<T> beside(String... members) {
        return with(copy -> copy.beside = List.of(members));
    }

    /**
     * Returns a copy that requires at least one of these members beside the list; without any, it is a list of another
     * form.
     */
    public Payload<T> besideAnyOf(String... members) {
        return with(copy -> copy.besideAnyOf = List.of(members));
    }

    /**
     * Returns a copy that allows none of these members beside the list; an object with one is a list of another form.
     */
    public Payload<T> notBeside(String... members) {
        return with(copy -> copy.notBeside = List.of(members));
    }

    /**
     * Returns a copy in which the next page begins after the last item: its cursor is this member of that item, a text or a
     * number. A last item without it is {@code UNDECODABLE}, because the list would end too early. A page without items
     * has no cursor.
     *
     * @param pointer points at the member in an item: {@code /id} (RFC 6901)
     * @throws ApiException INVALID_CONFIGURATION if it is no JSON pointer to a member
     */
    public Payload<T> cursorInLastItem(String pointer) {
        Pointers.check("cursorInLastItem", pointer);
        if (pointer.isEmpty()) {
            throw ApiException.invalidConfiguration(
                    "cursorInLastItem: empty (expected: a pointer to a member, such as /id)");
        }
        return with(copy -> copy.lastItem = pointer);
    }

    /** Returns a copy for the same list with items of another type. */
    public <R> Payload<Page<R>> of(Class<R> item) {
        if (form != Form.PAGE) {
            throw new IllegalStateException(this + " has no items");
        }
        return new Payload<>(Form.PAGE, item, listMembers, cursorMembers, setting);
    }

    private Payload<T> with(Consumer<Setting> change) {
        Setting changed = setting.copy();
        change.accept(changed);
        return new Payload<>(form, type, listMembers, cursorMembers, changed);
    }

    List<String> wrappers() {
        return setting.wrappers;
    }

    boolean envelope() {
        return setting.envelope;
    }

    boolean isWrapper(String member) {
        return setting.envelope
                ? setting.wrappers.contains(member)
                : setting.wrappers.stream().anyMatch(member::equalsIgnoreCase);
    }

    boolean singleAsList() {
        return setting.singleAsList;
    }

    /**
     * Returns whether an empty body is a valid response.
     *
     * @hidden
     */
    @Internal
    public boolean mayBeEmpty() {
        return setting.mayBeEmpty;
    }

    List<String> beside() {
        return setting.beside;
    }

    List<String> besideAnyOf() {
        return setting.besideAnyOf;
    }

    List<String> notBeside() {
        return setting.notBeside;
    }

    /**
     * Returns the form of the body.
     *
     * @hidden
     */
    @Internal
    public Form form() {
        return form;
    }

    /**
     * Returns the type that the body decodes to.
     *
     * @hidden
     */
    @Internal
    public Type type() {
        return type;
    }

    /**
     * Returns the names of the members that can hold the items of a page.
     *
     * @hidden
     */
    @Internal
    public List<String> listMembers() {
        return listMembers;
    }

    /** Returns the pointer to the next page's cursor in the last item, or an empty text. */
    String lastItem() {
        return setting.lastItem;
    }

    List<String> cursorMembers() {
        return cursorMembers;
    }

    /** Returns the media types to request (RFC 9110 §12.5.1). */
    public String accept() {
        return switch (form) {
            case JSON, PAGE, ELEMENTS -> "application/json";
            case LINES -> "application/x-ndjson, application/jsonl";
            case EVENTS -> "text/event-stream";
            case BYTES, NONE, PARTS, STORED_PARTS -> "*/*";
        };
    }

    /**
     * Returns whether the body decodes to a plain JSON tree.
     *
     * @hidden
     */
    @Internal
    public boolean isTree() {
        return type == JsonNode.class && form == Form.JSON;
    }

    /** Returns whether the body is requested without a content coding. */
    public boolean wantsIdentity() {
        return form == Form.BYTES || form == Form.PARTS || form == Form.STORED_PARTS || form == Form.EVENTS;
    }

    /** Returns whether a content coding that is sent nevertheless is kept. */
    public boolean isStored() {
        return form == Form.STORED_PARTS;
    }

    /** Returns a name for messages. */
    @Override
    public String toString() {
        return switch (form) {
            case BYTES -> "bytes";
            case NONE -> "nothing";
            case JSON -> isTree() ? "any JSON" : type.getTypeName();
            case PAGE -> "page of " + type.getTypeName();
            case ELEMENTS -> "array of " + type.getTypeName() + (listMembers.isEmpty() ? "" : " at " + listMembers);
            case LINES -> "lines of " + type.getTypeName();
            case EVENTS -> "server-sent events";
            case PARTS -> "parts";
            case STORED_PARTS -> "stored parts";
        };
    }
}
