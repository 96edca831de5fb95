import type { SecretName } from "../../core/name.js";
import type { Config, ProviderId } from "../../providers/config.js";
import { readSecretFile } from "../../store/secrets.js";
import type { Deps } from "../deps.js";
import type { Acting } from "../open-actor.js";
import { chainOf, chooseForWrite, isNamed } from "./provider-choice.js";
import type { RotateInput, RotateResult } from "../rotate-secret.js";
import type { Session } from "../session.js";
import { factsOf, refuseOthers } from "./set-remote.js";

/** The provider that a flag or a variable names, else the one that has the secret: this repository first. */
export async function chooseForRotate(
  deps: Deps,
  session: Session,
  config: Config,
  name: SecretName,
  flag: string | undefined,
): Promise<ProviderId> {
  if (isNamed(deps, flag)) return chooseForWrite(deps, config, flag);
  if (readSecretFile(session.disk, session.workTree, name) !== undefined) return "local";
  if (!chainOf(deps, config).includes("azure-keyvault")) return "local";
  const { explainAbsence } = await import("../known-names.js");
  return explainAbsence(session, name) === "unknown" ? "azure-keyvault" : "local";
}

/** `rotate` for another provider than this repository. */
export async function rotateRemote(
  acting: Acting,
  id: Exclude<ProviderId, "local">,
  name: SecretName,
  input: RotateInput,
): Promise<RotateResult> {
  refuseOthers(id, input, ["grace", "expireOld", "reason", "ifVersion"]);
  const { writeRemote } = await import("./write-remote.js");
  const stored = await writeRemote(acting, id, {
    how: "rotate",
    name,
    value: input.value,
    facts: factsOf(acting, { expires: input.expires }),
    dryRun: input.dryRun ?? false,
  });
  return {
    name,
    provider: id,
    oldVersion: stored.version === undefined ? undefined : stored.version - 1,
    newVersion: stored.version,
    graceUntil: undefined,
    at: acting.session.deps.now(),
    expires: stored.expires,
    paths: [],
  };
}
