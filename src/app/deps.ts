import type { Instant } from "../core/instant.js";
import type { VaultOverrides } from "../providers/azure-client.js";
import type { Disk } from "../store/disk.js";
import { nodeDisk } from "../store/disk.js";
import type { Machine } from "../store/owner.js";

/** All that a use-case takes from the outside world. Only the command line makes one from the running process. */
export interface Deps {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Instant;
  readonly randomBytes: (count: number) => Uint8Array;
  /** The home folder, where `.config` is when `XDG_CONFIG_HOME` is not set. */
  readonly home: string;
  /** Effective user id, where there is one. */
  readonly uid: number | undefined;
  /** The operating system's user name: an unverified claim. */
  readonly user: string;
  readonly machine: Machine;
  /** Blocks for some milliseconds while another process holds a lock. */
  readonly sleep: (milliseconds: number) => void;
  readonly platform: string;
  /** How many threads may work at once. */
  readonly threads: number;
  /** What the accessor calls itself (`--as`): an unverified claim. */
  readonly claimed: string | undefined;
  readonly version: string;
  /** How this program was started, as absolute paths: hooks start it the same way. Absent when it is used as a library. */
  readonly program?: { readonly node: string; readonly script: string };
  /** The rules of the scanner as the build prepared them; absent where there was no build. */
  readonly builtRules?: () => Uint8Array | undefined;
  /** Says something to the person, on stderr. Never holds a value. */
  readonly warn: (message: string, hint?: string) => void;
  /** What stands in for a sign-in to Azure and for the machine's certificates, in tests. */
  readonly vault?: VaultOverrides;
  /** The file system, replaced in fault tests. */
  readonly disk?: Disk;
}

export function diskOf(deps: Deps): Disk {
  return deps.disk ?? nodeDisk;
}
