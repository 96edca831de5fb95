/** What each exit status means, whatever the command. The numbers never change. */
export const exitMeanings: Readonly<Record<number, string>> = {
  0: "done, all of it",
  1: "it worked and the answer is no: findings, differences, a failed policy",
  2: "usage or configuration",
  3: "not found",
  4: "no access: no identity fits, or policy denies",
  5: "integrity: corrupt, bad signature, broken journal",
  6: "provider, network or file system failed",
  7: "busy or conflict: lock, fork, changed meanwhile, unresolved merge",
  8: "cannot judge: shallow clone, missing base or objects",
  9: "expired or revoked",
  70: "bug in this program",
  130: "interrupted",
};
