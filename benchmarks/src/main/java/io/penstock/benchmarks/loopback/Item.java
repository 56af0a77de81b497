package io.penstock.benchmarks.loopback;

/** One of what the server has. */
record Item(String id, String target, String status, String scanType, int findingsCount, String createdAt) {}
