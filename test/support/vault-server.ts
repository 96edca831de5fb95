import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificate } from "./certificate.js";
import { answerVault, type VaultState } from "./vault-state.js";

/** What happens to the next request instead of an answer. `after` does what was asked first, and then loses the answer. */
export type Fault =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly code?: string;
      readonly inner?: string;
    }
  | "hang"
  | "reset"
  | "after"
  | "half";

export interface LoggedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly hasToken: boolean;
  readonly body: string;
}

/** A vault on this machine that behaves as Azure Key Vault does, and fails as it is told. */
export interface VaultServer {
  readonly url: string;
  readonly cert: string;
  readonly state: VaultState;
  readonly requests: LoggedRequest[];
  /** One for each coming request with a token; an empty queue answers. */
  readonly faults: Fault[];
  /** Which domain the challenge says that a token is for. */
  resource: string;
  readonly close: () => Promise<void>;
}

export async function startVault(): Promise<VaultServer> {
  const { cert, key } = makeCertificate("localhost");
  const sockets = new Set<{ destroy: () => void }>();
  const state: VaultState = { secrets: new Map(), deleted: new Map(), now: () => Date.now(), pageSize: 25 };
  const server = createServer({ cert, key }, (request, response) => void handle(vault, request, response));
  server.on("secureConnection", (socket) => void sockets.add(socket));
  server.on("connection", (socket) => void sockets.add(socket));
  await new Promise<void>((ready) => void server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const vault: VaultServer = {
    url: `https://localhost:${port}`,
    cert,
    state,
    requests: [],
    faults: [],
    resource: "https://vault.azure.net",
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((closed) => void server.close(() => closed()));
    },
  };
  return vault;
}

async function handle(vault: VaultServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const url = new URL(request.url ?? "/", vault.url);
  const hasToken = request.headers.authorization?.startsWith("Bearer ") === true;
  const body = Buffer.concat(parts).toString("utf8");
  const method = request.method ?? "";
  vault.requests.push({ method, path: url.pathname, hasToken, body });
  if (!hasToken) {
    const challenge = `Bearer authorization="https://login.microsoftonline.com/${randomBytes(4).toString("hex")}", resource="${vault.resource}"`;
    send(response, 401, { error: { code: "Unauthorized" } }, { "WWW-Authenticate": challenge });
    return;
  }
  const fault = vault.faults.shift();
  if (fault === undefined || fault === "after" || fault === "half") answer(vault, request, response, body, fault);
  else misbehave(request, response, body, fault);
}

function misbehave(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  fault: Exclude<Fault, "after" | "half">,
): void {
  if (fault === "hang") return;
  if (fault === "reset") {
    request.socket.destroy();
    return;
  }
  const { status, headers = {}, code = "Fault", inner } = fault;
  // Some services repeat what they were sent.
  const innererror = inner === undefined ? {} : { innererror: { code: inner } };
  send(response, status, { error: { code, message: body, ...innererror } }, headers);
}

function answer(
  vault: VaultServer,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  fault: "after" | "half" | undefined,
): void {
  const url = new URL(request.url ?? "/", vault.url);
  const { status, json } = answerVault(vault.state, vault.url, request.method ?? "", url, body);
  if (fault === "after") request.socket.destroy();
  else if (fault === "half") {
    response.writeHead(status, { "Content-Type": "application/json", "Content-Length": "9999" });
    response.write(JSON.stringify(json).slice(0, 20));
    request.socket.end();
  } else send(response, status, json, {});
}

function send(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(json === undefined ? "" : JSON.stringify(json));
}

/** What a client takes to trust this server and to sign in to it; counts the tokens that were asked for. */
export function overridesFor(
  vault: VaultServer,
  verify = false,
): {
  readonly credential: {
    getToken: (scopes: string | string[]) => Promise<{ token: string; expiresOnTimestamp: number }>;
  };
  readonly options: {
    readonly disableChallengeResourceVerification: boolean;
    readonly tlsOptions: { readonly ca: string };
  };
  readonly scopes: string[];
} {
  const scopes: string[] = [];
  return {
    scopes,
    credential: {
      getToken: async (wanted) => {
        scopes.push(...[wanted].flat());
        return await Promise.resolve({ token: "token-of-a-test", expiresOnTimestamp: Date.now() + 3_600_000 });
      },
    },
    options: { disableChallengeResourceVerification: !verify, tlsOptions: { ca: vault.cert } },
  };
}
