import type { Rule } from "../rule.js";
import { findKey, saysPublic } from "./assigned.js";
import { anchorRule, contextRule } from "./kinds.js";
import { no, yes } from "./verdicts.js";

const vendor = "Azure";
const portal = "Azure portal: the resource's Access keys, Regenerate";
const b64 = "[A-Za-z0-9+/]";
/** Of a UUID's form, whatever its letters. */
const guid = "[0-9a-zA-Z]{8}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{12}";

const bare = "(?<![A-Za-z0-9+/])";

/** Microsoft's identifiable keys: a signature at a fixed place (https://github.com/microsoft/security-utilities). */
export const azureRules: readonly Rule[] = [
  anchorRule({
    id: "azure/client-secret",
    vendor,
    title: "Azure AD (Entra) client secret",
    grants: "acts as the application in the tenant",
    revoke: "Microsoft Entra admin center: App registrations, Certificates and secrets",
    anchors: ["7q~", "8q~"],
    reach: 5,
    pattern:
      "(?<![A-Za-z0-9~._-])(?:[A-Za-z0-9~._-]{3}7Q~[A-Za-z0-9~._-]{31,34}|[A-Za-z0-9~._-]{3}8Q~[A-Za-z0-9~._-]{31,34})(?![A-Za-z0-9~_-])",
    check: (secret) => (/[A-Z]/.test(secret.slice(6)) && /[a-z]/.test(secret.slice(6)) ? yes("format", "block") : no),
    shape: ["{b62:3}7Q~{b64u:31}", "{b62:3}8Q~{b62:34}"],
    near: ["{b62:3}7Q~{b62:30}", "{b62:3}8q~{b62:34}", "{b62:8}7Q~{b62:31}", "{b62:3}7Q~{b62:35}"],
  }),
  anchorRule({
    id: "azure/storage-key",
    vendor,
    title: "Azure Storage or Batch account key",
    grants: "reads and writes everything in the account",
    revoke: portal,
    anchors: ["+ast", "+aba"],
    reach: 78,
    pattern: `${bare}${b64}{76}\\+A(?:St|Ba)${b64}{5}[AQgw]==(?!=)`,
    shape: ["{b64:76}+ASt{b62:5}A==", "{b64:76}+ABa{b62:5}Q=="],
    near: ["{b64:75}+ASt{b62:5}A==", "{b64:76}+AXt{b62:5}A=="],
  }),
  contextRule({
    id: "azure/storage-key-old",
    vendor,
    title: "Azure account key of the old form",
    grants: "reads and writes everything in the account",
    revoke: portal,
    words: [
      "accountkey",
      "account_key",
      "account-key",
      "azure",
      "storage",
      "cosmos",
      "documentdb",
      "primarykey",
      "masterkey",
      "eventhub",
      "servicebus",
    ],
    body: `${b64}{86}==`,
    check: (secret) => (/\+A(?:St|Ba)|ACDb|APIM|\+AMC/.test(secret.slice(74, 82)) ? no : yes("context", "block")),
    shape: "{b64:86}==",
    near: ["{b64:85}==", "{b64:86}="],
    key: "azure_account_key",
  }),
  anchorRule({
    id: "azure/cosmos-key",
    vendor,
    title: "Azure Cosmos DB or API Management key",
    grants: "reads and writes the databases of the account, or calls the gateway",
    revoke: portal,
    anchors: ["acdb", "apim", "+amc"],
    reach: 78,
    pattern: `${bare}${b64}{76}(?:ACDb|APIM|\\+AMC)${b64}{5}[AQgw]==(?!=)`,
    shape: ["{b64:76}ACDb{b62:5}Q==", "{b64:76}APIM{b62:5}g==", "{b64:76}+AMC{b62:5}w=="],
    near: ["{b64:70}ACDb{b62:5}Q==", "{b64:76}ACDB{b62:5}Q=="],
  }),
  anchorRule({
    id: "azure/shared-access-key",
    vendor,
    title: "Azure key for Event Hubs, Service Bus, Relay, IoT Hub, Redis or Event Grid",
    grants: "sends and receives messages, or reads the cache, within its policy",
    revoke: "Azure portal: the resource's Shared access policies or Access keys",
    anchors: ["+aeh", "+asb", "+arm", "aiot", "azca", "azeg"],
    reach: 35,
    pattern: `${bare}${b64}{33}(?:\\+AEh|\\+ASb|\\+ARm|AIoT|AzCa|AZEG)[A-P]${b64}{5}=(?![=A-Za-z0-9+/])`,
    shape: ["{b64:33}+AEhA{b62:5}=", "{b64:33}AzCaP{b62:5}="],
    near: ["{b64:32}+AEhA{b62:5}=", "{b64:33}+AEhZ{b62:5}="],
  }),
  contextRule({
    id: "azure/shared-access-key-old",
    vendor,
    title: "Azure shared access key of the old form",
    grants: "sends and receives messages within its policy",
    revoke: "Azure portal: the resource's Shared access policies",
    words: ["sharedaccesskey=", "sharedaccesskey", "shared_access_key", "servicebus", "eventhub", "azure", "iothub"],
    body: `${b64}{43}=`,
    check: (secret) => (/\+AEh|\+ASb|\+ARm|AIoT|AzCa|AZEG/.test(secret.slice(33, 37)) ? no : yes("context", "block")),
    shape: "{b64:43}=",
    near: ["{b64:42}=", "{b64:44}="],
    key: "shared_access_key",
  }),
  anchorRule({
    id: "azure/search-or-registry-key",
    vendor,
    title: "Azure AI Search or Container Registry key",
    grants: "reads and changes the indexes, or pulls and pushes images",
    revoke: "Azure portal: the resource's Keys or Access keys",
    anchors: ["azse", "+acr"],
    reach: 44,
    pattern: `${bare}(?:[A-Za-z0-9]{42}AzSe|${b64}{42}\\+ACR)[A-D][A-Za-z0-9]{5}(?![A-Za-z0-9+/=])`,
    shape: ["{b62:42}AzSeA{b62:5}", "{b64:42}+ACRD{b62:5}"],
    near: ["{b62:41}AzSeA{b62:5}", "{b62:42}AzSeZ{b62:5}"],
  }),
  anchorRule({
    id: "azure/function-key",
    vendor,
    title: "Azure Functions key",
    grants: "calls the function or all functions of the host",
    revoke: "Azure portal: the function app's App keys",
    anchors: ["azfu"],
    reach: 46,
    pattern: "(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{6}(?:==|%3D%3D)?(?![A-Za-z0-9_=-])",
    shape: "{b64u:44}AzFu{b62:6}==",
    near: ["{b62:43}AzFu{b62:6}==", "{b62:44}AzFv{b62:6}=="],
  }),
  anchorRule({
    id: "azure/identifiable-key",
    vendor,
    title: "Azure service key (OpenAI, AI services, Maps, App Configuration and others)",
    grants: "calls the service at the subscription's cost",
    revoke: "Azure portal: the resource's Keys and endpoint, Regenerate",
    anchors: ["jqqj9"],
    reach: 54,
    pattern:
      "(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{24}(?:[A-Za-z0-9]{2}==)?(?![A-Za-z0-9])",
    shape: ["{b62:52}JQQJ99BCAC{b62:14}AAA{b62:5}", "{b62:52}JQQJ99AL{b62:16}AZDO{b62:4}"],
    near: ["{b62:51}JQQJ99BCAC{b62:22}", "{b62:52}JQQJ99BZAC{b62:22}"],
  }),
  contextRule({
    id: "azure/devops-token",
    vendor,
    title: "Azure DevOps personal access token",
    grants: "acts as the user on code, builds and packages within its scopes",
    revoke: "Azure DevOps: User settings, Personal access tokens",
    words: ["azure", "devops", "vsts", "visualstudio", "azdo", "ado_", "pat_"],
    body: "[a-z2-7]{52}",
    check: (secret) => (/[2-7]/.test(secret) ? yes("context", "block") : no),
    shape: "{b32:52}",
    near: ["{b32:51}", "{b32:53}", "{lower:52}"],
    key: "azure_devops_token",
  }),
  anchorRule({
    id: "azure/sas-signature",
    vendor,
    title: "Azure shared access signature",
    grants: "reads or writes what the link names until it ends",
    revoke: "Azure portal: regenerate the account key that signed it, or change its access policy",
    anchors: ["sig="],
    reach: 1,
    pattern: "(?<![A-Za-z0-9])sig=(?<secret>[A-Za-z0-9%+/]{43,70}(?:=|%3[Dd]))",
    check: (_, { before, after }) => {
      const whole = `${before}${after.split(/[\s"'<>]/, 1)[0] ?? ""}`;
      return /[?&;](?:sv|sr|sp|skn|se)=/.test(whole) || /SharedAccessSignature/i.test(before)
        ? yes("format", "block")
        : no;
    },
    shape: "https://data.blob.core.windows.net/box?sv=2022-11-02&sp=rl&se=2027-01-01T00%3A00%3A00Z&sig={b62:43}%3D",
    near: [
      "https://data.blob.core.windows.net/box?sv=2022-11-02&sp=rl&sig={b62:20}%3D",
      "https://data.blob.core.windows.net/box?a=1&sig={b62:43}%3D",
    ],
  }),
  anchorRule({
    id: "azure/app-configuration-secret",
    vendor,
    title: "Azure App Configuration connection string",
    grants: "reads and writes the settings in the store",
    revoke: "Azure portal: App Configuration, Access settings, Regenerate",
    anchors: [".azconfig.io"],
    pattern: "\\.azconfig\\.io;Id=[^;\\s\"']{4,100};Secret=(?<secret>[A-Za-z0-9+/]{36,100}={0,2})",
    shape: "Endpoint=https://shop.azconfig.io;Id=0-l4-s0:{b62:20};Secret={b64:43}=",
    near: [
      "Endpoint=https://shop.azconfig.io;Id=0-l4-s0:{b62:20};Secret={b64:20}",
      "Endpoint=https://shop.azconfig.io;Key={b64:43}=",
    ],
  }),
  anchorRule({
    id: "azure/teams-webhook",
    vendor: "Microsoft",
    title: "Microsoft Teams incoming webhook",
    grants: "posts messages into a channel",
    revoke: "Teams: the channel's Connectors, Incoming webhook, Remove",
    anchors: [".webhook.office.com/webhookb2/", "outlook.office.com/webhook/"],
    pattern: `(?:\\.webhook\\.office\\.com/webhookb2|outlook\\.office\\.com/webhook)/(?<secret>${guid}@${guid}/[A-Za-z]{5,30}/[0-9a-zA-Z]{32}/${guid}(?:/[A-Za-z0-9_-]{20,60})?)`,
    shape: "https://acme.webhook.office.com/webhookb2/{uuid:1}@{uuid:1}/IncomingWebhook/{hex:32}/{uuid:1}",
    near: [
      "https://acme.webhook.office.com/webhookb2/{uuid:1}/IncomingWebhook/{hex:32}",
      "https://acme.webhook.office.com/webhookb2/",
    ],
  }),
  anchorRule({
    id: "azure/logic-app-callback",
    vendor,
    title: "Azure Logic Apps or Power Automate callback address",
    grants: "starts the workflow",
    revoke: "Azure portal: the logic app's Access keys, Regenerate",
    anchors: ["%2ftriggers%2f"],
    ignoreCase: true,
    pattern: "%2Ftriggers%2F[A-Za-z0-9_%-]{1,100}&sv=[0-9.]{1,8}&sig=(?<secret>[A-Za-z0-9_-]{43})(?![\\w-])",
    shape:
      "https://prod-7.westeurope.logic.azure.com/workflows/{hex:32}/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={b64u:43}",
    near: [
      "https://prod-7.logic.azure.com/invoke?sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={b64u:20}",
      "https://prod-7.logic.azure.com/invoke?sp=%2Ftriggers%2Fmanual%2Frun",
    ],
  }),
  contextRule({
    id: "azure/service-key",
    vendor,
    title: "Azure service key of the old form",
    grants: "calls the service at the subscription's cost",
    revoke: "Azure portal: the resource's Keys and endpoint, Regenerate",
    words: ["azure", "cognitive", "ocp-apim", "applicationinsights", "appinsights", "luis", "qnamaker", "openai"],
    names: ["subscriptionkey"],
    body: "[0-9a-f]{32}",
    shape: "{hex:32}",
    near: ["{hex:31}", "{hex:33}"],
    key: "azure_openai_key",
  }),
  contextRule({
    id: "azure/client-secret-old",
    vendor,
    title: "Azure AD (Entra) client secret of the old form",
    grants: "acts as the application in the tenant",
    revoke: "Microsoft Entra admin center: App registrations, Certificates and secrets",
    words: ["azure", "arm_client", "aad_", "adal", "msal", "tenant"],
    body: "(?:[A-Za-z0-9~._-]{32,44}|[A-Za-z0-9+/@:?=~._\\[\\]*-]{32}|[A-Za-z0-9+/]{43}=)",
    check: (secret, around) => {
      const name = findKey(around.before)?.name ?? "";
      const mixed = /[0-9]/.test(secret) && /[A-Z]/.test(secret) && /[a-z]/.test(secret);
      return mixed &&
        /secret|password/i.test(name) &&
        !saysPublic(name) &&
        !/[78]Q~|[^=]=[^=]/.test(secret) &&
        !/^https?:/.test(secret)
        ? yes("context", "block")
        : no;
    },
    shape: "{b62:40}",
    near: ["{b62:31}", "{lower:34}"],
    key: "azure_client_secret",
  }),
];
