package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.body.FailureSigns;
import io.penstock.body.JsonCodec;
import io.penstock.body.MalformedBody;
import io.penstock.body.OddMembers;
import io.penstock.body.Payload;
import io.penstock.pipeline.BodyReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * A reader of the elements of one array of a JSON document, at its root or inside objects. A parser that is fed part by
 * part finds the array and the bounds of its elements, and validates everything around them. Each element is bound from
 * its own bytes, like a separate document.
 *
 * <p>Kept in memory are the current part, the element that it cuts off, up to the limit, and up to 64 KiB of what
 * precedes the array: if there is no array, these bytes explain why.
 */
final class ElementsReader implements BodyReader {

    private static final int MOST_BEFORE = 64 * 1024;

    private enum At {
        BEFORE,
        ARRAY,
        ELEMENT,
        AFTER,
        /** The body does not match the payload; the rest is read to find out what it is. */
        ELSEWHERE
    }

    private final JsonCodec codec;
    private final Payload<?> payload;
    private final List<String> way;
    private final int limit;
    private final StreamFailures failures;
    private final OddMembers odd;
    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private final Collected before = new Collected(MOST_BEFORE);
    private final Collected element;

    private final ByteOrderMark mark = new ByteOrderMark();
    private final FailureSigns.Watch signs;

    private At at = At.BEFORE;
    private byte[] part = new byte[0];
    /** Bytes in all parts before this one. All offsets here are counted from after a byte order mark. */
    private long read;

    private int depth;
    private int stepsTaken;
    private boolean onTheWay;
    private boolean started;
    private int arrayDepth;
    private long elementStart;
    /** Where the array ended, or less than 0. */
    private long arrayEnd = -1;

    private long index;
    private String elsewhere = "";

    ElementsReader(JsonCodec codec, Payload<?> payload, int limit, StreamFailures failures, FailureSigns signs) {
        this.codec = codec;
        this.payload = payload;
        this.way = payload.listMembers();
        this.limit = limit;
        this.failures = failures;
        this.odd = failures.oddMembers();
        this.parser = codec.fedParser();
        this.feeder = (ByteArrayFeeder) parser.nonBlockingInputFeeder();
        this.element = new Collected(limit);
        this.signs = new FailureSigns.Watch(signs);
    }

    @Override
    public void read(ByteBuf bytes, Consumer<Object> elements) {
        if (!bytes.isReadable()) {
            return;
        }
        part = mark.skip(ByteBufUtil.getBytes(bytes));
        boolean decided = at == At.ELSEWHERE;
        if (at == At.BEFORE || decided) {
            keepBefore();
        }
        if (!decided && part.length > 0) {
            try {
                feeder.feedInput(part, 0, part.length);
                parse(elements);
            } catch (JacksonException e) {
                throw malformed(e);
            }
        }
        if (at == At.ELEMENT) {
            int from = (int) Math.max(0, elementStart - read);
            keep(from, part.length - from);
        }
        if (arrayEnd >= 0 && !decided) {
            keepBehind();
        }
        read += part.length;
        part = new byte[0];
    }

    private void keepBefore() {
        boolean all = before.add(part, 0, part.length);
        if (!all && at == At.ELSEWHERE) {
            throw notPromised(false);
        }
    }

    /**
     * Keeps the beginning of what follows the array, within the limit for what precedes it: a failure that shows there
     * can then be told from a document with an empty array.
     */
    private void keepBehind() {
        int from = (int) Math.max(0, arrayEnd - read);
        before.add(part, from, part.length - from);
    }

    private void keep(int from, int length) {
        if (!element.add(part, from, length)) {
            throw failures.tooLarge("element at " + path(index) + " (byte " + mark.told(elementStart) + ")", limit);
        }
    }

    private void parse(Consumer<Object> elements) {
        JsonToken token = parser.nextToken();
        while (token != null && token != JsonToken.NOT_AVAILABLE && at != At.ELSEWHERE) {
            if (depth == 0 && at == At.AFTER) {
                throw trailing();
            }
            step(token, elements);
            token = parser.nextToken();
        }
    }

    private void step(JsonToken token, Consumer<Object> elements) {
        if (token.isStructStart()) {
            depth++;
        } else if (token.isStructEnd()) {
            depth--;
        }
        if (signs.sees(token, depth, parser)) {
            goElsewhere("an error");
            return;
        }
        switch (at) {
            case BEFORE -> seek(token);
            case ARRAY -> inArray(token, elements);
            case ELEMENT -> inElement(elements);
            case AFTER, ELSEWHERE -> {
                // the rest of the document
            }
        }
    }

    /** Looks for the array: at the root, or below the names of its path, each one level deeper. */
    private void seek(JsonToken token) {
        if (!started) {
            started = true;
            arrive(token, way.isEmpty());
        } else if (onTheWay) {
            arrive(token, stepsTaken + 1 == way.size());
        } else if (token == JsonToken.PROPERTY_NAME && depth == stepsTaken + 1) {
            onTheWay = parser.currentName().equals(way.get(stepsTaken));
        } else if (token == JsonToken.END_OBJECT && depth == 0) {
            goElsewhere("no array at " + path());
        } else if (token == JsonToken.END_OBJECT && depth == stepsTaken) {
            stepsTaken--; // an object on the path without the next name: its own name may occur again
        }
    }

    private void arrive(JsonToken token, boolean atItsPlace) {
        if (token != (atItsPlace ? JsonToken.START_ARRAY : JsonToken.START_OBJECT)) {
            goElsewhere((atItsPlace ? "no array at " : "no object on the way to ") + path());
            return;
        }
        if (onTheWay) {
            stepsTaken++;
        }
        onTheWay = false;
        if (atItsPlace) {
            before.clear();
            at = At.ARRAY;
            arrayDepth = depth;
        }
    }

    private void goElsewhere(String why) {
        at = At.ELSEWHERE;
        elsewhere = why;
    }

    private void inArray(JsonToken token, Consumer<Object> elements) {
        if (token.isStructStart()) {
            at = At.ELEMENT;
            elementStart = parser.currentLocation().getByteOffset() - 1;
        } else if (token.isStructEnd()) {
            at = At.AFTER;
            if (!way.isEmpty()) {
                arrayEnd = parser.currentLocation().getByteOffset() - 1;
                byte[] opening = opening();
                before.add(opening, 0, opening.length);
            }
        } else {
            elementStart = parser.currentTokenLocation().getByteOffset() - 1;
            emit(elements, () -> codec.plainElement(payload.type(), parser, odd));
        }
    }

    /** Returns the opening of a document up to its array, without any other content. */
    private byte[] opening() {
        StringBuilder text = new StringBuilder();
        for (String name : way) {
            text.append("{\"")
                    .append(JsonStringEncoder.getInstance().quoteAsCharArray(name))
                    .append("\":");
        }
        return text.append('[').toString().getBytes(StandardCharsets.UTF_8);
    }

    private void inElement(Consumer<Object> elements) {
        if (depth > arrayDepth) {
            return;
        }
        int end = (int) (parser.currentLocation().getByteOffset() - read);
        if (elementStart >= read) {
            int from = (int) (elementStart - read);
            if (end - from > limit) {
                keep(from, end - from);
            }
            emit(elements, () -> codec.element(payload.type(), part, from, end - from, odd));
        } else {
            keep(0, end);
            emit(elements, () -> codec.element(payload.type(), element.array(), 0, element.size(), odd));
            element.clear();
        }
        at = At.ARRAY;
    }

    private interface Binding {
        @Nullable
        Object value();
    }

    private void emit(Consumer<Object> elements, Binding binding) {
        Object value;
        try {
            value = binding.value();
        } catch (JacksonException e) {
            MalformedBody malformed = MalformedBody.of(e, false);
            throw failures.unreadable(
                    e,
                    path(index) + malformed.path().substring(1),
                    mark.told(elementStart + Math.max(0, malformed.offset())),
                    malformed.expected() + " of " + payload,
                    limit);
        }
        if (value == null) {
            throw failures.undecodable(
                    "null at " + path(index) + " (byte " + mark.told(elementStart) + "), expected: " + payload);
        }
        index++;
        elements.accept(value);
    }

    private String path() {
        return way.isEmpty() ? "$" : "$." + String.join(".", way);
    }

    private String path(long element) {
        return path() + "[" + element + "]";
    }

    /** Returns the parser's current path. */
    private String place() {
        StringBuilder path = new StringBuilder();
        for (TokenStreamContext c = parser.streamReadContext(); c != null && !c.inRoot(); c = c.getParent()) {
            path.insert(
                    0,
                    c.inArray()
                            ? "[" + Math.max(0, c.getCurrentIndex()) + "]"
                            : c.hasCurrentName() ? "." + c.currentName() : "");
        }
        return path.insert(0, '$').toString();
    }

    private RuntimeException malformed(JacksonException e) {
        if (e instanceof UnexpectedEndOfInputException) {
            return failures.cut(place() + " (byte " + mark.told(read) + ")", "the end of the document");
        }
        if (at == At.BEFORE) {
            return failures.otherThanPromised(before.copy(), "unreadable, expected: well-formed JSON of " + payload);
        }
        long offset = e.getLocation() == null ? read : e.getLocation().getByteOffset();
        return failures.unreadable(e, place(), mark.told(offset), "well-formed JSON of " + payload, limit);
    }

    private RuntimeException trailing() {
        return failures.undecodable("something follows the document (byte "
                + mark.told(parser.currentTokenLocation().getByteOffset()) + "), expected: its end");
    }

    private RuntimeException notPromised(boolean complete) {
        byte[] body = before.copy();
        return failures.saysFailure(body)
                ? failures.envelope(body, complete)
                : failures.otherThanPromised(body, elsewhere + ", expected: " + payload);
    }

    @Override
    public void end(Consumer<Object> elements) {
        if (at == At.ELSEWHERE) {
            throw notPromised(true);
        }
        feeder.endOfInput();
        try {
            parse(elements);
        } catch (JacksonException e) {
            throw malformed(e);
        }
        if (at == At.ELSEWHERE) {
            throw notPromised(true);
        }
        if (at != At.AFTER || depth != 0) {
            throw read == 0
                    ? failures.otherThanPromised(new byte[0], "empty (expected: " + payload + ")")
                    : failures.cut(place() + " (byte " + mark.told(read) + ")", "the end of the document");
        }
        parser.close();
    }
}
