import { hasGitlabCrc } from "../checksum.js";
import type { Rule } from "../rule.js";
import { anchorRule, contextRule, tokenRule } from "./kinds.js";
import { base64url, end } from "./patterns.js";
import { withChecksum } from "./verdicts.js";

const vendor = "GitLab";

/** The tail of a routable token: version, length of the payload and checksum. */
const routable = `${base64url}{27,300}\\.(?:[0-9a-z]{2}\\.)?[0-9a-z]{9}`;

interface Kind {
  readonly id: string;
  readonly title: string;
  readonly prefix: string;
  readonly body: string;
  readonly shape: string | readonly string[];
  readonly near: readonly string[];
  readonly grants: string;
  readonly revoke: string;
}

const kinds: readonly Kind[] = [
  {
    id: "gitlab/deploy-token",
    title: "GitLab deploy token",
    prefix: "gldt-",
    body: `${base64url}{20}`,
    shape: "gldt-{b62:20}",
    near: ["gldt-{b62:19}", "gldt-{b62:21}"],
    grants: "reads or writes the repository, packages and images of a project",
    revoke: "GitLab: the project's or group's Settings, Repository, Deploy tokens",
  },
  {
    id: "gitlab/ci-job-token",
    title: "GitLab CI job token",
    prefix: "glcbt-",
    body: `(?:[0-9a-zA-Z]{1,5}_)?${base64url}{20,24}`,
    shape: ["glcbt-{hex:2}_{b62:20}", "glcbt-{b62:20}"],
    near: ["glcbt-{b62:19}", "glcbt-64_{b62:12}"],
    grants: "acts as a job on the projects it may reach, while the job runs",
    revoke: "It ends with its job",
  },
  {
    id: "gitlab/trigger-token",
    title: "GitLab pipeline trigger token",
    prefix: "glptt-",
    body: `${base64url}{40}`,
    shape: ["glptt-{hex:40}", "glptt-{b62:40}"],
    near: ["glptt-{hex:39}", "glptt-{hex:41}"],
    grants: "starts pipelines with variables of its holder's choice",
    revoke: "GitLab: the project's Settings, CI/CD, Pipeline trigger tokens",
  },
  {
    id: "gitlab/feed-token",
    title: "GitLab feed token",
    prefix: "glft-",
    body: `(?:${base64url}{20}|[0-9a-f]{64}-[0-9]{1,12})`,
    shape: "glft-{b62:20}",
    near: ["glft-{b62:19}", "glft-{b62:21}"],
    grants: "reads the user's activity and calendar feeds",
    revoke: "GitLab: User settings, Access tokens, Feed token",
  },
  {
    id: "gitlab/incoming-mail-token",
    title: "GitLab incoming mail token",
    prefix: "glimt-",
    body: `${base64url}{25}`,
    shape: "glimt-{b62:25}",
    near: ["glimt-{b62:24}", "glimt-{b62:26}"],
    grants: "makes issues and merge requests in the user's name by mail",
    revoke: "GitLab: User settings, Access tokens, Incoming email token",
  },
  {
    id: "gitlab/agent-token",
    title: "GitLab agent for Kubernetes token",
    prefix: "glagent-",
    body: `${base64url}{50,1024}`,
    shape: "glagent-{b62:50}",
    near: ["glagent-{b62:49}", "glagent-{b62:12}"],
    grants: "connects as the agent that manages a cluster",
    revoke: "GitLab: the project's Operate, Kubernetes clusters, the agent's tokens",
  },
  {
    id: "gitlab/oauth-secret",
    title: "GitLab OAuth application secret",
    prefix: "gloas-",
    body: `[0-9a-zA-Z_-]{64}`,
    shape: "gloas-{hex:64}",
    near: ["gloas-{hex:63}", "gloas-{hex:65}"],
    grants: "lets its holder act as the application when users sign in",
    revoke: "GitLab: Applications, Renew secret",
  },
  {
    id: "gitlab/scim-token",
    title: "GitLab SCIM token",
    prefix: "glsoat-",
    body: `${base64url}{20,50}`,
    shape: ["glsoat-{b62:20}", "glsoat-{b62:50}"],
    near: ["glsoat-{b62:19}", "glsoat-{b62:60}"],
    grants: "makes and removes users of a group",
    revoke: "GitLab: the group's Settings, SAML SSO, SCIM token",
  },
  {
    id: "gitlab/feature-flag-token",
    title: "GitLab feature flag client token",
    prefix: "glffct-",
    body: `${base64url}{20}`,
    shape: "glffct-{b62:20}",
    near: ["glffct-{b62:19}", "glffct-{b62:21}"],
    grants: "reads the feature flags of a project",
    revoke: "GitLab: the project's Deploy, Feature flags, Configure",
  },
  {
    id: "gitlab/workspace-token",
    title: "GitLab workspace token",
    prefix: "glwt-",
    body: `(?:${routable}|${base64url}{20})`,
    shape: "glwt-{b62:20}",
    near: ["glwt-{b62:19}", "glwt-{b62:21}"],
    grants: "acts as a workspace of the user",
    revoke: "GitLab: User settings, Workspaces",
  },
];

export const gitlabRules: readonly Rule[] = [
  tokenRule({
    id: "gitlab/personal-access-token",
    vendor,
    title: "GitLab access token",
    grants: "acts as the user, project or group within the token's scopes",
    revoke: "GitLab: User settings, Access tokens",
    starts: ["glpat-"],
    pattern: `glpat-(?:${routable}|${base64url}{20})${end}`,
    check: withChecksum(hasGitlabCrc),
    shape: ["glpat-{b62:20}", "glpat-{b64u:36}.01.{a36:9}", "glpat-{b62:30}.{a36:9}"],
    near: ["glpat-{b62:19}", "glpat-{b62:22}", "xglpat-{b62:20}"],
  }),
  tokenRule({
    id: "gitlab/runner-token",
    vendor,
    title: "GitLab runner authentication token",
    grants: "takes jobs as the runner and sees their variables",
    revoke: "GitLab: Settings, CI/CD, Runners, Reset token",
    starts: ["glrt-", "glrtr-"],
    pattern: `glrtr?-(?:t[0-9]_)?(?:${routable}|${base64url}{20})${end}`,
    check: withChecksum(hasGitlabCrc),
    shape: ["glrt-{b62:20}", "glrt-t1_{b62:27}.01.{a36:9}"],
    near: ["glrt-{b62:18}", "glrt-{b62:24}"],
  }),
  tokenRule({
    id: "gitlab/runner-registration-token",
    vendor,
    title: "GitLab runner registration token",
    grants: "registers runners, which then see the variables of jobs",
    revoke: "GitLab: Settings, CI/CD, Runners, Reset registration token",
    starts: ["GR1348941"],
    pattern: `GR1348941${base64url}{20,50}${end}`,
    shape: ["GR1348941{b62:20}", "GR1348941{b62:50}"],
    near: ["GR1348941{b62:19}", "GR1348941{b62:60}"],
  }),
  ...kinds.map((kind) =>
    tokenRule({ ...kind, vendor, starts: [kind.prefix], pattern: `${kind.prefix}${kind.body}${end}` }),
  ),
  anchorRule({
    id: "gitlab/session-cookie",
    vendor,
    title: "GitLab session cookie",
    grants: "is the user's open session",
    revoke: "GitLab: User settings, Active sessions",
    anchors: ["_gitlab_session="],
    pattern: "_gitlab_session=(?<secret>[0-9a-z]{32})(?![0-9a-zA-Z])",
    shape: "_gitlab_session={a36:32}",
    near: ["_gitlab_session={a36:31}", "_gitlab_session={a36:33}"],
    frame: ["Cookie: ", "; path=/\n"],
  }),
  contextRule({
    id: "gitlab/legacy-token",
    vendor,
    title: "GitLab token of the old form",
    grants: "acts as the user within the token's scopes",
    revoke: "GitLab: User settings, Access tokens",
    words: ["gitlab", "private-token", "private_token"],
    body: "[0-9a-zA-Z_-]{20}",
    check: (secret) =>
      /[0-9]/.test(secret) && /[a-z]/.test(secret) && /[A-Z]/.test(secret)
        ? { kind: "yes", certainty: "context", severity: "block" }
        : { kind: "no" },
    shape: "{b62:20}",
    near: ["{b62:19}", "{b62:21}", "{lower:20}"],
    key: "gitlab_private_token",
  }),
];
