package io.penstock.test;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A body on a cassette. JSON is kept as JSON and text as text, so that a person can read the file; other bytes are kept
 * in Base64. Of a body that was read while it was sent, only that fact is kept.
 *
 * @param form the member of the file that holds it
 * @param value the value of the member
 */
record CassetteBody(Form form, JsonNode value) {

    /** What a body is kept as. */
    enum Form {
        NONE,
        JSON,
        TEXT,
        BASE64,
        STREAMED;

        String member() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String MASK = "****";

    private static final CassetteBody NONE = new CassetteBody(Form.NONE, NullNode.getInstance());

    /** Returns the body of a request that is read while it is sent. */
    static CassetteBody streamed() {
        return new CassetteBody(Form.STREAMED, BooleanNode.TRUE);
    }

    /** Returns a body of these bytes, in the form that suits them. */
    static CassetteBody of(byte[] bytes) {
        if (bytes.length == 0) {
            return NONE;
        }
        String text = text(bytes);
        if (text == null) {
            return new CassetteBody(
                    Form.BASE64, StringNode.valueOf(Base64.getEncoder().encodeToString(bytes)));
        }
        JsonNode json = json(text);
        return json == null ? new CassetteBody(Form.TEXT, StringNode.valueOf(text)) : new CassetteBody(Form.JSON, json);
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Returns an object or a list that is the whole text; null for any other text, such as several lines of JSON. */
    private static @Nullable JsonNode json(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return null;
        }
        try {
            return Cassette.JSON
                    .reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Reads the body of a request or an answer. */
    static CassetteBody of(JsonNode owner) {
        for (Form form : Form.values()) {
            JsonNode value = owner.get(form.member());
            if (form != Form.NONE && value != null) {
                if ((form == Form.TEXT || form == Form.BASE64) && !value.isString()) {
                    throw new IllegalArgumentException(form.member() + ": " + value + " (expected: a string)");
                }
                return new CassetteBody(form, value);
            }
        }
        return NONE;
    }

    void putInto(ObjectNode owner) {
        if (form != Form.NONE) {
            owner.set(form.member(), value);
        }
    }

    /** Returns the bytes. JSON has no blanks between its tokens. */
    byte[] bytes() {
        return switch (form) {
            case NONE, STREAMED -> new byte[0];
            case JSON -> value.toString().getBytes(StandardCharsets.UTF_8);
            case TEXT -> value.asString().getBytes(StandardCharsets.UTF_8);
            case BASE64 -> Base64.getDecoder().decode(value.asString());
        };
    }

    /** Returns whether a body that is sent now can be the one that was recorded. Masked parts match anything. */
    boolean matches(CassetteBody sent) {
        if (form != sent.form) {
            return form == Form.TEXT && value.asString().equals(MASK);
        }
        return switch (form) {
            case NONE, STREAMED -> true;
            case JSON -> matches(value, sent.value);
            case TEXT, BASE64 -> matches(value.asString(), sent.value.asString());
        };
    }

    private static boolean matches(JsonNode recorded, JsonNode sent) {
        if (recorded.isString() && recorded.asString().contains(MASK)) {
            return sent.isValueNode() && matches(recorded.asString(), sent.asString());
        }
        if (recorded.isObject() && sent.isObject()) {
            if (recorded.size() != sent.size()) {
                return false;
            }
            for (Map.Entry<String, JsonNode> member : recorded.properties()) {
                JsonNode other = sent.get(member.getKey());
                if (other == null || !matches(member.getValue(), other)) {
                    return false;
                }
            }
            return true;
        }
        if (recorded.isArray() && sent.isArray()) {
            if (recorded.size() != sent.size()) {
                return false;
            }
            for (int i = 0; i < recorded.size(); i++) {
                if (!matches(recorded.get(i), sent.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return recorded.equals(sent);
    }

    /** Returns whether a text is the recorded one, in which each mask stands for any text. */
    static boolean matches(String recorded, String sent) {
        int at = recorded.indexOf(MASK);
        if (at < 0) {
            return recorded.equals(sent);
        }
        if (!sent.startsWith(recorded.substring(0, at))) {
            return false;
        }
        int from = at;
        int after = at + MASK.length();
        for (int next = recorded.indexOf(MASK, after); next >= 0; next = recorded.indexOf(MASK, after)) {
            String part = recorded.substring(after, next);
            int found = sent.indexOf(part, from);
            if (found < 0) {
                return false;
            }
            from = found + part.length();
            after = next + MASK.length();
        }
        String end = recorded.substring(after);
        return sent.length() - end.length() >= from && sent.endsWith(end);
    }
}
