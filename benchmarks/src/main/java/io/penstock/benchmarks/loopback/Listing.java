package io.penstock.benchmarks.loopback;

import java.util.List;

/** Many of them. */
record Listing(List<Item> items, int total) {}
