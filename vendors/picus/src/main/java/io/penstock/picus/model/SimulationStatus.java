package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The status of a simulation or of one of its runs. Page "data-structures" and the contract list different words; all
 * are here. Words that are newer than this library are kept.
 *
 * @param value the word on the wire
 */
public record SimulationStatus(@JsonValue String value) {

    /** {@code RUNNING}. */
    public static final SimulationStatus RUNNING = new SimulationStatus("RUNNING");

    /** {@code COMPLETED}. */
    public static final SimulationStatus COMPLETED = new SimulationStatus("COMPLETED");

    /** {@code STOPPED}. */
    public static final SimulationStatus STOPPED = new SimulationStatus("STOPPED");

    /** {@code FAILED}. */
    public static final SimulationStatus FAILED = new SimulationStatus("FAILED");

    /** {@code SCHEDULED}. */
    public static final SimulationStatus SCHEDULED = new SimulationStatus("SCHEDULED");

    /** {@code NOT STARTED}. */
    public static final SimulationStatus NOT_STARTED = new SimulationStatus("NOT STARTED");

    /** {@code WAITING FOR THE FIRST RUN}. */
    public static final SimulationStatus WAITING_FOR_THE_FIRST_RUN = new SimulationStatus("WAITING FOR THE FIRST RUN");

    /** Returns the status for a word from the wire. */
    @JsonCreator
    public static SimulationStatus of(String value) {
        return new SimulationStatus(value);
    }

    /** Returns whether the status is final: completed, stopped or failed (inferred). An unknown word is not final. */
    public boolean isFinal() {
        return equals(COMPLETED) || equals(STOPPED) || equals(FAILED);
    }

    @Override
    public String toString() {
        return value;
    }
}
