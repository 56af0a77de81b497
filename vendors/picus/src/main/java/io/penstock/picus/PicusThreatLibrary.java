package io.penstock.picus;

import static io.penstock.request.ApiRequest.delete;
import static io.penstock.request.ApiRequest.get;
import static io.penstock.request.ApiRequest.post;
import static io.penstock.request.ApiRequest.put;

import io.penstock.body.BodyFormat.ListStyle;
import io.penstock.body.Payload;
import io.penstock.download.Download;
import io.penstock.paging.Pages;
import io.penstock.picus.model.ActionParameters;
import io.penstock.picus.model.NewThreatFile;
import io.penstock.picus.model.Threat;
import io.penstock.request.ApiRequest;
import io.penstock.upload.Upload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Threats, actions, processes and files of the library: {@link Picus#threatLibrary()}. The members of actions,
 * processes, files, tags and actors are not documented. A POST here is retried only if Picus certainly did not act.
 */
public final class PicusThreatLibrary {

    private static final Payload<Threat> THREAT = Payload.json(Threat.class).orWrappedIn("threat");

    private final Calls calls;

    PicusThreatLibrary(Calls calls) {
        this.calls = calls;
    }

    /**
     * Returns the threats. Filters: {@code severities}, {@code attack_category_ids}, {@code attack_module_ids},
     * {@code release_date_gte}, {@code release_date_lte}, {@code is_predefined}, {@code affected_products},
     * {@code affected_os}, {@code unified_kill_chains}, {@code threat_actors}, {@code mitre_attack},
     * {@code attacker_objectives}.
     */
    public Pages<Threat> threats(ListQuery query) {
        return calls.pages(get("v1/threat-library/threats"), query, Threat.class, "threats");
    }

    /** Emits one threat. */
    public Mono<Threat> threat(long id) {
        return calls.value(
                threat(get("v1/threat-library/threats/{ThreatId}"), id).as(THREAT));
    }

    /**
     * Creates a threat from {@code affected_os}, {@code description}, {@code from_campaign}, {@code name},
     * {@code objectives}, {@code result_condition}, {@code severity}, {@code tags}, {@code threat_actor_id}.
     */
    public Mono<Threat> createThreat(Map<String, ?> members) {
        return calls.value(post("v1/threat-library/threats").body(members).as(THREAT));
    }

    /** Replaces a threat by these members; see {@link #createThreat}. */
    public Mono<Threat> updateThreat(long id, Map<String, ?> members) {
        return calls.value(threat(put("v1/threat-library/threats/{ThreatId}"), id)
                .body(members)
                .as(THREAT));
    }

    /** Deletes a threat. If a resend does not find it, it counts as deleted. */
    public Mono<Void> deleteThreat(long id) {
        return calls.value(
                threat(delete("v1/threat-library/threats/{ThreatId}"), id).as(Payload.none()));
    }

    /** Emits a threat as a file, whose format is not documented. */
    public Mono<byte[]> exportThreat(long id) {
        return calls.value(
                threat(get("v1/threat-library/threats/{ThreatId}/export"), id).as(Payload.bytes()));
    }

    /** Downloads a threat of any size to a file; see {@link #exportThreat(long)}. */
    public Mono<Download> exportThreat(long id, Path file) {
        return calls.client().download(threat(get("v1/threat-library/threats/{ThreatId}/export"), id), file);
    }

    private static ApiRequest<JsonNode> threat(ApiRequest<JsonNode> request, long id) {
        return request.path("ThreatId", id);
    }

    /**
     * Imports threats from a {@code .yaml}, {@code .yml} or encrypted {@code .zip} file (contract). The known members
     * of the response are {@code action_count}, {@code attack_module}, {@code campaign_id}, {@code category_names} and
     * {@code filename}.
     */
    public Mono<JsonNode> importThreats(Path file) {
        return calls.value(
                post("v1/threat-library/threats/import").body(Upload.form().file("file", file)));
    }

    /**
     * Emits the values from which an action can be created.
     *
     * @param moduleName the attack module; null for all
     */
    public Mono<ActionParameters> actionParameters(@Nullable String moduleName) {
        return calls.value(get("v1/threat-library/action-parameters")
                .query("module_name", moduleName)
                .as(ActionParameters.class));
    }

    /**
     * Returns the actions (version 2): 100 per page, which is also the maximum. Filters: {@code updated_at_gte},
     * {@code updated_at_lte}.
     */
    public Pages<JsonNode> actions(ListQuery query) {
        return calls.pages(get("v2/threat-library/actions"), query, JsonNode.class, "actions");
    }

    /**
     * Returns the actions with these ids (version 1).
     *
     * @param ids their ids; empty for any
     * @param displayIds the ids that people see; empty for any
     */
    public Pages<JsonNode> actions(List<Long> ids, List<String> displayIds) {
        return calls.pages(
                get("v1/threat-library/actions")
                        .query("action_ids", ids, ListStyle.COMMAS)
                        .query("action_display_ids", displayIds, ListStyle.COMMAS),
                ListQuery.first(),
                JsonNode.class,
                "actions");
    }

    /** Emits one action. */
    public Mono<JsonNode> action(long id) {
        return calls.value(get("v1/threat-library/actions/{ActionId}")
                .path("ActionId", id)
                .as(Payload.tree().orWrappedIn("action")));
    }

    /**
     * Creates an action from {@code action_result}, {@code affected_os}, {@code affected_platform_ids},
     * {@code attack_module}, {@code category}, {@code description}, {@code is_privileged},
     * {@code is_sensitive_content}, {@code keyword}, {@code name}, {@code play_processes}, {@code process_result},
     * {@code remote_file_ids}, {@code rewind_processes}, {@code sources}, {@code tactic_id}, {@code tags},
     * {@code technique_id}, {@code title}, {@code ukc_phase_id}, {@code url}, {@code url_category}, {@code use_case}.
     */
    public Mono<JsonNode> createAction(Map<String, ?> members) {
        return calls.value(post("v1/threat-library/actions")
                .body(members)
                .as(Payload.tree().orWrappedIn("action")));
    }

    /**
     * Emits a keyword for an action, from {@code action_id}, {@code file_name}, {@code md5}, {@code module},
     * {@code play_process}, {@code sha1}, {@code sha256}, {@code url}. Whether Picus stores it is not documented.
     */
    public Mono<JsonNode> createKeyword(Map<String, ?> members) {
        return calls.value(post("v1/threat-library/actions/custom-keyword")
                .body(members)
                .as(Payload.tree().inside("keyword")));
    }

    /** Returns the files: 100 per page, which is also the maximum. Filters: {@code type}, {@code nameLike}. */
    public Pages<JsonNode> files(ListQuery query) {
        return calls.pages(get("v1/threat-library/files"), query, JsonNode.class, "files");
    }

    /** Uploads a file and emits its id. The file is read while it is sent, and must not change until the call ends. */
    public Mono<Long> uploadFile(NewThreatFile file) {
        return calls.value(post("v1/threat-library/files")
                .body(Upload.form()
                        .file("file", file.file())
                        .text("file_type", file.fileType())
                        .text("type", file.type())
                        .text("download_path", file.downloadPath())
                        .text("is_executable", file.isExecutable())
                        .text("skip_zip_extract", file.skipZipExtract()))
                .as(Payload.json(Long.class).inside("remote_file_id")));
    }

    /** Returns the processes: 100 per page, which is also the maximum. Filter: {@code process_type}. */
    public Pages<JsonNode> processes(ListQuery query) {
        return calls.pages(get("v1/threat-library/processes"), query, JsonNode.class, "processes");
    }

    /**
     * Creates a process from {@code argument}, {@code code}, {@code comment}, {@code delay}, {@code file_ids},
     * {@code is_async}, {@code is_blocked}, {@code output}, {@code path}, {@code process_type},
     * {@code success_cond_exist}, {@code timeout}.
     */
    public Mono<JsonNode> createProcess(Map<String, ?> members) {
        return calls.value(post("v1/threat-library/processes")
                .body(members)
                .as(Payload.tree().orWrappedIn("process")));
    }

    /** Returns all tags, as one page. */
    public Pages<JsonNode> tags() {
        return calls.whole(get("v1/threat-library/tags"), JsonNode.class, "tags");
    }

    /** Returns all threat actors, as one page. */
    public Pages<JsonNode> threatActors() {
        return calls.whole(get("v1/threat-library/threat-actors"), JsonNode.class, "threat_actors");
    }
}
