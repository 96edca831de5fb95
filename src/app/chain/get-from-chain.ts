import { fail, SecretsError } from "../../core/errors.js";
import { showInstant } from "../../core/instant.js";
import { isSecretName, type SecretName } from "../../core/name.js";
import { askChain } from "../../providers/chain.js";
import type { Config, ProviderId } from "../../providers/config.js";
import type { Answer, FoundSecret, Provider } from "../../providers/provider.js";
import type { Deps } from "../deps.js";
import { findOwnKey, getLocal, type GetInput, type GetResult } from "./get-local.js";
import { failAbsent, parseKnownName } from "../known-names.js";
import { makeProvider } from "./make-provider.js";
import { recordAccess, type Access } from "../audit/record-access.js";
import type { Session } from "../session.js";

/** Asks the providers of a route in their order. A read is recorded under the provider that answered, before its value is returned. */
export async function getFromChain(
  deps: Deps,
  session: Session,
  config: Config,
  input: GetInput,
  route: readonly ProviderId[],
): Promise<GetResult> {
  const name: SecretName = isSecretName(input.name) ? input.name : parseKnownName(session, input.name);
  const local: { result?: GetResult } = {};
  const providers = await Promise.all(
    route.map(async (id) =>
      id === "local"
        ? asProvider(deps, session, config, input, route.length > 1, local)
        : await makeProvider(id, deps, session, config),
    ),
  );
  const chained = await askChain(providers, name, {
    version: input.version,
    onUnavailable: config.onUnavailable,
    onSkipped: ({ id }, message) =>
      deps.warn(`${id} was passed over: ${message}`, "onUnavailable in the config is next"),
    onStep: input.onStep,
  });
  if (local.result) return local.result;
  if (!chained) return failAbsent(session, name, "unknown", "secret/absent");
  const { answer, provider } = chained;
  if (answer.kind === "found") {
    try {
      checkState(deps, config, provider, name, answer.value, input.version);
    } catch (error) {
      await record(deps, session, config, { action: "denied", name, provider, error });
      answer.value.value.fill(0);
      throw error;
    }
    await record(deps, session, config, { action: "get", name, provider });
    return resultOf(answer.value, provider, config);
  }
  return await failFor(deps, session, config, input, { answer, name, route });
}

/** The store as the chain asks it. What is wrong with a secret that is there is thrown, and ends the chain. */
function asProvider(
  deps: Deps,
  session: Session,
  config: Config,
  input: GetInput,
  mayBeElsewhere: boolean,
  kept: { result?: GetResult },
): Pick<Provider, "id" | "get" | "getVersion"> {
  const get = async (name: SecretName): Promise<Answer<FoundSecret>> => {
    const result = await getLocal(deps, session, config, input, mayBeElsewhere);
    if (result === undefined)
      return { kind: "absent", isKnown: false, error: new SecretsError("secret/absent", "no secret of that name") };
    kept.result = result;
    const { version, vid: revision, scope, tags, created, updated, expires, value } = result;
    return {
      kind: "found",
      value: { name, version, revision, state: "current", scope, tags, created, updated, expires, value },
    };
  };
  return { id: "local", get, getVersion: get };
}

interface Attempt {
  readonly action: "get" | "denied";
  readonly name: SecretName | "";
  readonly provider: string;
  readonly error?: unknown;
}

async function record(
  deps: Deps,
  session: Session,
  config: Config,
  { action, name, provider, error }: Attempt,
): Promise<void> {
  const key = await findOwnKey(session, config);
  const code = error instanceof SecretsError ? error.code : undefined;
  const access: Access = {
    action,
    name,
    sid: "",
    vid: "",
    provider: action === "denied" && name === "" ? "" : provider,
    ...(action === "denied" && code !== undefined ? { of: "get", code } : {}),
  };
  const used = action === "get" ? config : { ...config, audit: { ...config.audit, required: false } };
  recordAccess(deps, session, used, { key, repo: session.chain.repo }, [access]);
}

interface Failed {
  readonly answer: Exclude<Answer<FoundSecret>, { readonly kind: "found" }>;
  readonly name: SecretName;
  readonly route: readonly ProviderId[];
}

// A name that nobody knows may be a value in the wrong place: it is neither recorded nor repeated.
async function failFor(
  deps: Deps,
  session: Session,
  config: Config,
  input: GetInput,
  { answer, name, route }: Failed,
): Promise<never> {
  const isUnknown = answer.kind === "absent" && !answer.isKnown;
  const code = input.required ? "secret/not-found" : "secret/absent";
  const error = isUnknown ? new SecretsError(code, "no secret of that name") : answer.error;
  await record(deps, session, config, { action: "denied", name: "", provider: "", error });
  if (!isUnknown) throw error;
  if (route.includes("local")) return failAbsent(session, name, "unknown", code);
  return fail(code, answer.error.message, { hint: "see what there is: secrets list" });
}

/** A vault hands out what has ended or not begun; so it is refused here, by the rule for the store's own. */
function checkState(
  deps: Deps,
  config: Config,
  provider: string,
  name: SecretName,
  { state, expires, version, revision }: FoundSecret,
  wanted: string | undefined,
): void {
  const label = `version ${version ?? revision} of ${name} in ${provider}`;
  if (state === "revoked") fail("version/revoked", `${label} is disabled`);
  if (state === "pending")
    fail("version/expired", `${label} is not valid yet`, { hint: "its notBefore is still to come" });
  if (state !== "expired") return;
  const text = `${label} expired ${expires === undefined ? "" : showInstant(expires)}`.trimEnd();
  const isCurrent = wanted === undefined || wanted === "current" || wanted === "latest";
  if (!isCurrent) fail("version/expired", text);
  const hint = `rotate it: secrets rotate ${name} --provider ${provider}`;
  if (config.expired === "refuse") fail("version/expired", text, { hint });
  deps.warn(text, hint);
}

function resultOf(secret: FoundSecret, provider: string, { fileMode }: Config): GetResult {
  const { revision, ...rest } = secret;
  return { ...rest, provider, vid: revision, fileMode };
}
