import { readJwt } from "../checksum-json.js";
import { hasBase62Crc } from "../checksum.js";
import type { Rule } from "../rule.js";
import { contextRule, tokenRule } from "./kinds.js";
import { end } from "./patterns.js";
import { withChecksum } from "./verdicts.js";

const vendor = "GitHub";
const developer = "GitHub: Settings, Developer settings";

/** GitHub's tokens: https://docs.github.com, "GitHub's token formats". */
export const githubRules: readonly Rule[] = [
  tokenRule({
    id: "github/personal-access-token",
    vendor,
    title: "GitHub personal access token (classic)",
    grants: "acts as the user on every repository and organisation the token's scopes name",
    revoke: `${developer}, Personal access tokens`,
    starts: ["ghp_"],
    pattern: `ghp_[0-9A-Za-z]{36}${end}`,
    check: withChecksum(hasBase62Crc),
    shape: "ghp_{b62:36}",
    near: ["ghp_{b62:35}", "ghp_{b62:37}", "xghp_{b62:36}", "ghp_{b62:20}-{b62:15}"],
  }),
  tokenRule({
    id: "github/oauth-token",
    vendor,
    title: "GitHub OAuth access token",
    grants: "acts as the user within the scopes that the OAuth app was granted",
    revoke: "GitHub: Settings, Applications, Authorized OAuth Apps",
    starts: ["gho_"],
    pattern: `gho_[0-9A-Za-z]{36}${end}`,
    check: withChecksum(hasBase62Crc),
    shape: "gho_{b62:36}",
    near: ["gho_{b62:35}", "agho_{b62:36}"],
  }),
  tokenRule({
    id: "github/app-user-token",
    vendor,
    title: "GitHub App user-to-server token",
    grants: "acts as the user within the permissions of a GitHub App",
    revoke: "GitHub: Settings, Applications, Authorized GitHub Apps",
    starts: ["ghu_"],
    pattern: `ghu_[0-9A-Za-z]{36}${end}`,
    check: withChecksum(hasBase62Crc),
    shape: "ghu_{b62:36}",
    near: ["ghu_{b62:35}", "ghu-{b62:36}"],
  }),
  tokenRule({
    id: "github/app-installation-token",
    vendor,
    title: "GitHub App installation token",
    grants: "acts as a GitHub App or an Actions job on its repositories, for an hour",
    revoke: "It ends by itself within an hour; revoke it at the installation/token endpoint before that",
    starts: ["ghs_"],
    pattern: `ghs_(?:[0-9A-Za-z]{36}|[0-9]{1,12}_eyJ[\\w-]{10,900}\\.eyJ[\\w-]{10,1500}\\.[\\w-]{20,700})${end}`,
    check: withChecksum(
      (token) => hasBase62Crc(token) || readJwt(token.slice(token.lastIndexOf("_eyJ") + 1)) !== undefined,
    ),
    shape: ["ghs_{b62:36}", 'ghs_{digit:7}_{json:{"alg":"RS256","typ":"JWT"}}.{json:{"iss":"71","exp":1}}.{b64u:86}'],
    near: ["ghs_{b62:35}", "ghs_{b62:37}"],
  }),
  tokenRule({
    id: "github/refresh-token",
    vendor,
    title: "GitHub App refresh token",
    grants: "makes new user access tokens for half a year",
    revoke: "GitHub: Settings, Applications, Authorized GitHub Apps",
    starts: ["ghr_"],
    pattern: `ghr_(?:[0-9A-Za-z]{76}|[0-9A-Za-z]{36})${end}`,
    check: withChecksum(hasBase62Crc),
    shape: ["ghr_{b62:76}", "ghr_{b62:36}"],
    near: ["ghr_{b62:50}", "ghr_{b62:77}"],
  }),
  tokenRule({
    id: "github/fine-grained-token",
    vendor,
    title: "GitHub fine-grained personal access token",
    grants: "acts as the user on the repositories and permissions it was given",
    revoke: `${developer}, Personal access tokens`,
    starts: ["github_pat_"],
    pattern: `github_pat_[0-9A-Za-z_]{82}${end}`,
    shape: "github_pat_{b62:22}_{b62:59}",
    near: ["github_pat_{b62:22}_{b62:58}", "github_pat_{b62:22}_{b62:60}"],
  }),
  contextRule({
    id: "github/legacy-token",
    vendor,
    title: "GitHub token of the old form",
    grants: "acts as the user on every repository the token's scopes name",
    revoke: `${developer}, Personal access tokens`,
    words: ["github", "gh_token", "ghtoken", "gh-token"],
    body: "[0-9a-f]{40}",
    shape: "{hex:40}",
    near: ["{hex:39}", "{hex:41}"],
    key: "github_token",
  }),
  tokenRule({
    id: "sourcegraph/access-token",
    vendor: "Sourcegraph",
    title: "Sourcegraph access token",
    grants: "searches and reads all code the user may see",
    revoke: "Sourcegraph: Settings, Access tokens",
    starts: ["sgp_"],
    pattern: `sgp_(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}${end}`,
    shape: ["sgp_{hex:16}_{hex:40}", "sgp_local_{hex:40}", "sgp_{hex:40}"],
    near: ["sgp_{hex:16}_{hex:39}", "sgp_{hex:38}"],
  }),
];
