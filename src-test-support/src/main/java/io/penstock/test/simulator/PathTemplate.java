package io.penstock.test.simulator;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A path with placeholders, such as {@code /v1/scans/{id}/report}. A placeholder stands for one whole segment. */
public final class PathTemplate {

    private final String[] segments;

    private PathTemplate(String[] segments) {
        this.segments = segments;
    }

    /** Returns a template. A trailing slash is a segment of its own, so paths must have it too. */
    public static PathTemplate of(String template) {
        return new PathTemplate(template.split("/", -1));
    }

    /** Returns the value of each placeholder, not decoded; {@code null} if the path does not match. */
    public @Nullable Map<String, String> match(String path) {
        String[] given = path.split("/", -1);
        if (given.length != segments.length) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (segment.startsWith("{") && segment.endsWith("}")) {
                if (given[i].isEmpty()) {
                    return null;
                }
                values.put(segment.substring(1, segment.length() - 1), given[i]);
            } else if (!segment.equals(given[i])) {
                return null;
            }
        }
        return values;
    }
}
