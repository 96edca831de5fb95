import { describe, expect, test } from "vitest";
import type { AuditEntry, AuditResult } from "../../../../src/app/audit/audit-log.js";
import type { GetResult } from "../../../../src/app/get-secret.js";
import { runDeps } from "../../../../src/cli/run-deps.js";
import { auditJson, showAudit } from "../../../../src/cli/show-audit.js";
import { changeJson, plannedPaths, showDryRun } from "../../../../src/cli/show-dry-run.js";
import { showFindings } from "../../../../src/cli/show-findings.js";
import { showCount, showList, showProvider } from "../../../../src/cli/show-provider.js";
import { secretJson, showSecret } from "../../../../src/cli/show-secret.js";
import { jsonTime, showGrace, showMoment } from "../../../../src/cli/show-time.js";
import { withProgress } from "../../../../src/cli/progress-callback.js";
import { createFinding } from "../../../../src/core/finding.js";
import type { SecretName } from "../../../../src/core/name.js";
import { fakeRun } from "./fake-run.js";

const now = Date.UTC(2026, 10, 23);
const hour = 3_600_000;
const name = "api-key" as SecretName;

describe("times", () => {
  test("have milliseconds in JSON and none for people, and what is not there is null or -", () => {
    expect([jsonTime(now), jsonTime(undefined)]).toEqual(["2026-11-23T00:00:00.000Z", null]);
    expect([showMoment(now + 36 * hour, now), showMoment(undefined, now)]).toEqual([
      "2026-11-24T12:00:00Z (in 1 day)",
      "-",
    ]);
  });

  test("a grace that ends when it begins is expired", () => {
    expect([showGrace(now, now), showGrace(now - 1, now), showGrace(now + hour, now)]).toEqual([
      "expired",
      "expired",
      "still valid for 1 hour",
    ]);
  });
});

test("providers are short in tables, lists and counts read well", () => {
  expect(["local", "azure-keyvault", ""].map(showProvider)).toEqual(["local", "azure-kv", "-"]);
  expect([showList([]), showList(["a", "b"])]).toEqual(["-", "a, b"]);
  expect([showCount(0, "read"), showCount(1, "read"), showCount(2, "read")]).toEqual(["0 reads", "1 read", "2 reads"]);
});

describe("a dry run", () => {
  const hash = "0123456789abcdef".repeat(2);
  const paths = [
    ".secrets/store/journal/change/x.secret",
    `.secrets/journal/access/2026/11/23/20261123T163000000Z-${hash}.jsonl`,
    `.secrets/wrapped/agent-b-${hash}.age`,
    ".secrets/trust/0002.root",
  ];

  test("names every file, but for the part of a name that comes from randomness", () => {
    expect(plannedPaths(paths)).toEqual([
      ".secrets/store/journal/change/x.secret",
      ".secrets/journal/access/2026/11/23/<new segment>.jsonl",
      ".secrets/wrapped/agent-b-<new>.age",
      ".secrets/trust/0002.root",
    ]);
    expect(changeJson(false, paths).paths).toEqual(paths);
    expect(changeJson(true, paths)).toEqual({ dryRun: true, paths: plannedPaths(paths) });
  });

  test("that would write nothing lists nothing", async () => {
    const run = await fakeRun();
    showDryRun(run.context, "'a' would stay", []);
    expect(run.out()).toBe("Dry run, nothing was written: 'a' would stay\n");
  });
});

describe("warnings of use-cases", () => {
  test("go to stderr with their hint, escaped, as objects with --json, and nowhere with --quiet", async () => {
    const text = await fakeRun();
    runDeps(text.context).warn("odd \u001b[2J", "do this");
    const json = await fakeRun({ json: true });
    runDeps(json.context).warn("odd");
    const quiet = await fakeRun({ quiet: true, json: true });
    runDeps(quiet.context).warn("odd", "do this");
    expect(text.err()).toBe("warning: odd \\u{1b}[2J\nhint: do this\n");
    expect(JSON.parse(json.err())).toEqual({ warning: "odd" });
    expect([quiet.err(), text.out(), json.out()]).toEqual(["", "", ""]);
  });

  test("the claimed accessor is handed on", async () => {
    const { context } = await fakeRun({ accessor: "plugin-a" });
    expect(runDeps(context).claimed).toBe("plugin-a");
  });
});

const secret = (value: string | Uint8Array, more: Partial<GetResult> = {}): GetResult => ({
  name,
  provider: "local",
  fileMode: 0o600,
  version: 3,
  vid: "0123456789abcdef",
  state: "current",
  value: Buffer.from(value),
  created: now - hour,
  updated: now,
  scope: "global",
  tags: [],
  expires: undefined,
  ...more,
});

const showBlock = async (value: GetResult, full: boolean): Promise<{ readonly out: string; readonly err: string }> => {
  const run = await fakeRun();
  showSecret(run.context, value, full);
  return { out: Buffer.from(run.out(), "utf8").toString("utf8"), err: run.err() };
};

describe("the block of a secret", () => {
  test("never holds the value unless it is asked for", async () => {
    const value = "a-long-value-of-33-characters-xyz";
    expect((await showBlock(secret(value), false)).out).toContain(`\nValue: ${"*".repeat(20)}xyz\n`);
    expect(JSON.stringify(secretJson(secret(value), false))).not.toContain("xyz");
    expect((await showBlock(secret(value), true)).out).toContain(`\nValue: ${value}\n`);
    expect(secretJson(secret(value), true)).toMatchObject({ encoding: "utf8", value });
  });

  test("tells an empty value from none", async () => {
    expect((await showBlock(secret(""), true)).out).toContain("\nValue: (empty)\n");
    expect(secretJson(secret(""), true)).toMatchObject({ encoding: "utf8", value: "" });
  });

  test("shows bytes that are no text in base64", async () => {
    expect((await showBlock(secret(Uint8Array.of(0xff)), true)).out).toContain("\nValue (base64): /w==\n");
    expect(secretJson(secret(Uint8Array.of(0xff)), true)).toMatchObject({ encoding: "base64", value: "/w==" });
  });

  test("says when a version is not the current one, has no number or an end", async () => {
    const { out } = await showBlock(secret("x", { state: "grace", version: 2, expires: now + 48 * hour }), false);
    expect(out).toContain("\nVersion: 2 (grace)\n");
    expect(out).toContain("\nExpires: 2026-11-25T00:00:00Z (in 2 days)\n");
    expect((await showBlock(secret("x", { state: "pending", version: undefined }), false)).out).toContain(
      "\nVersion: 0123456789abcdef (pending)\n",
    );
  });

  test("says on stderr when it had to escape the value", async () => {
    expect((await showBlock(secret("a\u001bb"), true)).err).toContain("--raw gives the value as it is");
    expect((await showBlock(secret("a\nb"), true)).err).toBe("");
  });
});

const entry: AuditEntry = {
  at: now,
  accessor: "plugin-a (alice)",
  member: "alice",
  claims: { agent: "plugin-a" },
  action: "get",
  isSuccess: true,
  provider: "azure-keyvault",
  name,
  note: undefined,
  isSealed: false,
};
const audit: AuditResult = {
  name,
  limit: 50,
  entries: [entry],
  total: 1,
  failed: 0,
  mostFrequent: { accessor: "plugin-a (alice)", count: 1 },
  lastRotation: undefined,
  unsealed: 1,
  reads: "sealed",
};

const showLog = async (result: AuditResult): Promise<readonly string[]> => {
  const run = await fakeRun();
  showAudit(run.context, result);
  return run.out().split("\n");
};

describe("the access log", () => {
  test("escapes what an accessor called itself", async () => {
    const lines = await showLog({ ...audit, entries: [{ ...entry, accessor: "a\u001b[2J (alice)" }] });
    expect(lines.join("\n")).toContain("a\\u{1b}[2J (alice)");
  });

  test("has a column of names only for the whole journal", async () => {
    expect((await showLog(audit))[2]).toBe("Timestamp             Accessor          Action  Success  Provider");
    expect((await showLog({ ...audit, name: undefined }))[2]).toMatch(/Provider {2}Name$/);
  });

  test("asks to seal reads only where anything seals them", async () => {
    expect(await showLog(audit)).toContain("Not sealed yet: 1 read (seal it with: secrets audit seal)");
    expect(await showLog({ ...audit, unsealed: 2, reads: "local" })).toContain(
      "Not sealed yet: 2 reads, kept on this machine only",
    );
    expect((await showLog({ ...audit, unsealed: 0 })).join("\n")).not.toContain("Not sealed");
  });

  test("has null in JSON for what is not there", () => {
    expect(auditJson({ ...audit, name: undefined, mostFrequent: undefined })).toMatchObject({
      name: null,
      mostFrequent: null,
      lastRotation: null,
      entries: [{ at: "2026-11-23T00:00:00.000Z", success: true, sealed: false, note: null }],
    });
  });
});

const showVerdict = async (result: Parameters<typeof showFindings>[1]): Promise<string> => {
  const run = await fakeRun();
  showFindings(run.context, result);
  return run.out().replaceAll(Buffer.from("✗").toString("latin1"), "✗");
};

describe("findings", () => {
  const counts = { secrets: 1, versions: 2, changeSegments: 0, accessSegments: 0, events: 3, signatures: 0 };
  const base = { judged: "the index", counts, root: "1:ab", isCached: false };
  test("are the answer, with their place and hint, and the verdict counts only what fails", async () => {
    const findings = [
      createFinding("sig", "bad", { path: ".secrets/a\u001b", hint: "mend it" }),
      createFinding("link-missing", "old", { name }),
    ];
    expect(await showVerdict({ ...base, findings, exit: 5 })).toBe(
      "error sig .secrets/a\\u{1b}: bad\n  hint: mend it\nnote link-missing api-key: old\n\n" +
        "✗ the index is not intact: 1 finding; 1 secret, 2 versions, 3 journal events\n",
    );
    expect(await showVerdict({ ...base, findings: [createFinding("fork", "two", {})], exit: 1 })).toContain(
      "✗ the index is intact, but not as it must be: 1 finding;",
    );
  });

  test("that only inform leave the verdict good", async () => {
    const text = await showVerdict({ ...base, findings: [createFinding("link-missing", "old", {})], exit: 0 });
    expect(text).toMatch(
      /^note link-missing: old\n\n.+ Verified the index: 1 secret, 2 versions, 3 journal events\n {2}Trust root: 1:ab\n$/,
    );
  });
});

describe("progress that is reported from inside a transaction", () => {
  test("is drawn on a terminal, taken off at the end, and also when the work fails", async () => {
    const run = await fakeRun({}, { tty: true, columns: 80 });
    const work = withProgress(run.context, "rekeying", async (onProgress) => {
      run.fake.pass(0);
      onProgress(0, 3);
      run.fake.pass(600);
      onProgress(1, 3);
      return await Promise.reject(new Error("stop"));
    });
    await expect(work).rejects.toThrow("stop");
    expect(run.err()).toContain("] 2/3, ");
    expect(run.err().endsWith("\r\u001b[K")).toBe(true);
  });

  test("is silent when nothing was to be done", async () => {
    const run = await fakeRun({}, { tty: true, columns: 80 });
    expect(await withProgress(run.context, "rekeying", async () => await Promise.resolve(7))).toBe(7);
    expect(run.err()).toBe("");
  });
});
