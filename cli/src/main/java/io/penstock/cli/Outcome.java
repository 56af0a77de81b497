package io.penstock.cli;

import io.penstock.error.Journey;
import java.util.List;

/**
 * What came of a scene.
 *
 * @param line in one line
 * @param journey of the call
 * @param surprises in what it differs from what was announced; empty if in nothing
 */
record Outcome(String line, Journey journey, List<String> surprises) {}
