import { sha256Hex } from "../../core/digest.js";
import { SecretsError } from "../../core/errors.js";
import { describeFile } from "../../core/readable-file.js";
import { maxSecretFile } from "../../core/secret-file.js";
import { readUserFile } from "../../store/user-file.js";

/**
 * What git shows of a file of the store: its metadata, and for what cannot be read one line that says so. Never throws, because a
 * textconv that fails ends `git log -p` and `git blame` for the whole repository. The file is untrusted, and nothing in it is opened.
 */
export function showFile(path: string): string {
  let digest = "";
  try {
    const file = readUserFile(path, maxSecretFile);
    if (!file) return placeholder("no such file");
    digest = `, SHA-256 ${sha256Hex(file.bytes)}`;
    return describeFile(file.bytes);
  } catch (cause) {
    const why = cause instanceof SecretsError && cause.code !== "io/failed" ? cause.message : "it cannot be read";
    return placeholder(`${why}${digest}`);
  }
}

// The digest keeps a change of such a file visible: a branch could give our attribute to files of other kinds, to hide theirs.
function placeholder(why: string): string {
  return `(gitseal cannot show this file: ${why})\n`;
}
