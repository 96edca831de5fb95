import type { ConfigStanding } from "../app/config/check-config.js";

/** Who vouches for a config, in words. */
export const vouching: Readonly<Record<ConfigStanding, string>> = {
  journal: "a maintainer's journal entry admits it",
  clone: "it is allowed on this clone only",
  nobody: "nobody vouches for it, so the defaults are used",
  none: "there is no config, so the defaults are used",
};
