import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import { emitRecord } from "../../../src/core/record-block.js";
import { encodeSecretFile, maxSecretFile, parseSecretFile, recordsOf } from "../../../src/core/secret-file.js";
import { catchError, textLike } from "../../support/errors.js";
import { createSecret, makeStore, markVersion, getSecret, rotateSecret } from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";

const alice = makePerson("alice");
const store = makeStore([alice], { seal: sealForShow });
createSecret(store, alice, "api-key");
rotateSecret(store, alice, "api-key");
markVersion(store, alice, "api-key", "revoke", { place: 0 });
const { file } = getSecret(store, "api-key");
const text = encodeSecretFile(file);

test("blocks stand in the order meta, marks, seal, version", () => {
  expect(recordsOf(file).map(({ kind }) => kind)).toEqual(["meta", "mark", "seal", "version", "seal", "version"]);
  expect(parseSecretFile(encodeUtf8(text))).toEqual(file);
});

describe("a file is refused", () => {
  test("over the limit, before it is looked at", () => {
    expect(catchError(() => parseSecretFile(new Uint8Array(maxSecretFile + 1)))).toMatchObject({
      code: "secret/malformed",
      message: textLike(/larger than/),
    });
  });

  test("with more blocks than states can be made of in good time", () => {
    const [group] = file.groups;
    if (!group) throw new Error("a version was made");
    const mark = group.marks[0];
    if (!mark) throw new Error("a mark was made");
    const flood = emitRecord(mark).repeat(20_001);
    expect(catchError(() => parseSecretFile(encodeUtf8(flood)))).toMatchObject({
      code: "secret/malformed",
      message: "more than 20000 blocks",
    });
  });

  test("of a later version with the version it needs, even behind blocks of this one", () => {
    expect(
      catchError(() => parseSecretFile(encodeUtf8(text.replace(/v: 1\nkind: version/, "v: 7\nkind: version")))),
    ).toMatchObject({ code: "format/newer", message: textLike(/version 7/) });
  });

  test("that YAML would take, but that is not in the one spelling", () => {
    for (const other of [
      text.replace("tags: []", "tags: [ ]"),
      `${text}---\n`,
      text.replaceAll("\n", "\r\n"),
      `# x\n${text}`,
    ])
      expect(catchError(() => parseSecretFile(encodeUtf8(other)))).toMatchObject({ code: "secret/malformed" });
  });
});
