import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll } from "vitest";
import { parse } from "yaml";
import { root } from "../unit/house/sources.js";
import { makeFolder } from "./git-fixture.js";

/** What a job said and left. */
export interface JobAnswer {
  readonly status: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A copy of the action as a runner downloads it, with the built command in place. */
export function downloadAction(): string {
  const folder = join(makeFolder(), "action");
  mkdirSync(join(folder, "bundle"), { recursive: true });
  cpSync(join(root, "action.yml"), join(folder, "action.yml"));
  cpSync(join(root, "ci"), join(folder, "ci"), { recursive: true });
  symlinkSync(join(root, "bundle-test/secrets.js"), join(folder, "bundle/secrets.js"));
  return folder;
}

/** Plays GitHub's runner: each step of the composite action in a shell of its own, env files and the event beside it. */
export async function runAction(
  action: string,
  job: {
    readonly workspace: string;
    readonly env: Readonly<Record<string, string>>;
    readonly event: unknown;
    readonly inputs: Readonly<Record<string, string>>;
  },
): Promise<JobAnswer> {
  const temp = makeFolder();
  const paths = { event: join(temp, "event.json"), summary: join(temp, "summary"), output: join(temp, "output") };
  writeFileSync(paths.event, JSON.stringify(job.event));
  for (const path of [paths.summary, paths.output]) writeFileSync(path, "");
  const env = {
    ...job.env,
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION_PATH: action,
    GITHUB_EVENT_PATH: paths.event,
    GITHUB_OUTPUT: paths.output,
    GITHUB_STEP_SUMMARY: paths.summary,
    GITHUB_WORKSPACE: job.workspace,
    RUNNER_TEMP: temp,
  };
  const { steps } = (
    parse(readFileSync(join(action, "action.yml"), "utf8")) as { readonly runs: { readonly steps: readonly Step[] } }
  ).runs;
  let log = "";
  let status = 0;
  for (const step of steps) {
    const own = Object.entries(step.env ?? {}).map(([key, text]) => [key, expand(text, job.inputs)] as const);
    const done = await runShell(step.run ?? "", job.workspace, { ...env, ...Object.fromEntries(own) });
    log += done.log;
    status = done.status;
    if (status !== 0) break;
  }
  return {
    status,
    log,
    summary: readFileSync(paths.summary, "utf8"),
    outputs: Object.fromEntries(
      readFileSync(paths.output, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    ),
  };
}

function expand(text: string, inputs: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_all, name: string) => inputs[name] ?? "");
}

/** As GitHub and GitLab start a script. Not synchronous, because the forge that it talks to runs in this process. */
export async function runShell(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly log: string }> {
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], { cwd, env });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (log += chunk.toString("utf8")));
  const status = await new Promise<number>((settle, refuse) => {
    child.once("error", refuse).once("close", (code) => settle(code ?? -1));
  });
  return { status, log };
}

/** One request that the forge got. */
export interface ForgeRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

export interface Forge {
  readonly url: string;
  readonly requests: ForgeRequest[];
  /** The comments of the pull request, as the API shows them. */
  readonly comments: { id: number; user: { type: string }; body: string }[];
  /** What it answers to everything instead. */
  refuses: number | undefined;
}

/** The border of a forge: the three calls of its API that concern comments. */
export async function startForge(): Promise<Forge> {
  const forge: { -readonly [K in keyof Forge]: Forge[K] } = { url: "", requests: [], comments: [], refuses: undefined };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = "", url = "", headers } = request;
      forge.requests.push({ method, path: url, authorization: headers.authorization ?? "", body });
      const [code, answer] = forge.refuses === undefined ? answerTo(forge, method, url, body) : [forge.refuses, {}];
      response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((settle) => void server.listen(0, "127.0.0.1", settle));
  afterAll(() => void server.close());
  forge.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return forge;
}

function answerTo({ comments }: Forge, method: string, path: string, text: string): readonly [number, unknown] {
  if (method === "GET") return [200, comments];
  const { body } = JSON.parse(text) as { readonly body: string };
  if (method === "POST") {
    comments.push({ id: 100 + comments.length, user: { type: "Bot" }, body });
    return [201, {}];
  }
  const found = comments.find(({ id }) => path.endsWith(`/comments/${id}`));
  if (found === undefined) return [404, {}];
  found.body = body;
  return [200, {}];
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
