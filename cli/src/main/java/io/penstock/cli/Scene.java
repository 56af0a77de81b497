package io.penstock.cli;

import java.util.function.Supplier;

/**
 * One part of the demo.
 *
 * @param heading the action and its expected outcome
 * @param play performs the action
 */
record Scene(String heading, Supplier<Outcome> play) {}
