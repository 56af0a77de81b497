package io.penstock.benchmarks.board;

import io.penstock.benchmarks.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * One row of JMH's results.
 *
 * @param benchmark the class and method, such as {@code Decode.penstock}
 * @param params the parameters by name
 * @param nanos the time per operation, in nanoseconds
 * @param error half the width of the 99.9 % interval of {@code nanos}; NaN if there were too few iterations
 * @param bytes the bytes allocated per operation
 */
record JmhRow(String benchmark, Map<String, String> params, double nanos, double error, double bytes) {

    /** Reads a file that JMH wrote with {@code -rf json} and {@code -prof gc}. */
    static List<JmhRow> read(Path file) {
        List<JmhRow> rows = new ArrayList<>();
        for (JsonNode node : Json.tree(file)) {
            rows.add(row(node));
        }
        return rows;
    }

    private static JmhRow row(JsonNode node) {
        String name = node.required("benchmark").asString();
        JsonNode time = node.required("primaryMetric");
        if (!time.required("scoreUnit").asString().equals("ns/op")) {
            throw new IllegalArgumentException(name + ": " + time.get("scoreUnit") + " (expected: ns/op)");
        }
        Map<String, String> params = new TreeMap<>();
        for (var param : node.path("params").properties()) {
            params.put(param.getKey(), param.getValue().asString());
        }
        int method = name.lastIndexOf('.');
        return new JmhRow(
                name.substring(name.lastIndexOf('.', method - 1) + 1),
                params,
                number(time.required("score")),
                number(time.path("scoreError")),
                allocation(node.path("secondaryMetrics")));
    }

    /** Returns the allocated bytes per operation. The profiler's metric names begin with a dot in some versions. */
    private static double allocation(JsonNode metrics) {
        for (var metric : metrics.properties()) {
            if (metric.getKey().endsWith("gc.alloc.rate.norm")) {
                return number(metric.getValue().required("score"));
            }
        }
        return Double.NaN;
    }

    /** Returns the number, or NaN: JMH writes NaN as text. */
    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }

    /** Returns the method name. */
    String method() {
        return benchmark.substring(benchmark.indexOf('.') + 1);
    }
}
