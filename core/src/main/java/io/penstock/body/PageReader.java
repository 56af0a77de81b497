package io.penstock.body;

import io.netty.buffer.ByteBuf;
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
            return new Page<>(items(parser, readers.item(payload.type()), body), null);
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
                items = items(parser, readers.item(payload.type()), body);
            } else if (list && value == JsonToken.START_OBJECT && payload.singleAsList()) {
                items = new ArrayList<>();
                items.add(readers.item(payload.type()).readValue(parser));
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
    private static List<Object> items(JsonParser parser, ObjectReader reader, ByteBuf body) {
        long from = parser.currentTokenLocation().getByteOffset();
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(reader.readValue(parser));
        }
        return new FingerprintedList<>(
                items, body, from, parser.currentLocation().getByteOffset());
    }
}
