import { describe, expect, test } from "vitest";
import { commitText, messageOf, tagText } from "../../../../src/app/scan/message-text.js";

const commit = [
  "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  "parent 4b825dc642cb6eb9a060e54bf8d69288fbee4905",
  "author A U Thor <a@example.com> 1 +0000",
  "committer C <c@example.com> 1 +0000",
  "gpgsig -----BEGIN PGP SIGNATURE-----",
  " ",
  " c2lnbmF0dXJl",
  " -----END PGP SIGNATURE-----",
  "mergetag object 4b825dc642cb6eb9a060e54bf8d69288fbee4906",
  " type commit",
  " ",
  " words of the tag",
  "encoding ISO-8859-1",
  "",
  "first line",
  "",
  "third line",
  "",
].join("\n");

const text = (bytes: Buffer): string => bytes.toString("latin1");

test("of a commit the lines are those of its message, and people's words in the headers come behind", () => {
  const shown = text(commitText(Buffer.from(commit)));
  expect(shown.startsWith("first line\n\nthird line\n")).toBe(true);
  for (const part of ["A U Thor", "c@example.com", "words of the tag"]) expect(shown).toContain(part);
  for (const part of ["tree 4b", "parent 4b", "c2lnbmF0dXJl", "ISO-8859"]) expect(shown).not.toContain(part);
});

test("bytes that are no UTF-8 stay what they are", () => {
  const bytes = Buffer.concat([
    Buffer.from("tree x\nauthor "),
    Buffer.from([0xe9]),
    Buffer.from("\n\nm"),
    Buffer.from([0xff]),
  ]);
  const shown = commitText(bytes);
  expect(shown.includes(Buffer.from([0x6d, 0xff]))).toBe(true);
  expect(shown.includes(Buffer.from([0xe9]))).toBe(true);
});

test("a commit or tag without a message, or without a header, is not passed over", () => {
  expect(text(commitText(Buffer.from("tree x\nauthor me")))).toContain("author me");
  expect(text(tagText(Buffer.from("object x\ntag v1\ntagger me")))).toContain("tagger me");
});

test("of a tag the message is kept, with its name and its tagger", () => {
  const shown = text(tagText(Buffer.from("object x\ntype commit\ntag v1\ntagger T <t@example.com>\n\nwords\n")));
  expect(shown).toBe("words\n\ntag v1\ntagger T <t@example.com>\n");
});

describe("of a message file git takes", () => {
  const scissors = `# ${"-".repeat(24)} >8 ${"-".repeat(24)}`;

  test.each([
    ["all, without scissors", "a\n# b\nc", "a\n# b\nc"],
    ["what stands before the scissors", `a\n${scissors}\n# Do not modify\ndiff --git a b\n-old`, "a\n"],
    ["what stands before scissors of another comment character", `a\n;${scissors.slice(1)}\nb`, "a\n"],
    ["what stands before scissors with the line end of Windows", `a\r\n${scissors}\r\nb`, "a\r\n"],
    ["nothing, when the scissors come first", `${scissors}\nb`, ""],
    ["all, when the line only looks like scissors", `a\n# ---- >8 ----\nb`, "a\n# ---- >8 ----\nb"],
    ["all, when the scissors stand within a line", `a ${scissors}\nb`, `a ${scissors}\nb`],
  ])("%s", (_what, file, kept) => {
    expect(text(messageOf(Buffer.from(file)))).toBe(kept);
  });
});
