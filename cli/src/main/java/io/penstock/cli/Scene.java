package io.penstock.cli;

import java.util.function.Supplier;

/**
 * One part of the demo.
 *
 * @param heading what is done, and what will come of it
 * @param play does it
 */
record Scene(String heading, Supplier<Outcome> play) {}
