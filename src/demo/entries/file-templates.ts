import { anyFile, type EntryTemplate } from "./entry-template.ts";

/** Templates for files, canvases, lists and Slack's own templates. */
export const FILE_TEMPLATES: readonly EntryTemplate[] = [
  {
    action: "file_uploaded",
    group: "file",
    weight: 40,
    make: (input) => ({ entity: anyFile(input), details: { md5_hash: input.random.hex(16) } }),
  },
  {
    action: "file_downloaded",
    group: "file",
    weight: 80,
    make: (input) => ({
      entity: anyFile(input),
      details: { url_private: `https://files.example/${input.random.hex(8)}/download` },
    }),
  },
  {
    action: "file_download_blocked",
    group: "file",
    weight: 3,
    make: (input) => ({ entity: anyFile(input), details: { reason: "untrusted_device" } }),
  },
  {
    action: "file_malicious_content_detected",
    group: "file",
    weight: 1,
    make: (input) => ({ entity: anyFile(input), details: { md5_hash: input.random.hex(16), reason: "malware" } }),
  },
  {
    action: "file_shared",
    group: "file",
    weight: 15,
    make: (input) => ({
      entity: anyFile(input),
      details: { shared_with: { channel_id: input.random.pick(input.channels).id, access_level: "read" } },
    }),
  },
  { action: "file_public_link_created", group: "file", weight: 2, make: (input) => ({ entity: anyFile(input) }) },
  {
    action: "canvas_created",
    group: "canvas",
    weight: 4,
    make: ({ random }) => ({
      entity: ["canvas", { id: random.id("F"), filetype: "quip", title: "Runbook" }],
      details: { is_channel_canvas: random.chance(0.5) },
    }),
  },
  {
    action: "list_cell_updated",
    group: "list",
    weight: 4,
    make: ({ random, at }) => ({
      entity: ["list", { id: random.id("F") }],
      details: { column_id: random.id("Col"), row_id: random.id("Rec"), cell_date_updated: at, view_id: "" },
    }),
  },
  {
    action: "template_created",
    group: "template",
    weight: 1,
    make: ({ random }) => ({
      entity: ["template", { id: random.id("Tm"), template_name: "New customer" }],
      details: { is_slack_provided_template: false, template_title: "New customer" },
    }),
  },
];
