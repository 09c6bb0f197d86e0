import { anyFile, type Kind } from "./kind.ts";

/** Files, canvases, lists and templates. */
export const FILE_KINDS: readonly Kind[] = [
  {
    action: "file_uploaded",
    group: "file",
    weight: 40,
    make: (scene) => ({ entity: anyFile(scene), details: { md5_hash: scene.dice.hex(16) } }),
  },
  {
    action: "file_downloaded",
    group: "file",
    weight: 80,
    make: (scene) => ({
      entity: anyFile(scene),
      details: { url_private: `https://files.example/${scene.dice.hex(8)}/download` },
    }),
  },
  {
    action: "file_download_blocked",
    group: "file",
    weight: 3,
    make: (scene) => ({ entity: anyFile(scene), details: { reason: "untrusted_device" } }),
  },
  {
    action: "file_malicious_content_detected",
    group: "file",
    weight: 1,
    make: (scene) => ({ entity: anyFile(scene), details: { md5_hash: scene.dice.hex(16), reason: "malware" } }),
  },
  {
    action: "file_shared",
    group: "file",
    weight: 15,
    make: (scene) => ({
      entity: anyFile(scene),
      details: { shared_with: { channel_id: scene.dice.pick(scene.channels).id, access_level: "read" } },
    }),
  },
  { action: "file_public_link_created", group: "file", weight: 2, make: (scene) => ({ entity: anyFile(scene) }) },
  {
    action: "canvas_created",
    group: "canvas",
    weight: 4,
    make: ({ dice }) => ({
      entity: ["canvas", { id: dice.id("F"), filetype: "quip", title: "Runbook" }],
      details: { is_channel_canvas: dice.chance(0.5) },
    }),
  },
  {
    action: "list_cell_updated",
    group: "list",
    weight: 4,
    make: ({ dice, at }) => ({
      entity: ["list", { id: dice.id("F") }],
      details: { column_id: dice.id("Col"), row_id: dice.id("Rec"), cell_date_updated: at, view_id: "" },
    }),
  },
  {
    action: "template_created",
    group: "template",
    weight: 1,
    make: ({ dice }) => ({
      entity: ["template", { id: dice.id("Tm"), template_name: "New customer" }],
      details: { is_slack_provided_template: false, template_title: "New customer" },
    }),
  },
];
