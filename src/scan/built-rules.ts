import { genericWords } from "./generic/judge.js";
import { prepareRules } from "./prepare.js";
import { encodePrepared } from "./prepared-bytes.js";
import { allRules } from "./rules/all.js";

/** All rules that are built in, prepared, as bytes: what the build keeps for `decodePrepared`. */
export function builtRules(): Uint8Array {
  return encodePrepared(prepareRules(allRules, genericWords));
}
