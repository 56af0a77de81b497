package io.penstock.body;

import io.penstock.annotation.Internal;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
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

    /**
     * How the value stands in its body.
     *
     * @param wrappers the members that may hold it
     * @param envelope whether one of them always does; else an object with other members is the value itself
     * @param singleAsList whether a list of one may come as that one
     * @param mayBeEmpty whether a body of length 0 is a success without a value
     * @param beside the members that stand beside a list
     * @param besideAnyOf the members of which at least one stands beside a list; empty if none has to
     * @param notBeside the members that do not, because they belong to lists of another form
     */
    private record Setting(
            List<String> wrappers,
            boolean envelope,
            boolean singleAsList,
            boolean mayBeEmpty,
            List<String> beside,
            List<String> besideAnyOf,
            List<String> notBeside) {}

    private static final Setting NOTHING_SPECIAL =
            new Setting(List.of(), false, false, false, List.of(), List.of(), List.of());
    private static final Payload<JsonNode> TREE =
            new Payload<>(Form.JSON, JsonNode.class, List.of(), List.of(), NOTHING_SPECIAL);
    private static final Payload<byte[]> BYTES =
            new Payload<>(Form.BYTES, byte[].class, List.of(), List.of(), NOTHING_SPECIAL);
    private static final Payload<Void> NONE =
            new Payload<>(Form.NONE, Void.class, List.of(), List.of(), NOTHING_SPECIAL);

    private static final Payload<ServerSentEvent> EVENTS =
            new Payload<>(Form.EVENTS, ServerSentEvent.class, List.of(), List.of(), NOTHING_SPECIAL);
    private static final Payload<ByteBuffer> PARTS =
            new Payload<>(Form.PARTS, ByteBuffer.class, List.of(), List.of(), NOTHING_SPECIAL);
    private static final Payload<ByteBuffer> STORED_PARTS =
            new Payload<>(Form.STORED_PARTS, ByteBuffer.class, List.of(), List.of(), NOTHING_SPECIAL);

    private final Form form;
    private final Type type;
    /** The names of a page's list; of streamed elements the way from the root to their array. */
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
     * A JSON value of that class, usually a record. Unknown members are ignored unless the class keeps them. In a record that
     * does, in a map with {@code @JsonAnySetter}, a component that is {@code @Nullable} or a collection does not have to fit: a
     * value of another type is kept in that map as it came, noted in the journey, and the component is null. A fraction where a
     * whole number belongs is an error everywhere.
     */
    public static <T> Payload<T> json(Class<T> type) {
        return new Payload<>(Form.JSON, type, List.of(), List.of(), NOTHING_SPECIAL);
    }

    /** A JSON value of a generic type. */
    public static <T> Payload<T> json(TypeReference<T> type) {
        return new Payload<>(Form.JSON, type.getType(), List.of(), List.of(), NOTHING_SPECIAL);
    }

    /** Any JSON value as a tree, with everything the server sent; no value where it sent a body of length 0. */
    public static Payload<JsonNode> tree() {
        return TREE;
    }

    /**
     * A list: a bare array, or an object that holds the array in the first of the named members that it has.
     *
     * @param item the items' type
     * @param listMembers the names under which the array may stand; if there are none, it is the only array of the object
     * @param cursorMembers the names under which the cursor of the next page may stand; a text that is not empty
     */
    public static <T> Payload<Page<T>> page(Class<T> item, List<String> listMembers, List<String> cursorMembers) {
        return new Payload<>(Form.PAGE, item, List.copyOf(listMembers), List.copyOf(cursorMembers), NOTHING_SPECIAL);
    }

    /**
     * The body as it is, whatever its type; at most the client's limit. It is asked for without a content coding; one that is
     * sent nevertheless is undone where it is gzip or deflate, and else {@code UNDECODABLE}.
     */
    public static Payload<byte[]> bytes() {
        return BYTES;
    }

    /** Nothing: a body, if there is one, is read and dropped, and the value is null. */
    public static Payload<Void> none() {
        return NONE;
    }

    /** The elements of an array at the root, one after the other while they arrive. */
    public static <T> Payload<T> elements(Class<T> item) {
        return elementsAt("", item);
    }

    /**
     * The elements of an array, one after the other while they arrive. What stands around the array is skipped.
     *
     * @param pointer where the array stands: a JSON pointer (RFC 6901) of member names, such as {@code /data/items}; the
     *     empty text for the root
     */
    public static <T> Payload<T> elementsAt(String pointer, Class<T> item) {
        return new Payload<>(Form.ELEMENTS, item, Pointers.names(pointer), List.of(), NOTHING_SPECIAL);
    }

    /** JSON values, one a line (NDJSON, JSON Lines), one after the other while they arrive. Blank lines are skipped. */
    public static <T> Payload<T> lines(Class<T> item) {
        return new Payload<>(Form.LINES, item, List.of(), List.of(), NOTHING_SPECIAL);
    }

    /** Server-sent events, as WHATWG HTML §9.2 describes them. */
    public static Payload<ServerSentEvent> events() {
        return EVENTS;
    }

    /** The body as it is, part by part while it arrives, however the wire cuts it. Codings are as with {@link #bytes()}. */
    public static Payload<ByteBuffer> parts() {
        return PARTS;
    }

    /**
     * The stored bytes, part by part: as {@link #parts()}, but a content coding is not undone, whatever it is. The header
     * {@code Content-Encoding} names it; length and ranges count these bytes (RFC 9110 §14.1.2).
     */
    public static Payload<ByteBuffer> storedParts() {
        return STORED_PARTS;
    }

    /** Whether it is read while it arrives, so that it takes a {@code Flux}. */
    public boolean isStreamed() {
        return form.isStreamed();
    }

    /** The same value, always in that member of an object; whatever stands beside it is dropped. */
    public Payload<T> inside(String member) {
        return with(new Setting(
                List.of(member),
                true,
                setting.singleAsList,
                setting.mayBeEmpty,
                setting.beside,
                setting.besideAnyOf,
                setting.notBeside));
    }

    /** The same value, bare or as the only member of an object, which then has one of these names, compared without case. */
    public Payload<T> orWrappedIn(String... members) {
        return with(new Setting(
                List.of(members),
                false,
                setting.singleAsList,
                setting.mayBeEmpty,
                setting.beside,
                setting.besideAnyOf,
                setting.notBeside));
    }

    /** The same list, where a list of one may come as that one object. */
    public Payload<T> orSingle() {
        return with(new Setting(
                setting.wrappers,
                setting.envelope,
                true,
                setting.mayBeEmpty,
                setting.beside,
                setting.besideAnyOf,
                setting.notBeside));
    }

    /** The same value, where a body of length 0 is a success without a value. */
    public Payload<T> orEmpty() {
        return with(new Setting(
                setting.wrappers,
                setting.envelope,
                setting.singleAsList,
                true,
                setting.beside,
                setting.besideAnyOf,
                setting.notBeside));
    }

    /** The same list, where these members stand beside it; an object without one of them is a list of another form. */
    public Payload<T> beside(String... members) {
        return with(new Setting(
                setting.wrappers,
                setting.envelope,
                setting.singleAsList,
                setting.mayBeEmpty,
                List.of(members),
                setting.besideAnyOf,
                setting.notBeside));
    }

    /** The same list, where at least one of these members stands beside it; else it is a list of another form. */
    public Payload<T> besideAnyOf(String... members) {
        return with(new Setting(
                setting.wrappers,
                setting.envelope,
                setting.singleAsList,
                setting.mayBeEmpty,
                setting.beside,
                List.of(members),
                setting.notBeside));
    }

    /** The same list, where none of these members stands beside it; an object with one is a list of another form. */
    public Payload<T> notBeside(String... members) {
        return with(new Setting(
                setting.wrappers,
                setting.envelope,
                setting.singleAsList,
                setting.mayBeEmpty,
                setting.beside,
                setting.besideAnyOf,
                List.of(members)));
    }

    /** The same list of other items. */
    public <R> Payload<Page<R>> of(Class<R> item) {
        if (form != Form.PAGE) {
            throw new IllegalStateException(this + " has no items");
        }
        return new Payload<>(Form.PAGE, item, listMembers, cursorMembers, setting);
    }

    private Payload<T> with(Setting other) {
        return new Payload<>(form, type, listMembers, cursorMembers, other);
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

    @Internal
    public Form form() {
        return form;
    }

    @Internal
    public Type type() {
        return type;
    }

    @Internal
    public List<String> listMembers() {
        return listMembers;
    }

    List<String> cursorMembers() {
        return cursorMembers;
    }

    /** The media types to ask for (RFC 9110 §12.5.1). */
    public String accept() {
        return switch (form) {
            case JSON, PAGE, ELEMENTS -> "application/json";
            case LINES -> "application/x-ndjson, application/jsonl";
            case EVENTS -> "text/event-stream";
            case BYTES, NONE, PARTS, STORED_PARTS -> "*/*";
        };
    }

    @Internal
    public boolean isTree() {
        return type == JsonNode.class && form == Form.JSON;
    }

    /** Whether the body is asked for without a content coding. */
    public boolean wantsIdentity() {
        return form == Form.BYTES || form == Form.PARTS || form == Form.STORED_PARTS || form == Form.EVENTS;
    }

    /** Whether a content coding that is sent nevertheless stays. */
    public boolean isStored() {
        return form == Form.STORED_PARTS;
    }

    /** A name for messages. */
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
