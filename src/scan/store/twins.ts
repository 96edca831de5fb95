import { findCiphertext } from "../ciphertext.js";
import type { FileProblem } from "./store-rules.js";

// What tools add to the name of a file that they encrypt: behind it, or before its ending.
const behind = ["age", "gpg", "enc", "encrypted", "sops", "vault", "secret", "crypt"];
const inside = ["enc", "encrypted", "sops", "sealed", "sealedsecret", "secret"];
// What they add to one that they decrypt.
const plain = ["dec", "decrypted", "plain", "plaintext", "clear", "cleartext", "unsealed", "unencrypted"];

// Templates are committed on purpose.
const template = /(?:^|[._-])(?:example|sample|template|tmpl|dist|defaults?|schema)(?:[._-]|$)/i;
/** Names of files that are secret as a whole. */
const secretName =
  /^(?:\.env(?:\.[\w-]+)?|[\w.-]*(?:secret|credential|password|passwd|token|vault)[\w.-]*|[\w.-]+\.(?:pem|key|p12|pfx|jks|kdbx))$/i;

// Nobody encrypts one of these and keeps it beside its plaintext; so the tree need not be listed for most commits.
const program =
  /\.(?:c|cc|cjs|cpp|cs|css|go|h|hpp|html?|java|jsx?|kt|less|lock|md|mjs|mts|php|png|jpe?g|gif|svg|py|rb|rs|rst|scss|snap|swift|tsx?|vue|woff2?)$/i;

interface Twin {
  readonly path: string;
  /** The plaintext's own name says that it was decrypted. */
  readonly isDecrypted: boolean;
}

/** Names under which the encrypted form of a file would stand beside it. */
function encryptedNames(path: string): readonly Twin[] {
  const slash = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, slash);
  const name = path.slice(slash);
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  const undecorated = withoutDecrypted(stem, ending);
  const twins = (one: string, isDecrypted: boolean): readonly Twin[] =>
    namesOf(one).map((twin) => ({ path: folder + twin, isDecrypted }));
  if (undecorated === undefined) return twins(name, false);
  return [...twins(undecorated, true), { path: folder + undecorated, isDecrypted: true }];
}

function namesOf(name: string): readonly string[] {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  const before =
    ending === ""
      ? []
      : inside.flatMap((mark) => [`${stem}.${mark}${ending}`, `${stem}-${mark}${ending}`, `${mark}-${stem}${ending}`]);
  return [...behind.map((mark) => `${name}.${mark}`), ...before];
}

// `x.dec.yaml`, `x-decrypted.yaml` and `x.yaml.dec` were `x.yaml`.
function withoutDecrypted(stem: string, ending: string): string | undefined {
  if (plain.includes(ending.slice(1).toLowerCase())) return stem;
  const mark = plain.find((one) => new RegExp(`.[.-]${one}$`, "i").test(stem));
  return mark === undefined ? undefined : stem.slice(0, -mark.length - 1) + ending;
}

/**
 * A plaintext whose encrypted form stands beside it, as `secrets.yaml` beside `secrets.enc.yaml`, or `x.dec.yaml` beside an
 * encrypted `x.yaml`. Only names tell, so that a file whose name does not speak of secrets is shown and does not block.
 */
export function findDecryptedTwin(
  file: { readonly path: string; readonly bytes: Buffer },
  hasPath: (path: string) => boolean,
): FileProblem | undefined {
  const { path, bytes } = file;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (bytes.length === 0 || program.test(name) || template.test(name) || isEncryptedName(name)) return undefined;
  const twin = encryptedNames(path).find((one) => hasPath(one.path));
  if (twin === undefined || findCiphertext({ bytes, path }).length > 0) return undefined;
  return {
    rule: "store/decrypted-twin",
    severity: twin.isDecrypted || secretName.test(name) || isSecretManifest(bytes) ? "block" : "warn",
    certainty: "context",
    start: 0,
    end: 0,
    name: undefined,
    why: `its encrypted form ${twin.path.slice(twin.path.lastIndexOf("/") + 1)} stands beside it`,
  };
}

function isEncryptedName(name: string): boolean {
  return behind.some((mark) => name.endsWith(`.${mark}`));
}

/** A Secret of Kubernetes, which is what a sealed one is before it is sealed. */
function isSecretManifest(bytes: Buffer): boolean {
  const head = bytes.toString("latin1", 0, 64 * 1024);
  return /^[ \t]*"?kind"?[ \t]*:[ \t]*"?Secret"?[ \t]*,?\r?$/m.test(head);
}
