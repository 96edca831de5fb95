import type { Claims } from "../core/event.js";
import { isPlainText } from "../core/text.js";
import type { Deps } from "./deps.js";

const ciVariables: Readonly<Record<string, string>> = {
  "ci-run": "GITHUB_RUN_ID",
  "ci-job": "GITHUB_JOB",
  "gitlab-job": "CI_JOB_ID",
  "azure-build": "BUILD_BUILDID",
  "bitbucket-build": "BITBUCKET_BUILD_NUMBER",
};

/** What the writer says of itself. Nobody verified any of it, and readers show it as such. */
export function claimsOf(deps: Deps): Claims {
  const claims: Record<string, string> = {};
  const add = (key: string, text: string | undefined): void => {
    if (text !== undefined && text !== "" && text.length <= 200 && isPlainText(text)) claims[key] = text;
  };
  add("agent", deps.claimed);
  add("user", deps.user);
  add("tool", `gitseal ${deps.version}`);
  for (const [key, variable] of Object.entries(ciVariables)) add(key, deps.env[variable]);
  return claims;
}
