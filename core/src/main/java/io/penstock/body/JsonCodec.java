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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
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
    private final JsonReaders.Pass usual;
    /** For bodies with a value that does not fit its type; created for the first such body. */
    private volatile @Nullable JsonReaders tolerant;

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
                .addModule(SpreadCreator.module())
                // A tree keeps everything that the server sent, including every digit.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                // Values are not coerced to fit their type.
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .annotationIntrospector(
                        AnnotationIntrospectorPair.create(new UnknownMembers(), new JacksonAnnotationIntrospector()))
                .build();
        this.usual = new JsonReaders(mapper).pass(null);
    }

    private JsonReaders.Pass tolerant(OddMembers odd) {
        JsonReaders known = tolerant;
        if (known == null) {
            known = new JsonReaders(mapper.rebuild()
                    .addModule(Tolerance.module())
                    .annotationIntrospector(AnnotationIntrospectorPair.create(
                            new Tolerance.Components(),
                            mapper.deserializationConfig().getAnnotationIntrospector()))
                    .build());
            tolerant = known;
        }
        return known.pass(odd);
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
        return encode(treeWith(value, member, text));
    }

    /** Returns the tree of an object with one more member, as {@link #encodeWith} encodes it. */
    JsonNode treeWith(@Nullable Object value, String member, String text) {
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
            return object;
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

    /**
     * Returns the tree of a value.
     *
     * @throws ApiException INVALID_REQUEST if it cannot be encoded
     */
    JsonNode treeOf(Object value) {
        try {
            return tree(value);
        } catch (JacksonException e) {
            throw unencodable(value, e);
        }
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

    private @Nullable Object readFrom(Payload<?> payload, ByteBuf body, JsonReaders.Pass readers) throws MalformedBody {
        if (payload.form() != Payload.Form.PAGE && payload.wrappers().isEmpty()) {
            return bare(payload, body, readers);
        }
        try (JsonParser parser = parser(body)) {
            if (payload.form() == Payload.Form.PAGE) {
                Page<Object> page = PageReader.read(parser, payload, body, readers);
                verifyNothingFollows(parser);
                return page;
            }
            Wrapped wrapped = wrapped(parser, payload, readers);
            if (wrapped != null) {
                return wrapped.value();
            }
        } catch (JacksonException e) {
            throw MalformedBody.of(e, body);
        }
        return bare(payload, body, readers);
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
    private @Nullable Wrapped wrapped(JsonParser parser, Payload<?> payload, JsonReaders.Pass readers)
            throws MalformedBody {
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
                found = new Wrapped(readers.item(payload.type()).readValue(parser));
            }
        }
        if (found == null && payload.envelope()) {
            throw new MalformedBody("$", -1, false, "an object with " + payload.wrappers());
        }
        verifyNothingFollows(parser);
        return found;
    }

    private @Nullable Object bare(Payload<?> payload, ByteBuf body, JsonReaders.Pass readers) throws MalformedBody {
        ObjectReader reader = readers.whole(payload.type());
        try {
            // The reader creates the parser itself: a parser that is passed to it was created with a context of its
            // own.
            return body.hasArray()
                    ? reader.readValue(body.array(), body.arrayOffset() + body.readerIndex(), body.readableBytes())
                    : reader.readValue((InputStream) new ByteBufInputStream(body.duplicate()));
        } catch (JacksonException e) {
            throw MalformedBody.of(e, body);
        }
    }

    /** Returns whether a member at the top of an object is one of the signs; false for anything but an object. */
    public boolean saysFailure(ByteBuf body, List<FailureSign> signs) {
        if (body.hasArray() || !Scratch.fits(body)) {
            return hasSign(body, signs);
        }
        ByteBuf copy = Scratch.copyOf(body);
        try {
            return hasSign(copy, signs);
        } finally {
            Scratch.giveBack(copy);
        }
    }

    private boolean hasSign(ByteBuf body, List<FailureSign> signs) {
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
