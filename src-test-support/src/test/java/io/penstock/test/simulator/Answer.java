package io.penstock.test.simulator;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of a simulator, with the members that a vendor's answers have. */
public record Answer(HttpResponse<byte[]> response) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    public int status() {
        return response.statusCode();
    }

    /** Returns the header's first value; empty if there is none. */
    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Returns the end of {@code Location}, which is the id of what was created. */
    public String locatedId() {
        return header("location").substring(header("location").lastIndexOf('/') + 1);
    }

    public String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Returns status and body, to compare with a sample literally. */
    public String literal() {
        return status() + " " + text();
    }

    public JsonNode json() {
        return MAPPER.readTree(response.body());
    }

    /** Returns a member that is a text. */
    public String text(String member) {
        return json().get(member).stringValue();
    }

    /** Returns the value at a JSON pointer as text. */
    public String at(String pointer) {
        return json().at(pointer).asString();
    }

    public long number(String pointer) {
        return json().at(pointer).longValue();
    }

    public String id() {
        return text("id");
    }

    /** Returns Pentify's error code. */
    public String code() {
        return json().at("/error/code").stringValue();
    }

    /** Returns the data of IXON's envelope. */
    public JsonNode data() {
        return json().get("data");
    }

    /** Returns the message of IXON's first error. */
    public String message() {
        return json().at("/data/0/message").stringValue();
    }

    /** Returns the property that IXON's first error names; empty if there is none. */
    public String property() {
        return json().at("/data/0/propertyName").asString("");
    }

    /** Returns IXON's cursor; null if there is none. */
    public @Nullable String moreAfter() {
        JsonNode cursor = json().path("moreAfter");
        return cursor.isString() ? cursor.stringValue() : null;
    }
}
