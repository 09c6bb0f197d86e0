import { anyApp, anyUser, type EntryTemplate } from "./entry-template.ts";

/** Templates for apps, workflows, functions and tool calls. */
export const APP_TEMPLATES: readonly EntryTemplate[] = [
  {
    action: "app_installed",
    group: "app",
    weight: 3,
    make: (input) => ({
      entity: anyApp(input),
      details: { is_internal_integration: false, granular_bot_token: true, app_owner_id: anyUser(input).id },
    }),
  },
  {
    action: "app_scopes_expanded",
    group: "app",
    weight: 2,
    make: (input) => ({
      entity: anyApp(input),
      details: { previous_scopes: ["chat:write"], new_scopes: ["chat:write", "files:read"], bot_scopes: [] },
    }),
  },
  {
    action: "app_approved",
    group: "app",
    weight: 2,
    make: (input) => ({
      entity: anyApp(input),
      details: {
        approver_id: anyUser(input).id,
        app_previously_resolved: false,
        request: { id: input.random.id("Ar") },
      },
    }),
  },
  { action: "app_restricted", group: "app", weight: 1, make: (input) => ({ entity: anyApp(input) }) },
  {
    action: "app_token_preserved",
    group: "app",
    weight: 1,
    make: (input) => ({ entity: anyApp(input), context: { app: { id: input.random.id("A"), name: "Log Exporter" } } }),
  },
  {
    action: "workflow_created",
    group: "workflow_builder",
    weight: 2,
    make: ({ random }) => ({ entity: ["workflow", { id: random.id("Wf"), name: "Ask for a laptop" }] }),
  },
  {
    action: "workflow_v2_published",
    group: "workflow_v2",
    weight: 2,
    make: ({ random, person, at }) => ({
      entity: [
        "workflow_v2",
        {
          id: random.id("Wf"),
          app_id: random.id("A"),
          date_updated: at - 30,
          callback_id: "laptop_request",
          name: "Ask for a laptop",
          updated_by: person.user.id,
          step_configuration: [
            { name: "Send a message", step_function_type: "app", step_function_app_id: random.id("A") },
            { name: "Open a ticket", external_auth_configuration: [{ provider_key: "tickets", scopes: ["write"] }] },
          ],
        },
      ],
      details: { trigger_config: { type: "scheduled", every: { days: 1 } }, is_workflow: true },
    }),
  },
  {
    action: "function_distribution_permission_set",
    group: "function",
    weight: 1,
    make: (input) => ({
      entity: ["function", { id: input.random.id("Fn"), app_id: input.random.id("A"), callback_id: "open_ticket" }],
      details: { permission_type: "named_entities", user_ids: [anyUser(input).id] },
    }),
  },
  {
    action: "external_auth_oauth2_token_fetched",
    group: "workflow_v2",
    weight: 1,
    make: ({ random }) => ({
      entity: [
        "external_auth_oauth2_token",
        // `id` exceeds 32 bits, and `scopes` is a string or a list.
        {
          id: random.integer(2 ** 33, 2 ** 48),
          provider: { provider_key: "tickets", scopes: random.chance(0.5) ? "read write" : ["read", "write"] },
        },
      ],
    }),
  },
  {
    action: "slack_ai_mcp_tool_called",
    group: "workspace_or_org",
    weight: 5,
    make: ({ random, apps, at, channels, person }) => ({
      entity: ["app", random.pick(apps)],
      details: {
        tool_name: "search_messages",
        server_name: "harbour-tools",
        server_url: "https://mcp.example/v1",
        mcp_client_inferred_behavior: "agentic",
        argument_keys: ["query", "limit"],
        arguments: { query: "release notes", limit: 20, exact: false },
        read_only: true,
        destructive: false,
        success: random.chance(0.9),
        duration: random.integer(20, 4_000),
      },
      context: {
        acting_agent: "slackbot",
        agent_message: {
          team: person.user.team,
          channel_id: random.pick(channels).id,
          message_ts: `${at}.104200`,
          thread_ts: "",
        },
      },
    }),
  },
];
