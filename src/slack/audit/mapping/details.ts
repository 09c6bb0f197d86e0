import type { AttributeType } from "./attribute-type.ts";
import type { ObjectSchema } from "./entry-schema.ts";

/**
 * The known members of `details` by type: those of Slack's SDKs and of docs.slack.dev/reference/audit-logs-api. Slack publishes
 * no complete list.
 */
const DETAILS: Readonly<Partial<Record<AttributeType, string>>> = {
  string: `
    type name app_owner_id installer_user_id approver_id approval_type bot_id shared_to cleared_resolution resolution
    new_version_id trigger origin_team target_team admin_app_id export_type export_start_ts export_end_ts barrier_id
    primary_usergroup_id invite_id external_organization_id external_organization_name external_user_id external_user_email
    channel_id added_team_id app_id url_private initiated_by source_team destination_team enterprise team subteam action
    is_flagged target_user target_entity target_user_id target_entity_id idp_config_id config_type idp_entity_id
    idp_entity_id_hash label datastore_name channel entity_type actor access_level disconnecting_team linked_channel_id
    column_id row_id view_id user file_id trigger_id permission_type template_title cloned_file_id thread_ts status
    entity_team salesforce_org_id salesforce_edition salesforce_tenant_guid provider_key policy_name authentication_mode
    authentication_method secondary_authentication_method client_ja3_fingerprint previous_ip_address previous_ua location
    pref_name email md5_hash folder_bookmark_id tool tool_name service_type server_name server_url
    mcp_client_inferred_behavior source decision permission_key uri executor_id skill_id creator exporting_team_id
    detected_client detected_os api_call_method inviter kicker`,
  "string[]": `
    scopes bot_scopes scopes_bot new_scopes previous_scopes old_scopes channels barriered_from_usergroup_ids
    restricted_subjects changed_permissions functions workflows datastores functions_added workflows_added datastores_added
    channel_ids user_ids teams_shared_with variable_names argument_keys added_to_allow connectors_enabled
    connectors_disabled mcp_server_allowlist_domains ip_address_details reason succeeded_users failed_users`,
  bool: `
    app_previously_approved app_previously_resolved is_internal_integration is_workflow mobile_only web_only non_sso_only
    granular_bot_token desktop_app_browser_quit is_token_rotation_enabled_app is_external_limited is_error
    permissions_updated is_channel_canvas is_slack_provided_template is_external_user is_ext_shared is_allowed success
    read_only destructive`,
  int: `
    action_timestamp expires_on duration session_search_start deprecation_search_end cell_date_updated
    idp_group_member_count workspace_member_count added_user_count added_user_error_count reactivated_user_count
    removed_user_count removed_user_error_count total_removal_count`,
  map: `
    old_retention_policy new_retention_policy who_can_post can_thread who_can_dm_anyone enable_at_here enable_at_channel
    can_huddle shared_with previous_profile new_profile space_file_id matched_rule request`,
  list: "permissions rules_checked attributes",
  json: `
    new_value previous_value trigger_config salesforce_org_config affected_users user_agent_change_details entity_ids md
    arguments`,
};

/** The schema of `details`. */
export const detailsSchema: ObjectSchema = {
  path: "details",
  prefix: "slack.audit.details",
  types: new Map(
    Object.entries(DETAILS).flatMap(([type, keys]) =>
      keys
        .trim()
        .split(/\s+/)
        .map((key) => [key, type as AttributeType] as const),
    ),
  ),
  // Slack uses both spellings.
  names: { scopes_bot: "slack.audit.details.bot_scopes" },
};
