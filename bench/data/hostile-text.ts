import { createDice } from "../../test/support/known-cases.js";

const dice = createDice(5);
const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const random = (length: number): string => dice.text(signs, length);

/** Over and over, without a line end. */
const units = [
  "=",
  "'",
  "\"'`",
  "\\",
  "x",
  "a_",
  "[",
  '{"a":"',
  '\\"',
  'password="',
  "password='",
  "password=",
  "password==",
  "key:",
  "key=[",
  "auth=(",
  "token={{",
  "//key=",
  "set token ",
  'key("',
  "<password>",
  "eyJ",
  "eyJhbGciOi.",
  "-----BEGIN ",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN PGP MESSAGE-----",
  "://a:",
  "a://b:c@",
  "@tcp(",
  ":*:",
  "curl -u ",
  "kind: secret ",
  "aws ",
  "github ",
  "AKIA",
  "ghp_",
  "%41",
  "\\u0041",
  "ENC[AES256_GCM,",
  "U2FsdGVkX1",
];

function repeated(unit: string, size: number): string {
  return unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
}

/** Lines that each hold secrets, until there are so many bytes. */
function secrets(size: number): string {
  const parts: string[] = [];
  for (let length = 0; length < size; length += parts.at(-1)?.length ?? 0)
    parts.push(`${["gh", "p_"].join("")}${random(36)}\npassword = "${random(14)}"\nencrypted:${random(44)}\n`);
  return parts.join("").slice(0, size);
}

const made: Readonly<Record<string, (size: number) => string>> = {
  "random letters": random,
  secrets,
  "base64 of secrets": (size) => Buffer.from(secrets((size * 3) / 4)).toString("base64"),
  "wrapped base64 of secrets": (size) =>
    Buffer.from(secrets(size * 0.74))
      .toString("base64")
      .replaceAll(/.{76}/g, "$&\n"),
  "hex of secrets": (size) => Buffer.from(secrets(size / 2)).toString("hex"),
  "percent escapes of secrets": (size) => encodeURIComponent(secrets(size)).slice(0, size),
  "nested brackets": (size) => "[".repeat(size / 2) + "]".repeat(size / 2),
};

/** Texts that were made to be slow, by what they are. */
export const hostileTexts: Readonly<Record<string, (size: number) => string>> = {
  ...Object.fromEntries(units.map((unit) => [unit, (size: number) => repeated(unit, size)])),
  ...made,
};
