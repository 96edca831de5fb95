import { connectionRules } from "../generic/connections.js";
import type { Rule } from "../rule.js";
import { aiToolRules } from "./ai-tools.js";
import { aiRules } from "./ai.js";
import { awsRules } from "./aws.js";
import { azureRules } from "./azure.js";
import { ciRules } from "./ci.js";
import { cloudRules } from "./clouds.js";
import { customerRules } from "./customers.js";
import { dataServiceRules } from "./data-services.js";
import { databaseRules } from "./databases.js";
import { developerRules } from "./developer.js";
import { deviceRules } from "./devices.js";
import { emailRules } from "./email.js";
import { exchangeRules } from "./exchanges.js";
import { fileRules } from "./files.js";
import { githubRules } from "./github.js";
import { gitlabRules } from "./gitlab.js";
import { googleRules } from "./google.js";
import { hashicorpRules } from "./hashicorp.js";
import { hostingRules } from "./hosting.js";
import { ibmRules } from "./ibm.js";
import { identityRules } from "./identity.js";
import { infrastructureRules } from "./infrastructure.js";
import { keyRules } from "./keys.js";
import { messagingRules, slackRules } from "./messaging.js";
import { monitoringRules } from "./monitoring.js";
import { packageRules } from "./packages.js";
import { paymentRules } from "./payments.js";
import { saasRules } from "./saas.js";
import { serviceRules } from "./services.js";
import { socialRules } from "./social.js";
import { teamworkRules } from "./teamwork.js";

/** Every rule for a known form of credential. Data: nothing is compiled or built before it is asked for. */
export const allRules: readonly Rule[] = [
  ...aiRules,
  ...aiToolRules,
  ...awsRules,
  ...azureRules,
  ...ciRules,
  ...cloudRules,
  ...connectionRules,
  ...customerRules,
  ...dataServiceRules,
  ...databaseRules,
  ...developerRules,
  ...deviceRules,
  ...emailRules,
  ...exchangeRules,
  ...fileRules,
  ...githubRules,
  ...gitlabRules,
  ...googleRules,
  ...hashicorpRules,
  ...hostingRules,
  ...ibmRules,
  ...identityRules,
  ...infrastructureRules,
  ...keyRules,
  ...messagingRules,
  ...monitoringRules,
  ...packageRules,
  ...paymentRules,
  ...saasRules,
  ...serviceRules,
  ...slackRules,
  ...socialRules,
  ...teamworkRules,
];
