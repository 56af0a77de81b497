package io.penstock.picus;

import io.penstock.body.Payload;
import io.penstock.paging.Pages;
import io.penstock.picus.model.CustomContent;
import io.penstock.picus.model.DetectionRule;
import io.penstock.request.ApiRequest;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Detection rules of products, and custom ones: {@link Picus#detectionContent()}. The members of list items are not
 * documented.
 */
public final class PicusDetectionContent {

    private static final String CUSTOM = "v1/mitigation/detection-content/custom";

    private final Calls calls;

    PicusDetectionContent(Calls calls) {
        this.calls = calls;
    }

    /**
     * Returns the custom content: 10 items per page by default. Filters: {@code Search}, {@code RuleSeverity},
     * {@code OrderBy}, {@code IsAscending}.
     */
    public Pages<JsonNode> custom(ListQuery query) {
        return calls.client()
                .pages(
                        query.of(ApiRequest.get(CUSTOM).as(Calls.list(JsonNode.class, "rules")), "Limit", "Offset"),
                        PicusVendor.CONTENT_PAGES);
    }

    /** Emits one custom content. */
    public Mono<CustomContent> custom(long contentId) {
        return calls.value(
                of(ApiRequest.get(CUSTOM + "/{content_id}"), contentId).as(CustomContent.class));
    }

    /**
     * Creates custom contents and emits the member {@code created}, whose form is not documented. The members of a
     * content are those of {@link #updateCustom}. Retried only if Picus certainly did not act.
     */
    public Mono<JsonNode> createCustom(List<? extends Map<String, ?>> items) {
        return calls.value(ApiRequest.post(CUSTOM)
                .body(Map.of("items", items))
                .as(Payload.tree().inside("created")));
    }

    /**
     * Replaces a custom content by {@code action_ids}, {@code author}, {@code content_name}, {@code content_sources},
     * {@code description}, {@code false_positives}, {@code products}, {@code references}, {@code release_date},
     * {@code service}, {@code status}, {@code sub_techniques}, {@code tactics}, {@code techniques}.
     */
    public Mono<Void> updateCustom(long contentId, Map<String, ?> members) {
        return calls.value(of(ApiRequest.put(CUSTOM + "/{content_id}"), contentId)
                .body(members)
                .as(Payload.none()));
    }

    /** Deletes a custom content. If a resend does not find it, it counts as deleted. */
    public Mono<Void> deleteCustom(long contentId) {
        return calls.value(
                of(ApiRequest.delete(CUSTOM + "/{content_id}"), contentId).as(Payload.none()));
    }

    private static ApiRequest<JsonNode> of(ApiRequest<JsonNode> request, long contentId) {
        return request.path("content_id", contentId);
    }

    /** Returns the sources of rules, as one page. */
    public Pages<JsonNode> sources() {
        return whole("sources", "sources");
    }

    /** Returns the log sources of a source, as one page. */
    public Pages<JsonNode> logSources(String source) {
        return calls.whole(
                ApiRequest.get("v1/mitigation/detection-content/{source}/log-sources")
                        .path("source", source),
                JsonNode.class,
                "logSources");
    }

    /**
     * Returns the rules of a source. Filters: {@code search}, {@code orderBy}, {@code asc}, {@code ruleSeverity},
     * {@code logSources}, {@code alerted}, {@code threats}, {@code type}.
     */
    public Pages<JsonNode> rules(String source, ListQuery query) {
        return calls.pages(
                ApiRequest.get("v1/mitigation/detection-content/{source}/rules").path("source", source),
                query,
                JsonNode.class,
                "rules",
                PicusVendor.RULE_PAGES);
    }

    /** Emits one rule of a source. */
    public Mono<DetectionRule> rule(String source, long ruleId) {
        return calls.value(ApiRequest.get("v1/mitigation/detection-content/{source}/rules/{ruleId}")
                .path("source", source)
                .path("ruleId", ruleId)
                .as(DetectionRule.class));
    }

    /** Returns the devices, as one page. */
    public Pages<JsonNode> devices() {
        return whole("devices", "devices");
    }

    /** Returns the tactics of MITRE ATT&amp;CK, as one page. */
    public Pages<JsonNode> tactics() {
        return whole("mitre/tactics", "tactics");
    }

    /** Returns the techniques of MITRE ATT&amp;CK, as one page. */
    public Pages<JsonNode> techniques() {
        return whole("mitre/techniques", "techniques");
    }

    /** Returns the sub-techniques of MITRE ATT&amp;CK, as one page. */
    public Pages<JsonNode> subTechniques() {
        return whole("mitre/sub-techniques", "sub_techniques");
    }

    private Pages<JsonNode> whole(String path, String member) {
        return calls.whole(ApiRequest.get("v1/mitigation/detection-content/" + path), JsonNode.class, member);
    }
}
