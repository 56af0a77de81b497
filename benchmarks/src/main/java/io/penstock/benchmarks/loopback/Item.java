package io.penstock.benchmarks.loopback;

/** An item of the server. */
record Item(String id, String target, String status, String scanType, int findingsCount, String createdAt) {}
