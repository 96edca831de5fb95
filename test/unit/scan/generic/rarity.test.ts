import { expect, test } from "vitest";
import { rarityOf } from "../../../../src/scan/generic/rarity.js";
import { trigramRows } from "../../../../src/scan/generic/trigrams.js";

test("the table has a printable digit for each three symbols, and is small", () => {
  expect(trigramRows).toHaveLength(28);
  for (const row of trigramRows) expect(row).toMatch(/^[#-[\]-c]{784}$/);
});

test("words and names of people and programs are below 0", () => {
  for (const text of [
    "password",
    "configuration",
    "user_name",
    "getElementById",
    "HTTP_STATUS",
    "sunshine",
    "/var/lib/data",
    "Benutzername",
  ])
    expect([text, rarityOf(text) < 0]).toEqual([text, true]);
});

test("letters of dice are above 0, the more the longer", () => {
  const parts = ["xq7Zt", "kW2vB", "9mRp4", "LhQ8s"];
  const rarities = parts.map((_, at) => rarityOf(parts.slice(0, at + 1).join("")));
  expect(rarities[0]).toBeGreaterThan(0);
  expect(rarities).toEqual(rarities.toSorted((a, b) => a - b));
});

test("marks that part no words cost, and a new word in camel case does not", () => {
  expect(rarityOf("con!fig")).toBeGreaterThan(rarityOf("con_fig"));
  expect(rarityOf("fooBar")).toBeLessThan(rarityOf("fOObar"));
});

test("nothing is 0", () => expect(rarityOf("")).toBe(0));
