import { describe, expect, test } from "vitest";
import { readSource } from "./sources.js";

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}
interface Manifest {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readSource("package.json")) as Manifest;
const lock = JSON.parse(readSource("package-lock.json")) as Lock;
const locked = Object.entries(lock.packages).filter(([place]) => place !== "");

/** Where Node finds `name` from the package at `place`: its own node_modules, then that of each package around it. */
function findLocked(packages: Lock["packages"], place: string, name: string): Locked | undefined {
  const candidate = packages[`${place === "" ? "" : `${place}/`}node_modules/${name}`];
  if (candidate !== undefined || place === "") return candidate;
  const cut = place.lastIndexOf("/node_modules/");
  return findLocked(packages, cut < 0 ? "" : place.slice(0, cut), name);
}

function missingPlatforms(packages: Lock["packages"]): readonly string[] {
  return Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => findLocked(packages, place, name) === undefined)
      .map((name) => `${place} lacks ${name}`),
  );
}

describe("the lock file", () => {
  test("names every platform's binary of every tool, so that npm ci works on all of them", () => {
    expect(missingPlatforms(lock.packages)).toEqual([]);
  });

  test.each(["esbuild", "oxlint", "oxfmt", "oxlint-tsgolint", "rolldown", "oxc-parser", "typescript"])(
    "has binaries of %s for Linux, macOS and Windows",
    (tool) => {
      const names = Object.keys(lock.packages[`node_modules/${tool}`]?.optionalDependencies ?? {}).join(" ");
      expect(names).toMatch(/linux-x64/);
      expect(names).toMatch(/linux-arm64/);
      expect(names).toMatch(/darwin-arm64/);
      expect(names).toMatch(/win32-x64/);
    },
  );

  test("names no registry host, so that each installs from the registry it is configured for", () => {
    expect(locked.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
    expect(readSource("package-lock.json")).not.toMatch(/https?:\/\/[^"\s]*\.tgz/);
  });

  test("has a SHA-512 of every package", () => {
    expect(locked.filter(([, entry]) => !(entry.integrity ?? "").startsWith("sha512-"))).toEqual([]);
  });

  test("installs nothing for users that runs a script at install time", () => {
    expect(locked.filter(([, entry]) => entry.hasInstallScript === true && entry.dev !== true)).toEqual([]);
  });

  test("a tool whose binary for one platform is absent is reported", () => {
    const packages = { "node_modules/tool": { optionalDependencies: { "@tool/linux-x64": "1.0.0" } } };
    expect(missingPlatforms(packages)).toEqual(["node_modules/tool lacks @tool/linux-x64"]);
    expect(missingPlatforms({ ...packages, "node_modules/@tool/linux-x64": {} })).toEqual([]);
    expect(missingPlatforms({ ...packages, "node_modules/tool/node_modules/@tool/linux-x64": {} })).toEqual([]);
  });
});

describe("the manifest", () => {
  test("pins every direct dependency to one version", () => {
    const direct = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version))).toEqual([]);
  });

  test("runs nothing when a user installs the package", () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });
});
