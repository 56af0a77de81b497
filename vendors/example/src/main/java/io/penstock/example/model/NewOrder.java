package io.penstock.example.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.penstock.request.IdempotencyKey;
import java.util.Map;

// guide: record
/**
 * The body of an order.
 *
 * @param lampId the id of the lamp
 * @param quantity the number of lamps, at least 1
 */
public record NewOrder(@JsonProperty("lamp_id") String lampId, int quantity) {

    /** Returns the key of this order: a job that runs twice with the same business id orders once. */
    public IdempotencyKey key(String businessId) {
        return IdempotencyKey.derivedFrom(Map.of("lamp_id", lampId, "quantity", quantity, "business_id", businessId));
    }
}
// guide: end
