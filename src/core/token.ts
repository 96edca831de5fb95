import { isMemberId, isScope } from "./member.js";
import { isSecretName } from "./name.js";
import { markKinds, secretClasses, versionOps } from "./record.js";

// The closed shapes of single values in records: one spelling each, a limit on every length.

const member =
  (list: readonly string[]) =>
  (text: string): boolean =>
    list.includes(text);
const shaped =
  (shape: RegExp) =>
  (text: string): boolean =>
    shape.test(text);

export const isHex16 = shaped(/^[0-9a-f]{16}$/);
export const isHex32 = shaped(/^[0-9a-f]{32}$/);
export const isHex64 = shaped(/^[0-9a-f]{64}$/);
export const isTag = shaped(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
export const isOwner = shaped(/^[A-Za-z0-9][A-Za-z0-9._@/-]{0,126}$/);
export const isPeriod = shaped(/^[1-9][0-9]{0,4}[mhdwy]$/);
export const isTrustRef = shaped(/^[1-9][0-9]{0,3}:[0-9a-f]{64}$/);
export const isFingerprint = shaped(/^SHA256:[A-Za-z0-9+/]{43}$/);
export const isBase64 = shaped(/^(?:[A-Za-z0-9+/]{4}){1,200}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
export const isClass = member(secretClasses);
export const isOp = member(versionOps);
export const isMarkKind = member(markKinds);
export { isMemberId, isScope, isSecretName };
