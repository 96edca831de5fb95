import { randomBytes } from "node:crypto";

export interface StoredVersion {
  readonly id: string;
  readonly value: string;
  contentType: string | undefined;
  tags: Record<string, string>;
  attributes: { enabled: boolean; created: number; updated: number; exp?: number; nbf?: number };
}

/** What a vault holds. Names are kept in lower case: it compares without case. */
export interface VaultState {
  readonly secrets: Map<string, StoredVersion[]>;
  /** Soft-deleted. */
  readonly deleted: Map<string, StoredVersion[]>;
  now: () => number;
  pageSize: number;
}

interface Reply {
  readonly status: number;
  readonly json: unknown;
}

const notFound: Reply = { status: 404, json: { error: { code: "SecretNotFound" } } };

/** Answers a request as the service's REST interface 7.x documents it. */
export function answerVault(state: VaultState, base: string, method: string, url: URL, body: string): Reply {
  const [area = "", rawName = "", part = ""] = url.pathname.split("/").slice(1);
  const name = rawName.toLowerCase();
  if (area === "deletedsecrets") return answerDeleted(state, base, method, name, part);
  if (area !== "secrets") return notFound;
  if (name === "")
    return page(
      state,
      base,
      url,
      [...state.secrets].map(([key, versions]) => describe(base, key, last(versions), false)),
    );
  if (method === "PUT") return put(state, base, name, body);
  const versions = state.secrets.get(name);
  return versions ? answerSecret(state, base, { method, url, body, name, part }, versions) : notFound;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly name: string;
  readonly part: string;
}

function answerSecret(
  state: VaultState,
  base: string,
  { method, url, body, name, part }: Asked,
  versions: readonly StoredVersion[],
): Reply {
  if (part === "versions")
    return page(
      state,
      base,
      url,
      versions.map((version) => describe(base, name, version, true)),
    );
  if (method === "DELETE") {
    state.secrets.delete(name);
    state.deleted.set(name, [...versions]);
    return { status: 200, json: deletedBundle(base, name, versions) };
  }
  const version = part === "" ? last(versions) : versions.find(({ id }) => id === part);
  if (!version) return notFound;
  return method === "PATCH" ? patch(state, base, name, version, body) : read(base, name, version);
}

function read(base: string, name: string, version: StoredVersion): Reply {
  if (version.attributes.enabled)
    return { status: 200, json: { ...describe(base, name, version, true), value: version.value } };
  return { status: 403, json: { error: { code: "Forbidden", innererror: { code: "SecretDisabled" } } } };
}

function last(versions: readonly StoredVersion[]): StoredVersion {
  const version = versions.at(-1);
  if (!version) throw new Error("a secret without versions");
  return version;
}

function describe(
  base: string,
  name: string,
  { id, contentType, tags, attributes }: StoredVersion,
  withVersion: boolean,
): object {
  return {
    id: `${base}/secrets/${name}${withVersion ? `/${id}` : ""}`,
    attributes: { ...attributes, recoveryLevel: "Recoverable+Purgeable", recoverableDays: 90 },
    tags,
    ...(contentType === undefined ? {} : { contentType }),
  };
}

function page(state: VaultState, base: string, url: URL, all: readonly object[]): Reply {
  const from = Number(url.searchParams.get("$skiptoken") ?? 0);
  const size = Math.min(state.pageSize, Number(url.searchParams.get("maxresults") ?? state.pageSize));
  const next =
    from + size < all.length
      ? `${base}${url.pathname}?api-version=7.5&$skiptoken=${from + size}&maxresults=${size}`
      : null;
  return { status: 200, json: { value: all.slice(from, from + size), nextLink: next } };
}

function put(state: VaultState, base: string, name: string, body: string): Reply {
  if (state.deleted.has(name))
    return {
      status: 409,
      json: { error: { code: "Conflict", innererror: { code: "ObjectIsDeletedButRecoverable" } } },
    };
  const given = JSON.parse(body) as {
    value: string;
    tags?: Record<string, string>;
    contentType?: string;
    attributes?: { exp?: number; enabled?: boolean };
  };
  const now = Math.floor(state.now() / 1000);
  const version: StoredVersion = {
    id: randomBytes(16).toString("hex"),
    value: given.value,
    contentType: given.contentType,
    tags: given.tags ?? {},
    attributes: { enabled: true, ...given.attributes, created: now, updated: now },
  };
  state.secrets.set(name, [...(state.secrets.get(name) ?? []), version]);
  return { status: 200, json: { ...describe(base, name, version, true), value: version.value } };
}

function patch(state: VaultState, base: string, name: string, version: StoredVersion, body: string): Reply {
  const given = JSON.parse(body) as { tags?: Record<string, string>; contentType?: string; attributes?: object };
  // All tags are replaced, not merged.
  if (given.tags) version.tags = given.tags;
  version.attributes = { ...version.attributes, ...given.attributes, updated: Math.floor(state.now() / 1000) };
  return { status: 200, json: describe(base, name, version, true) };
}

function deletedBundle(base: string, name: string, versions: readonly StoredVersion[]): object {
  return {
    ...describe(base, name, last(versions), true),
    recoveryId: `${base}/deletedsecrets/${name}`,
    deletedDate: 1,
    scheduledPurgeDate: 2,
  };
}

function answerDeleted(state: VaultState, base: string, method: string, name: string, part: string): Reply {
  const versions = state.deleted.get(name);
  if (!versions) return notFound;
  if (method === "GET") return { status: 200, json: deletedBundle(base, name, versions) };
  state.deleted.delete(name);
  if (method === "DELETE") return { status: 204, json: undefined };
  if (part === "recover") state.secrets.set(name, versions);
  return { status: 200, json: describe(base, name, last(versions), true) };
}
