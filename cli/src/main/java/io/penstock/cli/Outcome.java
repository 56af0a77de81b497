package io.penstock.cli;

import io.penstock.error.Journey;
import java.util.List;

/**
 * The outcome of a scene.
 *
 * @param line the outcome in one line
 * @param journey the journey of the call
 * @param surprises the differences from the expected outcome; empty if there are none
 */
record Outcome(String line, Journey journey, List<String> surprises) {}
