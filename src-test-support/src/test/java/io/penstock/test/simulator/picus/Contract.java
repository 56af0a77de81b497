package io.penstock.test.simulator.picus;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The published contract: operation, query, a valid body, top-level members of the answer. {@code SOME} means that there
 * are more members than these.
 */
final class Contract {

    private static final String OPERATIONS = """
            GET /v1/activity-logs |  |  | activity_logs pages
            GET /v1/agents |  |  | agents
            GET /v1/agents/download-link | agent_type=Windows&variant=msi |  | link short_url version
            GET /v1/agents/install-token | agent_type=Windows |  | token
            GET /v1/agents/kubernetes/download-yaml | agent_name=a |  | BINARY
            GET /v1/agents/reinstall-token | agent_id=1 |  | token
            GET /v1/agents/{Id} |  |  | Agent
            POST /v1/auth/refresh |  | REFRESH | created_at expired_at id is_expired name token
            POST /v1/auth/token |  | REFRESH | expire_at token
            POST /v1/exposures/instances/scores |  | {"filters":{"host_exposure_pairs":[]}} | instance_scores
            GET /v1/integrations |  |  | integrations
            GET /v1/integrations/agents |  |  | integration_agents
            GET /v1/mitigation/detection-content/custom |  |  | pagination rules
            POST /v1/mitigation/detection-content/custom |  | {"items":[{"content_name":"c"}]} | created
            GET /v1/mitigation/detection-content/custom/{content_id} |  |  | actions author content_id content_sources name severity tactics techniques type
            PUT /v1/mitigation/detection-content/custom/{content_id} |  | {"content_name":"d"} | message
            DELETE /v1/mitigation/detection-content/custom/{content_id} |  |  | message
            GET /v1/mitigation/detection-content/devices |  |  | devices
            GET /v1/mitigation/detection-content/mitre/sub-techniques |  |  | sub_techniques
            GET /v1/mitigation/detection-content/mitre/tactics |  |  | tactics
            GET /v1/mitigation/detection-content/mitre/techniques |  |  | techniques
            GET /v1/mitigation/detection-content/sources |  |  | sources
            GET /v1/mitigation/detection-content/{source}/log-sources |  |  | logSources
            GET /v1/mitigation/detection-content/{source}/rules |  |  | pagination rules
            GET /v1/mitigation/detection-content/{source}/rules/{ruleId} |  |  | actions overview
            GET /v1/mitigation/devices |  |  | RETIRED
            GET /v1/mitigation/devices/{DeviceId}/signatures | action_ids=1,2 |  | signatures
            GET /v1/mitigation/generic/not-blocked-actions |  |  | not_blocked_action_list pagination
            GET /v1/simulations |  |  | pages simulations
            POST /v1/simulations |  | {"name":"new","template_id":1,"schedule_now":true} | run_immediately run_info simulation simulation_already_exist
            GET /v1/simulations/{Id} |  |  | Simulations
            PUT /v1/simulations/{Id} |  | {"schedule_now":true} | run_immediately simulation
            DELETE /v1/simulations/{Id} |  |  | success
            PUT /v1/simulations/{Id}/cancel |  |  | success
            GET /v1/simulations/{Id}/run/latest |  |  | completed_at completion_ratio fail_reason_message results scheduled_time simulation_id simulation_run_id started_at status status_details template_id
            GET /v1/simulations/{Id}/run/latest/frameworks |  |  | mitre_attack_results unified_kill_chain_results
            GET /v1/simulations/{Id}/run/latest/threats |  |  | pages threats
            GET /v1/simulations/{Id}/run/latest/threats/{ThreatId}/actions |  |  | actions pages
            GET /v1/simulations/{Id}/run/latest/threats/{ThreatId}/actions/{ActionId} |  |  | SOME action_id action_name affected_os affected_platforms affected_products attack_module attack_module_id category completed_at description detection_analysis
            GET /v1/simulations/{Id}/run/latest/threats/{ThreatId}/actions/{ActionId}/integrations/{IntegrationId}/alerts |  |  | alerts pages
            GET /v1/simulations/{Id}/run/latest/threats/{ThreatId}/actions/{ActionId}/integrations/{IntegrationId}/logs |  |  | logs pages
            GET /v1/simulations/{Id}/run/{RunId} |  |  | completed_at completion_ratio fail_reason_message results scheduled_time simulation_id simulation_run_id started_at status status_details template_id
            GET /v1/simulations/{Id}/run/{RunId}/frameworks |  |  | mitre_attack_results unified_kill_chain_results
            GET /v1/simulations/{Id}/run/{RunId}/threats |  |  | pages threats
            GET /v1/simulations/{Id}/run/{RunId}/threats/{ThreatId}/actions |  |  | actions pages
            GET /v1/simulations/{Id}/run/{RunId}/threats/{ThreatId}/actions/{ActionId} |  |  | SOME action_id action_name affected_os affected_platforms affected_products attack_module attack_module_id category completed_at description detection_analysis
            GET /v1/simulations/{Id}/run/{RunId}/threats/{ThreatId}/actions/{ActionId}/integrations/{IntegrationId}/alerts |  |  | alerts pages
            GET /v1/simulations/{Id}/run/{RunId}/threats/{ThreatId}/actions/{ActionId}/integrations/{IntegrationId}/logs |  |  | logs pages
            POST /v1/simulations/{Id}/simulate-now |  |  | run_immediately run_info simulation simulation_already_exist
            GET /v1/simulations/{SimulationId}/run/{RunId}/threats/{ThreatId}/peers/{PeerId}/integrations/{IntegrationId}/raw-logs |  |  | raw_log_file_links
            POST /v1/summary/overall |  | {} | summary
            GET /v1/templates |  |  | pages templates
            POST /v1/templates |  | {"name":"t"} | content content_type content_update_time creation_time description id name rules
            GET /v1/templates/{Id} |  |  | Template
            GET /v1/threat-library/action-parameters |  |  | action_categories affected_operating_systems affected_products mitre platforms threat_actors ukc_phases url_categories
            GET /v1/threat-library/actions |  |  | actions pages
            POST /v1/threat-library/actions |  | {"name":"a"} | action
            POST /v1/threat-library/actions/custom-keyword |  | {"action_id":1} | keyword
            GET /v1/threat-library/actions/{ActionId} |  |  | action
            GET /v1/threat-library/files |  |  | files pages
            POST /v1/threat-library/files |  | MULTIPART | remote_file_id
            GET /v1/threat-library/processes |  |  | pages processes
            POST /v1/threat-library/processes |  | {"process_type":"cmd"} | process
            GET /v1/threat-library/tags |  |  | tags
            GET /v1/threat-library/threat-actors |  |  | threat_actors
            GET /v1/threat-library/threats |  |  | pages threats
            POST /v1/threat-library/threats |  | {"name":"t"} | threat
            POST /v1/threat-library/threats/import |  | MULTIPART | action_count attack_module campaign_id category_names filename
            GET /v1/threat-library/threats/{ThreatId} |  |  | threat
            PUT /v1/threat-library/threats/{ThreatId} |  | {"severity":"high"} | threat
            DELETE /v1/threat-library/threats/{ThreatId} |  |  | message
            GET /v1/threat-library/threats/{ThreatId}/export |  |  | BINARY
            GET /v1/users |  |  | pages users
            POST /v1/users/invite |  | {"email":"x@y.z","login_type":"sso","role_id":4567} | id
            GET /v1/users/roles |  |  | pages roles
            DELETE /v1/users/{userId} |  |  | success
            PUT /v1/users/{userId}/role |  | {"role_id":4568} | success
            GET /v2/mitigation/devices |  |  | devices
            GET /v2/mitigation/devices/{DeviceId} |  |  | blocked_count device_id not_blocked_count score total_count
            POST /v2/simulations/{Id}/results/reports | type=run&runId=latest | {"format":["PDF"]} | ARRAY
            GET /v2/simulations/{Id}/results/reports/{ReportId} |  |  | format id includesSensitiveData isPreventionOnly name status
            GET /v2/simulations/{Id}/results/reports/{ReportId}/download |  |  | BINARY
            GET /v2/simulations/{Id}/results/reports/{ReportId}/download-url |  |  | downloadUrl
            GET /v2/threat-library/actions |  |  | actions pages
            """;

    private Contract() {}

    static Stream<Operation> operations() {
        return OPERATIONS.lines().map(Contract::parse);
    }

    private static Operation parse(String line) {
        List<String> columns =
                Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        return new Operation(
                columns.get(0),
                columns.get(1),
                columns.get(2),
                List.of(columns.get(3).split(" ")));
    }

    /** Named as the contract names it. */
    record Operation(String name, String query, String body, List<String> members) {

        private static final List<String> READS_IN_POST_FORM =
                List.of("POST /v1/auth/token", "POST /v1/exposures/instances/scores", "POST /v1/summary/overall");

        String method() {
            return name.substring(0, name.indexOf(' '));
        }

        String template() {
            return name.substring(name.indexOf(' ') + 1);
        }

        /** With resources that are there. */
        String path() {
            String path = template()
                    .replace("{userId}", "1234")
                    .replace("{source}", "sigma")
                    .replaceAll("\\{[A-Za-z_]+}", "1");
            return query.isEmpty() ? path : path + "?" + query;
        }

        boolean acts() {
            return !method().equals("GET") && !READS_IN_POST_FORM.contains(name);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
