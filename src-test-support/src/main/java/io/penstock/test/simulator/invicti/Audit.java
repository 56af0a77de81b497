package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The log of operations and their users (page "identity-management-api"). A call is audited under the user of its key
 * (page "s1-authenticate"). It is undocumented that only calls with an effect are audited; all members of an entry are
 * undocumented too.
 */
final class Audit {

    private static final int ISO_DATE_LENGTH = 10;

    private final Wire wire;
    private final InvictiRules rules;
    private final EffectLedger effects;
    private final Ids ids;
    private final List<Entry> entries = new ArrayList<>();

    Audit(InvictiRules rules, Wire wire, EffectLedger effects, Ids ids) {
        this.rules = rules;
        this.wire = wire;
        this.effects = effects;
        this.ids = ids;
    }

    /** Enters an effect at the moment the server acts. No other code enters effects. */
    void acted(Call call, String id) {
        effects.enter(call.operation(), id, null);
        ObjectNode json = Json.object()
                .put("id", ids.next("audit"))
                .put("userId", call.key().userId())
                .put("operation", call.operation())
                .put("resourceId", id)
                .put("createdAt", wire.now());
        entries.add(new Entry(LocalDate.ofInstant(rules.clock().instant(), ZoneOffset.UTC), json));
    }

    List<ObjectNode> all() {
        return entries.stream().map(Entry::json).toList();
    }

    /**
     * Answers with a file. Its columns, whether the dates are inclusive, and that {@code pageSize} limits it are
     * undocumented.
     */
    SimulatedResponse export(Call call) {
        LoggedRequest request = call.request();
        String type = request.query("exportType");
        if (type == null) {
            throw Refusal.validation(Json.array().add(Validation.missing("exportType")));
        }
        if (!type.equals("csv") && !type.equals("json")) {
            throw Refusal.invalid("exportType", "ExportType must be csv or json");
        }
        LocalDate from = date(request, "fromDate");
        LocalDate to = date(request, "toDate");
        int size = Lists.number(request, "pageSize", Integer.MAX_VALUE, 1);
        List<ObjectNode> chosen = entries.stream()
                .filter(entry -> from == null || !entry.date().isBefore(from))
                .filter(entry -> to == null || !entry.date().isAfter(to))
                .limit(size)
                .map(Entry::json)
                .toList();
        return type.equals("csv")
                ? file("text/csv", csv(chosen))
                : file("application/json", Json.write(Json.array().addAll(chosen)));
    }

    private static SimulatedResponse file(String contentType, String content) {
        return SimulatedResponse.bytes(200, contentType, content.getBytes(StandardCharsets.UTF_8));
    }

    private static String csv(List<ObjectNode> chosen) {
        StringBuilder csv = new StringBuilder("id,userId,operation,resourceId,createdAt\r\n");
        for (ObjectNode entry : chosen) {
            csv.append(entry.values().stream().map(JsonNode::stringValue).collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return csv.toString();
    }

    private static @Nullable LocalDate date(LoggedRequest request, String parameter) {
        String given = request.query(parameter);
        if (given == null) {
            return null;
        }
        try {
            return LocalDate.parse(given.substring(0, Math.min(given.length(), ISO_DATE_LENGTH)));
        } catch (DateTimeException e) {
            throw Refusal.invalid(parameter, parameter + " is not an ISO date");
        }
    }

    private record Entry(LocalDate date, ObjectNode json) {}
}
