package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import io.penstock.request.IdempotencyKey;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A request for a scan.
 *
 * @param target the target to scan; the member's name is inferred, because the documentation does not give it
 * @param scanType the depth of the scan: quick costs 1,000 tokens, standard 5,000, compliance 25,000 (page
 *     "tokens-and-pricing")
 * @param more further members that the documentation does not name
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record NewScan(
        String target, ScanType scanType, @JsonAnyGetter Map<String, Object> more) {

    /** Copies the map. */
    public NewScan {
        more = Map.copyOf(more);
    }

    /** Creates a request for a scan of a target. */
    public static NewScan of(String target, ScanType scanType) {
        return new NewScan(target, scanType, Map.of());
    }

    /** Returns a copy with a further member. */
    public NewScan with(String member, Object value) {
        Map<String, Object> members = new HashMap<>(more);
        members.put(member, value);
        return new NewScan(target, scanType, members);
    }

    /**
     * Returns the idempotency key of this request. The same target, type and business id give the same key in every
     * process, so a job that runs twice orders only one scan.
     *
     * @param businessId distinguishes this request from a later one of the same kind, such as the date of a nightly run
     */
    public IdempotencyKey key(String businessId) {
        return IdempotencyKey.derivedFrom(
                Map.of("target", target, "scan_type", scanType.value(), "business_id", businessId));
    }
}
