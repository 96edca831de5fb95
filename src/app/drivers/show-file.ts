import { SecretsError } from "../../core/errors.js";
import { describeFile } from "../../core/readable-file.js";
import { maxSecretFile } from "../../core/secret-file.js";
import { readUserFile } from "../../store/user-file.js";

/**
 * What git shows of a file of the store: its metadata, and for what cannot be read one line that says so. Never throws, because a
 * textconv that fails ends `git log -p` and `git blame` for the whole repository. The file is untrusted, and nothing in it is opened.
 */
export function showFile(path: string): string {
  try {
    const file = readUserFile(path, maxSecretFile);
    return file ? describeFile(file.bytes) : placeholder("no such file");
  } catch (cause) {
    return placeholder(
      cause instanceof SecretsError && cause.code !== "io/failed" ? cause.message : "it cannot be read",
    );
  }
}

function placeholder(why: string): string {
  return `(gitseal cannot show this file: ${why})\n`;
}
