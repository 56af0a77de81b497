package io.penstock.picus;

import static io.penstock.request.ApiRequest.get;

import io.penstock.body.BodyFormat.ListStyle;
import io.penstock.paging.Pages;
import io.penstock.picus.model.DeviceScore;
import java.util.List;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Actions that were not blocked, and the devices that could block them: {@link Picus#mitigation()}. */
public final class PicusMitigation {

    private final Calls calls;

    PicusMitigation(Calls calls) {
        this.calls = calls;
    }

    /** Returns all devices, as one page. Their members are not documented. */
    public Pages<JsonNode> devices() {
        return calls.whole(get("v2/mitigation/devices"), JsonNode.class, "devices");
    }

    /** Emits the score of one device. */
    public Mono<DeviceScore> device(long id) {
        return calls.value(
                get("v2/mitigation/devices/{DeviceId}").path("DeviceId", id).as(DeviceScore.class));
    }

    /**
     * Emits the devices by simulation. The form of the response is not documented.
     *
     * @param simulationIds at most 20 simulations; empty for all
     * @deprecated The API answers 410, which fails with kind GONE; an installation on premises may still have the
     *     operation. Use {@link #devices} and {@link #device}.
     */
    @Deprecated
    public Mono<JsonNode> devices(List<Long> simulationIds) {
        return calls.value(get("v1/mitigation/devices").query("simulation_ids", simulationIds, ListStyle.COMMAS));
    }

    /**
     * Returns the signatures of a device against actions, as one page. Their members are not documented.
     *
     * @param actionIds 1 to 10 actions
     */
    public Pages<JsonNode> signatures(long deviceId, List<Long> actionIds) {
        return calls.whole(
                get("v1/mitigation/devices/{DeviceId}/signatures")
                        .path("DeviceId", deviceId)
                        .query("action_ids", actionIds, ListStyle.COMMAS),
                JsonNode.class,
                "signatures");
    }

    /**
     * Returns the actions that were not blocked. Their members are not documented. Filters:
     * {@code threat_or_action_name}, {@code threat_ids}, {@code threat_severities}, {@code attack_modules},
     * {@code assessment_id_list}, {@code is_all_assessments}, {@code run_id}.
     */
    public Pages<JsonNode> notBlockedActions(ListQuery query) {
        return calls.pages(
                get("v1/mitigation/generic/not-blocked-actions"),
                query,
                JsonNode.class,
                "not_blocked_action_list",
                PicusVendor.ACTION_PAGES);
    }
}
