package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /data-export} and {@code GET /audit-logs-export}. Undocumented: the columns, and that the body of the
 * first is one query, as in {@code POST /data}.
 */
record Exports(Cloud cloud, Series series) {

    SimulatedResponse data(Call call) {
        return table(
                call,
                series.table(call.company(), Json.objectBody(call.request().body())));
    }

    SimulatedResponse auditLogs(Call call) {
        List<String> columns = List.of("publicId", "action", "topic", "time");
        List<List<String>> lines = new ArrayList<>(List.of(columns));
        for (Rows.Row row : cloud.rows.all(call.company() + "/audit-logs")) {
            lines.add(columns.stream()
                    .map(column -> row.json().path(column).asString(""))
                    .toList());
        }
        if (lines.size() > cloud.rules.largestRequest()) {
            throw Refusal.tooMuch();
        }
        return table(call, lines);
    }

    /** Writes a table. Lines end with CRLF (RFC 4180). */
    private SimulatedResponse table(Call call, List<List<String>> lines) {
        String csv = lines.stream().map(line -> String.join(",", line) + "\r\n").collect(Collectors.joining());
        if (cloud.rules.exportFormat() == ExportFormat.CSV) {
            return SimulatedResponse.text(call.operation().successStatus(), "text/csv; charset=utf-8", csv);
        }
        ObjectNode data = Json.object().put("content", csv);
        return Envelope.of(call, data);
    }
}
