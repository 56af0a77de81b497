package io.penstock.benchmarks.loopback;

import java.util.List;

/**
 * What a run consists of.
 *
 * @param name of the run, and of its file
 * @param tls whether the server speaks TLS
 * @param blocks its parts, in their order
 */
record Form(String name, boolean tls, List<Block> blocks) {}
