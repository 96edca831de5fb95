import type { Rule } from "../rule.js";
import { connectionRules } from "../generic/connections.js";
import { aiRules } from "./ai.js";
import { awsRules } from "./aws.js";
import { azureRules } from "./azure.js";
import { githubRules } from "./github.js";
import { gitlabRules } from "./gitlab.js";
import { googleRules } from "./google.js";
import { messagingRules, slackRules } from "./messaging.js";
import { monitoringRules } from "./monitoring.js";
import { packageRules } from "./packages.js";
import { paymentRules } from "./payments.js";

/** Every rule for a known form of credential. Data: nothing is compiled or built before it is asked for. */
export const allRules: readonly Rule[] = [
  ...aiRules,
  ...awsRules,
  ...azureRules,
  ...connectionRules,
  ...githubRules,
  ...gitlabRules,
  ...googleRules,
  ...messagingRules,
  ...monitoringRules,
  ...packageRules,
  ...paymentRules,
  ...slackRules,
];
