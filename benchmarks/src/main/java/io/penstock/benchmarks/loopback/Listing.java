package io.penstock.benchmarks.loopback;

import java.util.List;

/** A list of items. */
record Listing(List<Item> items, int total) {}
