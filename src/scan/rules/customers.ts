import type { Rule } from "../rule.js";
import { contextRule, tokenRule } from "./kinds.js";
import { end, uuid } from "./patterns.js";
import { no, yes } from "./verdicts.js";

const hasDigit = (secret: string): boolean => /[0-9]/.test(secret);

/** Where companies keep what they know of their customers. */
export const customerRules: readonly Rule[] = [
  contextRule({
    id: "intercom/access-token",
    vendor: "Intercom",
    title: "Intercom access token",
    grants: "reads and writes conversations and people",
    revoke: "Intercom: Developer hub, Authentication",
    words: ["intercom"],
    body: "[A-Za-z0-9=_-]{58,64}",
    check: (secret) => (hasDigit(secret) ? yes("context", "block") : no),
    shape: "{b64u:60}",
    near: ["{b62:57}", "{b62:70}", "{lower:60}"],
    key: "intercom_access_token",
  }),
  contextRule({
    id: "zendesk/api-token",
    vendor: "Zendesk",
    title: "Zendesk API token",
    grants: "reads and changes tickets as any agent",
    revoke: "Zendesk: Admin center, Apps and integrations, API tokens",
    words: ["zendesk"],
    body: "[A-Za-z0-9]{40}",
    check: (secret) => (hasDigit(secret) ? yes("context", "block") : no),
    shape: "{b62:40}",
    near: ["{b62:39}", "{lower:40}"],
    key: "zendesk_api_token",
  }),
  tokenRule({
    id: "hubspot/private-app-token",
    vendor: "HubSpot",
    title: "HubSpot private app token",
    grants: "reads and changes the account's contacts and deals",
    revoke: "HubSpot: Settings, Integrations, Private apps",
    starts: ["pat-na1-", "pat-na2-", "pat-eu1-", "pat-ap1-", "pat-na3-"],
    pattern: `pat-[a-z]{2}\\d-${uuid}${end}`,
    shape: "pat-eu1-{uuid:1}",
    near: ["pat-eu1-{hex:32}", "pat-eu-{uuid:1}"],
  }),
  contextRule({
    id: "hubspot/legacy-key",
    vendor: "HubSpot",
    title: "HubSpot API key of the old form",
    grants: "reads and changes the account's contacts and deals",
    revoke: "HubSpot: Settings, Integrations, API key",
    words: ["hubspot", "hapikey"],
    body: uuid,
    shape: "{uuid:1}",
    near: ["{hex:32}", "{hex:8}-{hex:4}"],
    key: "hubspot_api_key",
  }),
  tokenRule({
    id: "salesforce/access-token",
    vendor: "Salesforce",
    title: "Salesforce access token or session",
    grants: "acts as the user in the organisation until the session ends",
    revoke: "Salesforce: Setup, Session management",
    starts: ["00D"],
    pattern: "00D[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{80,260}",
    shape: "00D{b62:12}!AQ{b62:94}",
    near: ["00D{b62:12}!{b62:40}", "00D{b62:8}!{b62:96}"],
  }),
  tokenRule({
    id: "salesforce/consumer-key",
    vendor: "Salesforce",
    title: "Salesforce consumer key",
    grants: "names the connected app; its secret stands elsewhere",
    revoke: "Salesforce: Setup, App manager",
    severity: "warn",
    starts: ["3MVG"],
    pattern: "3MVG[A-Za-z0-9_.]{70,120}",
    shape: "3MVG9{b62:80}",
    near: ["3MVG{b62:40}", "3MVX{b62:80}"],
  }),
];
