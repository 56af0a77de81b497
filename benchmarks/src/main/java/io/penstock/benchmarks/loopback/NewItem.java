package io.penstock.benchmarks.loopback;

/** What is sent to make one. */
record NewItem(String target, String scanType) {}
