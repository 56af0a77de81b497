package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The availability of an agent (page "data-structures"). Words that are newer than this library are kept.
 *
 * @param value the word on the wire
 */
public record AgentStatus(@JsonValue String value) {

    /** {@code alive}. */
    public static final AgentStatus ALIVE = new AgentStatus("alive");

    /** {@code dead}. */
    public static final AgentStatus DEAD = new AgentStatus("dead");

    /** {@code expired}. */
    public static final AgentStatus EXPIRED = new AgentStatus("expired");

    /** Returns the status for a word from the wire. */
    @JsonCreator
    public static AgentStatus of(String value) {
        return new AgentStatus(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
