import { gitleaksFile, noScanSettings, type ScanSettings } from "../../core/scan-settings.js";
import { parseGitleaks } from "../../providers/gitleaks-config.js";
import { parseScanConfig } from "../../providers/scan-config.js";

/** The files of one tree that say how it is to be scanned; all of them untrusted until the tree is. */
export interface SettingsFiles {
  /** `.secrets/config.yaml`. */
  readonly config: Uint8Array | undefined;
  /** Any file of the same tree by its path, for `.gitleaks.toml` and what it extends. */
  readonly read: (path: string) => Uint8Array | undefined;
}

export interface LoadedSettings {
  readonly settings: ScanSettings;
  /** What of them is not understood, one line each; the rest holds. */
  readonly notes: readonly string[];
}

// As many as gitleaks follows.
const mostExtends = 2;

/**
 * The settings of a tree: the section `scan` of its config, and what its `.gitleaks.toml` says beside. `known` are the ids of all rules
 * there are. Throws `config/invalid` for a config that cannot be read as it stands: a scan by half of it would be called complete.
 */
export async function loadScanSettings(files: SettingsFiles, known: readonly string[]): Promise<LoadedSettings> {
  const own = files.config === undefined ? noScanSettings : await parseScanConfig(files.config, known);
  const more = await loadGitleaks(files, gitleaksFile, 0);
  if (more === undefined) return { settings: own, notes: [] };
  const { settings, notes } = more;
  return {
    settings: {
      disabled: [...own.disabled, ...settings.disabled],
      severities: own.severities,
      allow: [...own.allow, ...settings.allow],
      rules: [...own.rules, ...settings.rules.filter(({ id }) => !own.rules.some((rule) => rule.id === id))],
      files: settings.files,
      useDefault: settings.useDefault,
    },
    notes,
  };
}

async function loadGitleaks(files: SettingsFiles, path: string, depth: number): Promise<LoadedSettings | undefined> {
  const bytes = files.read(path);
  if (bytes === undefined) return undefined;
  const { settings, notes, extendPath } = await parseGitleaks(bytes);
  if (extendPath === undefined) return { settings, notes };
  const wanted = extendPath.replace(/^\.\//, "");
  const isInside = !wanted.startsWith("/") && !wanted.split("/").includes("..");
  const base = isInside && depth < mostExtends ? await loadGitleaks(files, wanted, depth + 1) : undefined;
  if (base === undefined)
    return { settings, notes: [...notes, `${gitleaksFile}: the file that extend.path names is not in this tree`] };
  return {
    settings: {
      ...settings,
      disabled: [...settings.disabled, ...base.settings.disabled],
      allow: [...settings.allow, ...base.settings.allow],
      files: [...settings.files, ...base.settings.files],
      // A rule that stands in both is the one of the file that extends.
      rules: [
        ...settings.rules,
        ...base.settings.rules.filter(({ id }) => !settings.rules.some((rule) => rule.id === id)),
      ],
      useDefault: settings.useDefault || base.settings.useDefault,
    },
    notes: [...notes, ...base.notes],
  };
}
