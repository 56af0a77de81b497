package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything under {@code /ux/} without rules of its own: changes, departments, teams, workflows, and any path that a
 * client or a test names. A last segment that is a number or a known id is an object of the path before it. This is
 * undocumented, like the paths of most modules.
 */
final class Resources {

    static final String CHANGES = "/ux/sd/change/change/";
    static final String DEPARTMENTS = "/ux/common/department/department/";
    static final String TEAMS = "/ux/common/teams/profile/";
    static final String WORKFLOWS = "/ux/common/workflow/config/";

    private final InfraonRules rules;
    private final EffectLedger effects;
    private final Map<String, ResourceSet> sets = new HashMap<>();

    Resources(InfraonRules rules, EffectLedger effects) {
        this.rules = rules;
        this.effects = effects;
        serve(
                CHANGES,
                new Kind("change_id", "CHG-", List.of("summary"), Kind.Answers.RESULTS, UnaryOperator.identity()));
        serve(DEPARTMENTS, new Kind("id", "", List.of("dept_name"), Kind.Answers.NONE_ON_CREATE, this::department));
        serve(TEAMS, Kind.plain()).add(Json.object().put("name", "Service Desk"));
        serve(WORKFLOWS, Kind.plain()).add(Json.object().put("title", "Incident"));
    }

    /**
     * Returns a department with {@code dept_head} as a string, although it is written as an array. The conversion is
     * undocumented.
     */
    private ObjectNode department(ObjectNode kept) {
        JsonNode head = kept.path("dept_head");
        if (rules.has(Quirk.DEPT_HEAD_AS_ARRAY) || !head.isArray()) {
            return kept;
        }
        String text = head.valueStream()
                .map(one -> one.isString() ? one.stringValue() : one.toString())
                .collect(Collectors.joining(", "));
        return kept.deepCopy().put("dept_head", text);
    }

    ResourceSet serve(String path) {
        return serve(path, Kind.plain());
    }

    private ResourceSet serve(String path, Kind kind) {
        return sets.computeIfAbsent(path, unserved -> new ResourceSet(rules, effects, path, kind));
    }

    /** Returns the set of a path, which is served from now on. */
    ResourceSet of(String path) {
        if (!isPath(path) || path.startsWith(Incidents.PATH)) {
            throw new IllegalArgumentException("path: " + path + " (expected: /ux/…/, and not of incidents)");
        }
        return serve(path);
    }

    SimulatedResponse answer(LoggedRequest request) {
        String path = request.path();
        int last = path.lastIndexOf('/', path.length() - 2) + 1;
        String parent = path.substring(0, last);
        String id = path.substring(last, path.length() - 1);
        ResourceSet set = sets.get(path);
        ResourceSet above = sets.get(parent);
        if (set == null && isObject(above, parent, id)) {
            return object(request, above == null ? opened(parent) : above, id);
        }
        return set(request, set == null ? opened(path) : set);
    }

    private static boolean isObject(@Nullable ResourceSet above, String parent, String id) {
        return !parent.equals("/ux/") && (id.matches("[0-9]+") || (above != null && above.has(id)));
    }

    private ResourceSet opened(String path) {
        if (rules.has(Quirk.DECLARED_PATHS_ONLY) || !isPath(path)) {
            throw Refusal.notFound();
        }
        return serve(path);
    }

    private static boolean isPath(String path) {
        return path.startsWith("/ux/") && path.length() > 4 && path.endsWith("/") && !path.contains("//");
    }

    private static SimulatedResponse set(LoggedRequest request, ResourceSet set) {
        return switch (request.method()) {
            case "GET" -> set.list(request);
            case "POST" -> set.create(request);
            default -> throw Refusal.methodNotAllowed(request.method());
        };
    }

    private static SimulatedResponse object(LoggedRequest request, ResourceSet set, String id) {
        return switch (request.method()) {
            case "GET" -> set.get(id);
            case "PUT" -> set.update(request, id);
            case "DELETE" -> set.delete(id);
            default -> throw Refusal.methodNotAllowed(request.method());
        };
    }
}
