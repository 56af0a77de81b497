package io.penstock.body;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/** A reader of pages: a bare array, or an object with a list of items, a cursor and other members. */
final class PageReader {

    private PageReader() {}

    /** Reads to the end of the list or of the object around it. */
    static Page<Object> read(JsonParser parser, Payload<?> payload, ByteBuf body, JsonReaders.Pass readers)
            throws MalformedBody {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_ARRAY) {
            Items bare = items(parser, payload, body, readers);
            return new Page<>(bare.list(), bare.lastCursor());
        }
        if (first != JsonToken.START_OBJECT) {
            throw new MalformedBody(
                    "$", parser.currentLocation().getByteOffset(), false, "a list or an object with one");
        }
        Items items = null;
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
                items = items(parser, payload, body, readers);
            } else if (list && value == JsonToken.START_OBJECT && payload.singleAsList()) {
                items = single(parser, payload, body, readers);
            } else {
                more.put(name, readers.item(JsonNode.class).readValue(parser));
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
        String cursor = payload.lastItem().isEmpty() ? cursor(more, payload.cursorMembers()) : items.lastCursor();
        return new Page<>(items.list(), cursor, more);
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
    private static Items items(JsonParser parser, Payload<?> payload, ByteBuf body, JsonReaders.Pass readers)
            throws MalformedBody {
        ObjectReader reader = readers.item(payload.type());
        boolean cursorInside = !payload.lastItem().isEmpty();
        long from = parser.currentTokenLocation().getByteOffset();
        long last = from;
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (cursorInside) {
                last = parser.currentTokenLocation().getByteOffset();
            }
            items.add(reader.readValue(parser));
        }
        long to = parser.currentLocation().getByteOffset();
        String cursor = cursorInside && !items.isEmpty() ? lastCursor(body, last, to, payload, readers) : null;
        return new Items(new FingerprintedList<>(items, body, from, to), cursor);
    }

    /** Reads the only item of a list, which stands in its place. */
    private static Items single(JsonParser parser, Payload<?> payload, ByteBuf body, JsonReaders.Pass readers)
            throws MalformedBody {
        long from = parser.currentTokenLocation().getByteOffset();
        List<Object> items = new ArrayList<>();
        items.add(readers.item(payload.type()).readValue(parser));
        long to = parser.currentLocation().getByteOffset();
        return new Items(items, payload.lastItem().isEmpty() ? null : lastCursor(body, from, to, payload, readers));
    }

    /** Reads the last item once more, as a tree: its class need not have the member. */
    private static String lastCursor(ByteBuf body, long from, long to, Payload<?> payload, JsonReaders.Pass readers)
            throws MalformedBody {
        String text = body.toString(body.readerIndex() + (int) from, (int) (to - from), StandardCharsets.UTF_8);
        JsonNode item = readers.item(JsonNode.class).readValue(text);
        JsonNode member = Pointers.at(item, payload.lastItem());
        if ((!member.isString() && !member.isNumber()) || member.asString().isEmpty()) {
            throw new MalformedBody(
                    "$",
                    from,
                    false,
                    "a text or number at " + payload.lastItem()
                            + " of the last item, after which the next page begins");
        }
        return member.asString();
    }

    /**
     * The items of a page.
     *
     * @param lastCursor the cursor in the last item, or null
     */
    private record Items(List<Object> list, @Nullable String lastCursor) {}
}
