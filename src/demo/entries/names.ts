/** The people of the organisation, named after their jobs. */
export const ROLES = [
  "Org Owner",
  "Security Lead",
  "Security Analyst",
  "Finance Lead",
  "Finance Clerk",
  "People Partner",
  "Legal Counsel",
  "Support Agent",
  "Support Manager",
  "Platform Engineer",
  "Release Engineer",
  "Data Engineer",
  "Design Lead",
  "Product Manager",
  "Sales Manager",
  "Sales Representative",
  "Office Manager",
  "Contract Auditor",
  "Guest Reviewer",
  "Café Organiser",
  "Deploy Bot",
  "Incident Bot",
] as const;

/** The workspaces of the organisation. */
export const WORKSPACES = ["Lantern Engineering", "Lantern Business", "Lantern Guests"] as const;

/** Channel names, some with characters outside ASCII. */
export const CHANNELS = [
  "announcements",
  "finance-close",
  "incident-2291",
  "legal-review",
  "platform-alerts",
  "random",
  "release-train",
  "sales-emea",
  "security-triage",
  "straßenbahn-fans",
  "support-escalations",
  "部署通知",
] as const;

/** File names, some with quotes, spaces and characters outside ASCII. */
export const FILES = [
  "quarterly-forecast.xlsx",
  "incident-timeline.pdf",
  "architecture-sketch.png",
  "customer-list.csv",
  "onboarding.docx",
  'quote "final" (2).pdf',
  "keynote.pptx",
  "dump.tar.gz",
  "überblick.md",
] as const;

/** Apps with their scopes. */
export const APPS = [
  ["Harbour Tickets", ["chat:write", "channels:read"]],
  ["Deploy Notifier", ["chat:write", "incoming-webhook"]],
  ["Survey Kit", ["users:read", "users:read.email", "im:write"]],
  ["Calendar Bridge", ["commands", "calls:write"]],
  ["Log Exporter", ["auditlogs:read"]],
] as const satisfies readonly (readonly [string, readonly string[]])[];

/** User agents as Slack reports them. */
export const USER_AGENTS = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.46.99 Chrome/138.0.0.0 Electron/37.2.0 Safari/537.36",
  "com.tinyspeck.chatlyio/26.10.20 (iPhone; iOS 26.0; Scale/3.00)",
  "com.Slack/26.10.30.0 (samsung SM-S931B; Android 16)",
  "python-requests/2.32.5",
] as const;
