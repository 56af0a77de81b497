package io.penstock.picus;

import io.penstock.body.Payload;
import io.penstock.download.Download;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.picus.model.Agent;
import io.penstock.picus.model.AgentDownload;
import io.penstock.picus.model.Integration;
import io.penstock.request.ApiRequest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Agents, their installation, and integrations: {@link Picus#agents()}. */
public final class PicusAgents {

    private static final Payload<Agent> AGENT = Payload.json(Agent.class).orWrappedIn("Agent");

    private final Calls calls;

    PicusAgents(Calls calls) {
        this.calls = calls;
    }

    /** Returns all agents, as one page. 100 requests a minute (page "rate-limit"). */
    public Pages<Agent> list() {
        return calls.whole(ApiRequest.get("v1/agents"), Agent.class, "agents");
    }

    /** Emits one agent. */
    public Mono<Agent> get(long id) {
        return calls.value(ApiRequest.get("v1/agents/{Id}").path("Id", id).as(AGENT));
    }

    /**
     * Emits the address of an installer.
     *
     * @param agentType the type; the words are not documented
     * @param variant the variant; the words are not documented
     */
    public Mono<AgentDownload> downloadLink(String agentType, String variant) {
        return calls.value(ApiRequest.get("v1/agents/download-link")
                .query("agent_type", agentType)
                .query("variant", variant)
                .as(AgentDownload.class));
    }

    /**
     * Emits the token for the installation of an agent. The form of the response is not documented; it contains a
     * secret.
     */
    public Mono<JsonNode> installToken(String agentType, @Nullable String variant) {
        return calls.value(ApiRequest.get("v1/agents/install-token")
                .query("agent_type", agentType)
                .query("variant", variant));
    }

    /** Emits the token for another installation of an existing agent. */
    public Mono<Secret> reinstallToken(long agentId) {
        return calls.value(ApiRequest.get("v1/agents/reinstall-token")
                .query("agent_id", agentId)
                .as(Payload.json(Secret.class).inside("token")));
    }

    /**
     * Emits the manifest of an agent for Kubernetes, which may contain a secret.
     *
     * @param agentId an existing agent; null for a new one
     */
    public Mono<byte[]> kubernetesYaml(String agentName, @Nullable Long agentId) {
        return calls.value(kubernetes(agentName, agentId).as(Payload.bytes()));
    }

    /** Downloads the manifest of an agent for Kubernetes to a file; see {@link #kubernetesYaml(String, Long)}. */
    public Mono<Download> kubernetesYaml(String agentName, @Nullable Long agentId, Path file) {
        return calls.client().download(kubernetes(agentName, agentId), file);
    }

    private static ApiRequest<JsonNode> kubernetes(String agentName, @Nullable Long agentId) {
        return ApiRequest.get("v1/agents/kubernetes/download-yaml")
                .query("agent_name", agentName)
                .query("agent_id", agentId);
    }

    /** Returns all integrations, as one page. */
    public Pages<Integration> integrations() {
        return calls.whole(ApiRequest.get("v1/integrations"), Integration.class, "integrations");
    }

    /** Returns all agents of integrations, as one page. Their members are not documented. */
    public Pages<JsonNode> integrationAgents() {
        return calls.whole(ApiRequest.get("v1/integrations/agents"), JsonNode.class, "integration_agents");
    }
}
