package io.penstock.benchmarks.loopback;

import java.util.List;

/**
 * The contents of a run.
 *
 * @param name the name of the run and of its file
 * @param tls whether the server speaks TLS
 * @param blocks its parts, in order
 */
record Form(String name, boolean tls, List<Block> blocks) {}
