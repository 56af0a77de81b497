package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import io.penstock.request.IdempotencyKey;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The order of a scan.
 *
 * @param target what to scan; the member's name is inferred, the documentation does not give it
 * @param scanType how thorough: quick costs 1,000 tokens, standard 5,000, compliance 25,000 (page "tokens-and-pricing")
 * @param more further members, for what the documentation does not name
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record NewScan(
        String target, ScanType scanType, @JsonAnyGetter Map<String, Object> more) {

    /** Copies the map. */
    public NewScan {
        more = Map.copyOf(more);
    }

    /** A scan of that target. */
    public static NewScan of(String target, ScanType scanType) {
        return new NewScan(target, scanType, Map.of());
    }

    /** The same order with a further member. */
    public NewScan with(String member, Object value) {
        Map<String, Object> members = new HashMap<>(more);
        members.put(member, value);
        return new NewScan(target, scanType, members);
    }

    /**
     * The key of this order: the same target, type and business id give the same key in every process, so that a job
     * which runs twice orders once.
     *
     * @param businessId what tells this order from a later one of the same kind, such as the date of a nightly run
     */
    public IdempotencyKey key(String businessId) {
        return IdempotencyKey.derivedFrom(
                Map.of("target", target, "scan_type", scanType.value(), "business_id", businessId));
    }
}
