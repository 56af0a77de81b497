package io.penstock.benchmarks.loopback;

/** The body of a request that creates an item. */
record NewItem(String target, String scanType) {}
