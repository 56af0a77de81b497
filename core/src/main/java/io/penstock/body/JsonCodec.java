package io.penstock.body;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.TokenBuffer;

/**
 * The codec of JSON bodies, and the only class that configures the JSON library. Bodies are read with a forward parser
 * straight from the buffer: it walks the envelope and hands the payload to a reader that is cached per type.
 *
 * @hidden
 */
@Internal
public final class JsonCodec {

    private static final int MAX_DEPTH = 100;

    private final JsonMapper mapper;
    private final JsonFactory streams;
    private final Readers strict;
    /** For bodies with a value that does not fit its type; created for the first such body. */
    private volatile @Nullable Readers tolerant;

    /**
     * One reader per type, created on first use. Creating a reader holds a lock of its mapper, and bodies are read on
     * event loops. While one thread is creating a reader, any other thread therefore creates its own, from its own
     * mapper.
     */
    private static final class Readers {
        final JsonMapper mapper;
        private final ConcurrentMap<Type, ObjectReader> whole = new ConcurrentHashMap<>();
        private final ConcurrentMap<Type, ObjectReader> items = new ConcurrentHashMap<>();
        private final AtomicBoolean making = new AtomicBoolean();

        Readers(JsonMapper mapper) {
            this.mapper = prepared(mapper);
        }

        /** Prepares the reader of trees, which the mapper itself and other readers use. */
        private static JsonMapper prepared(JsonMapper mapper) {
            var unused = mapper.readerFor(JsonNode.class);
            return mapper;
        }

        ObjectReader whole(Type type, @Nullable OddMembers odd) {
            ObjectReader known = whole.get(type);
            return with(odd, known != null ? known : kept(whole, type, make(type)));
        }

        /** Returns a reader of one value that ignores what follows it. */
        ObjectReader item(Type type, @Nullable OddMembers odd) {
            ObjectReader known = items.get(type);
            return with(
                    odd,
                    known != null
                            ? known
                            : kept(items, type, make(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)));
        }

        private ObjectReader make(Type type) {
            if (!making.compareAndSet(false, true)) {
                JsonMapper own = prepared(mapper.rebuild().build());
                return own.readerFor(own.constructType(type));
            }
            try {
                return mapper.readerFor(mapper.constructType(type));
            } finally {
                making.set(false);
            }
        }

        private static ObjectReader kept(ConcurrentMap<Type, ObjectReader> readers, Type type, ObjectReader made) {
            ObjectReader first = readers.putIfAbsent(type, made);
            return first == null ? made : first;
        }

        private static ObjectReader with(@Nullable OddMembers odd, ObjectReader reader) {
            return odd == null ? reader : reader.withAttribute(OddMembers.class, odd);
        }
    }

    /** One pass over a body. */
    private record Reading(Readers readers, @Nullable OddMembers odd) {
        ObjectReader whole(Type type) {
            return readers.whole(type, odd);
        }

        ObjectReader item(Type type) {
            return readers.item(type, odd);
        }
    }

    private final Reading usual;

    /**
     * Creates a codec.
     *
     * @param maxBytes the size of the largest document, and so of the longest text, that it reads; nesting is limited
     *     to 100
     */
    public JsonCodec(int maxBytes) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(maxBytes)
                        .maxDocumentLength(maxBytes)
                        .build())
                .build();
        this.streams = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(maxBytes)
                        .build())
                .build();
        this.mapper = JsonMapper.builder(factory)
                .addModules(Blackbird.modules())
                // A tree keeps everything that the server sent, including every digit.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                // Values are not coerced to fit their type.
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .annotationIntrospector(
                        AnnotationIntrospectorPair.create(new UnknownMembers(), new JacksonAnnotationIntrospector()))
                .build();
        this.strict = new Readers(mapper);
        this.usual = new Reading(strict, null);
    }

    private Reading tolerant(OddMembers odd) {
        Readers known = tolerant;
        if (known == null) {
            known = new Readers(mapper.rebuild()
                    .addModule(Tolerance.module())
                    .annotationIntrospector(AnnotationIntrospectorPair.create(
                            new Tolerance.Components(),
                            mapper.deserializationConfig().getAnnotationIntrospector()))
                    .build());
            tolerant = known;
        }
        return new Reading(known, odd);
    }

    /**
     * Encodes an object.
     *
     * @throws ApiException INVALID_REQUEST if it cannot be encoded
     */
    public byte[] encode(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw unencodable(value, e);
        }
    }

    /**
     * Encodes an object with one more member.
     *
     * @throws ApiException INVALID_REQUEST if it cannot be encoded, is not a JSON object, or has the member with
     *     another value
     */
    public byte[] encodeWith(@Nullable Object value, String member, String text) {
        try {
            JsonNode tree = value == null ? mapper.createObjectNode() : tree(value);
            if (!(tree instanceof ObjectNode object)) {
                throw ApiException.invalidRequest("body: " + tree.getNodeType()
                        + " (expected: a JSON object, because the idempotency key goes into its member \"" + member
                        + "\")");
            }
            JsonNode present = object.get(member);
            if (present != null && !present.isNull() && !present.asString("").equals(text)) {
                throw ApiException.invalidRequest("body: member \"" + member
                        + "\" differs from the request's idempotency key (expected: the same, or none)");
            }
            object.put(member, text);
            return mapper.writeValueAsBytes(object);
        } catch (JacksonException e) {
            throw unencodable(value, e);
        }
    }

    /**
     * Returns the same document with a text at one place.
     *
     * @param pointer a JSON pointer to a member of an object, or to an existing element of an array
     * @throws ApiException INVALID_REQUEST if it cannot be encoded, or the pointer leads nowhere
     */
    public JsonNode with(Object value, String pointer, String text) {
        try {
            JsonNode tree = tree(value);
            JsonPointer place = JsonPointer.compile(pointer);
            JsonPointer last = place.last();
            JsonNode parent = last == null ? null : tree.at(place.head());
            if (last != null && parent instanceof ObjectNode object) {
                object.put(last.getMatchingProperty(), text);
                return tree;
            }
            if (last != null && parent instanceof ArrayNode array && array.has(last.getMatchingIndex())) {
                array.set(last.getMatchingIndex(), text);
                return tree;
            }
        } catch (JacksonException e) {
            throw unencodable(value, e);
        } catch (IllegalArgumentException notAPointer) {
            // reported below, as a pointer that leads nowhere
        }
        throw ApiException.invalidRequest("body: no place at the JSON pointer \"" + pointer
                + "\" (expected: a member of an object, or an element of an array, such as /files/0/data)");
    }

    private JsonNode tree(Object value) {
        return value instanceof JsonNode node ? node.deepCopy() : mapper.valueToTree(value);
    }

    /** Creates the error with type and place only: the library's own message quotes values, which may be secret. */
    private static ApiException unencodable(@Nullable Object value, JacksonException e) {
        return ApiException.invalidRequest(
                "body: " + (value == null ? "null" : value.getClass().getName())
                        + " cannot be encoded as JSON at " + place(e)
                        + " (expected: a record, map, list, tree or plain value)");
    }

    /**
     * Decodes one whole document.
     *
     * @throws ApiException UNDECODABLE if it is not JSON, cannot be decoded to this type, or is {@code null}
     */
    public <T> T decode(Class<T> type, byte[] json) {
        try {
            Object value = read(Payload.json(type), Unpooled.wrappedBuffer(json));
            if (value != null) {
                return type.cast(value);
            }
        } catch (MalformedBody e) {
            throw undecodable(type, e.describe());
        }
        throw undecodable(type, "null");
    }

    private static ApiException undecodable(Class<?> type, String why) {
        return new ApiException(Failure.of(
                ErrorKind.UNDECODABLE,
                Certainty.NOT_SENT,
                Retryability.PERMANENT,
                why + " (expected: JSON of a " + type.getSimpleName() + ")"));
    }

    /** Returns the value of a payload; null only if the JSON is {@code null}. */
    @Nullable
    Object read(Payload<?> payload, ByteBuf body) throws MalformedBody {
        return read(payload, body, note -> {});
    }

    /**
     * Returns the value of a payload; null only if the JSON is {@code null}.
     *
     * @param notes receives a note on members that do not fit and were {@linkplain Tolerance tolerated}
     */
    @Nullable
    public Object read(Payload<?> payload, ByteBuf body, Consumer<String> notes) throws MalformedBody {
        if (body.hasArray() || !Scratch.fits(body)) {
            return readFrom(payload, body, notes);
        }
        ByteBuf copy = Scratch.copyOf(body);
        try {
            return readFrom(payload, copy, notes);
        } finally {
            Scratch.giveBack(copy);
        }
    }

    private @Nullable Object readFrom(Payload<?> payload, ByteBuf body, Consumer<String> notes) throws MalformedBody {
        try {
            return readFrom(payload, body, usual);
        } catch (MalformedBody e) {
            if (!e.isMisfit()) {
                throw e;
            }
        }
        List<String> noted = new ArrayList<>();
        Object value = readFrom(payload, body, tolerant(new OddMembers(noted::add)));
        noted.forEach(notes);
        return value;
    }

    private @Nullable Object readFrom(Payload<?> payload, ByteBuf body, Reading reading) throws MalformedBody {
        if (payload.form() != Payload.Form.PAGE && payload.wrappers().isEmpty()) {
            return bare(payload, body, reading);
        }
        try (JsonParser parser = parser(body)) {
            if (payload.form() == Payload.Form.PAGE) {
                Page<Object> page = page(parser, payload, body, reading);
                verifyNothingFollows(parser);
                return page;
            }
            Wrapped wrapped = wrapped(parser, payload, reading);
            if (wrapped != null) {
                return wrapped.value();
            }
        } catch (JacksonException e) {
            throw MalformedBody.of(e, endsTooEarly(e, body));
        }
        return bare(payload, body, reading);
    }

    /**
     * Returns a parser that is fed part by part, for a document of any length. Nesting and texts are limited as usual.
     */
    public JsonParser fedParser() {
        return streams.createNonBlockingByteArrayParser(mapper._deserializationContext());
    }

    /** Returns one element of a stream; null only if the JSON is {@code null}. */
    @Nullable
    public Object element(Type type, byte[] bytes, int from, int length, OddMembers odd) {
        try {
            return usual.whole(type).readValue(bytes, from, length);
        } catch (JacksonException e) {
            if (!Tolerance.mayHelp(e)) {
                throw e;
            }
        }
        return tolerant(odd).whole(type).readValue(bytes, from, length);
    }

    /** Returns one element of a stream that is neither object nor array: the parser's current token. */
    @Nullable
    public Object plainElement(Type type, JsonParser parser, OddMembers odd) {
        try (TokenBuffer token = TokenBuffer.forBuffering(parser, parser.objectReadContext())) {
            token.copyCurrentEvent(parser);
            try {
                return usual.whole(type).readValue(token.asParser());
            } catch (JacksonException e) {
                if (!Tolerance.mayHelp(e)) {
                    throw e;
                }
            }
            return tolerant(odd).whole(type).readValue(token.asParser());
        }
    }

    private record Wrapped(@Nullable Object value) {}

    /**
     * Returns the value in the wrapper, or null if the object is not a wrapper: the body then has to be read again from
     * its start.
     */
    private @Nullable Wrapped wrapped(JsonParser parser, Payload<?> payload, Reading reading) throws MalformedBody {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return null;
        }
        Wrapped found = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean wrapper = found == null && payload.isWrapper(parser.currentName());
            JsonToken value = parser.nextToken();
            if (!wrapper && !payload.envelope()) {
                return null; // an object with other members is the payload itself
            }
            if (!wrapper || (value != JsonToken.START_OBJECT && !payload.envelope())) {
                parser.skipChildren();
            } else {
                found = new Wrapped(reading.item(payload.type()).readValue(parser));
            }
        }
        if (found == null && payload.envelope()) {
            throw new MalformedBody("$", -1, false, "an object with " + payload.wrappers());
        }
        verifyNothingFollows(parser);
        return found;
    }

    private @Nullable Object bare(Payload<?> payload, ByteBuf body, Reading reading) throws MalformedBody {
        ObjectReader reader = reading.whole(payload.type());
        try {
            // The reader creates the parser itself: a parser that is passed to it was created with a context of its
            // own.
            return body.hasArray()
                    ? reader.readValue(body.array(), body.arrayOffset() + body.readerIndex(), body.readableBytes())
                    : reader.readValue((InputStream) new ByteBufInputStream(body.duplicate()));
        } catch (JacksonException e) {
            throw MalformedBody.of(e, endsTooEarly(e, body));
        }
    }

    /** Returns whether a member at the top of an object is one of the signs; false for anything but an object. */
    public boolean saysFailure(ByteBuf body, List<FailureSign> signs) {
        try (JsonParser parser = parser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == null) {
                    return false;
                }
                if (FailureSigns.isAmong(signs, name, parser)) {
                    return true;
                }
                parser.skipChildren();
            }
            return false;
        } catch (JacksonException e) {
            return false; // the payload's own reader reports what is wrong with it, and where
        }
    }

    private static void verifyNothingFollows(JsonParser parser) throws MalformedBody {
        if (parser.nextToken() != null) {
            throw new MalformedBody("$", parser.currentTokenLocation().getByteOffset(), false, "well-formed JSON");
        }
    }

    /**
     * Returns whether the text ends prematurely. The library reports that only in some places: not after a comma, nor
     * inside {@code true}, {@code false}, {@code null} or after a decimal point.
     */
    private static boolean endsTooEarly(JacksonException e, ByteBuf body) {
        if (e instanceof UnexpectedEndOfInputException) {
            return true;
        }
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        long left = body.readableBytes() - offset;
        if (!(e instanceof StreamReadException) || e instanceof StreamConstraintsException || offset < 0 || left > 4) {
            return false;
        }
        String rest = left <= 0
                ? ""
                : body.toString(body.readerIndex() + (int) offset, (int) left, StandardCharsets.ISO_8859_1);
        return rest.equals(".")
                || Stream.of("true", "false", "null").anyMatch(t -> t.startsWith(rest) && !t.equals(rest));
    }

    private Page<Object> page(JsonParser parser, Payload<?> payload, ByteBuf body, Reading reading)
            throws MalformedBody {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_ARRAY) {
            return new Page<>(items(parser, reading.item(payload.type()), body), null);
        }
        if (first != JsonToken.START_OBJECT) {
            throw new MalformedBody(
                    "$", parser.currentLocation().getByteOffset(), false, "a list or an object with one");
        }
        List<Object> items = null;
        Map<String, JsonNode> more = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean list = payload.listMembers().isEmpty()
                    ? value == JsonToken.START_ARRAY
                    : items == null && payload.listMembers().contains(name);
            if (list && items != null) {
                throw new MalformedBody("$." + name, parser.currentLocation().getByteOffset(), false, "one list");
            }
            if (list && value == JsonToken.START_ARRAY) {
                items = items(parser, reading.item(payload.type()), body);
            } else if (list && value == JsonToken.START_OBJECT && payload.singleAsList()) {
                items = new ArrayList<>();
                items.add(reading.item(payload.type()).readValue(parser));
            } else {
                more.put(name, reading.item(JsonNode.class).readValue(parser));
            }
        }
        if (items == null) {
            throw new MalformedBody(
                    "$",
                    parser.currentLocation().getByteOffset(),
                    false,
                    payload.listMembers().isEmpty() ? "a list" : "a list as one of " + payload.listMembers());
        }
        verifyForm(payload, more);
        return new Page<>(items, cursor(more, payload.cursorMembers()), more);
    }

    private static void verifyForm(Payload<?> payload, Map<String, JsonNode> more) throws MalformedBody {
        for (String member : payload.beside()) {
            if (!more.containsKey(member)) {
                throw new MalformedBody("$", -1, false, "a list with \"" + member + "\" beside it");
            }
        }
        List<String> any = payload.besideAnyOf();
        if (!any.isEmpty() && any.stream().noneMatch(more::containsKey)) {
            throw new MalformedBody("$", -1, false, "a list with one of " + any + " beside it");
        }
        for (String member : payload.notBeside()) {
            if (more.containsKey(member)) {
                throw new MalformedBody("$." + member, -1, false, "a list without \"" + member + "\" beside it");
            }
        }
    }

    private static @Nullable String cursor(Map<String, JsonNode> more, List<String> members) {
        for (String member : members) {
            JsonNode value = more.get(member);
            if (value != null
                    && (value.isString() || value.isNumber())
                    && !value.asString().isEmpty()) {
                return value.asString();
            }
        }
        return null;
    }

    /** Reads to the end of the parser's current array, and leaves the parser there. */
    private List<Object> items(JsonParser parser, ObjectReader reader, ByteBuf body) {
        long from = parser.currentTokenLocation().getByteOffset();
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(reader.readValue(parser));
        }
        return new FingerprintedList<>(
                items, body, from, parser.currentLocation().getByteOffset());
    }

    /** Returns a whole body as a tree, or null if it is not JSON. */
    @Nullable
    public JsonNode tree(ByteBuf body) {
        try (JsonParser parser = parser(body)) {
            return mapper.readTree(parser);
        } catch (JacksonException e) {
            return null; // an error body may be anything: the caller falls back to the status
        }
    }

    /** Returns a parser over the buffer's array if it has one, else over a stream; neither copies the body. */
    private JsonParser parser(ByteBuf body) {
        ByteBuf view = body.duplicate();
        return view.hasArray()
                ? mapper.createParser(view.array(), view.arrayOffset() + view.readerIndex(), view.readableBytes())
                : mapper.createParser((InputStream) new ByteBufInputStream(view));
    }

    static String place(JacksonException e) {
        StringBuilder path = new StringBuilder("$");
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() != null) {
                path.append('.').append(step.getPropertyName());
            } else {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.toString();
    }
}
