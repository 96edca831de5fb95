import { showJson, showMessage } from "./report-text.js";

/** What differs between the logs of our commands. Texts in rules and results are the caller's to make safe. */
export interface SarifParts {
  /** Of gitseal. */
  readonly version: string;
  /** Which of our commands it is, where services keep the logs of several apart. */
  readonly automation?: string;
  readonly rules: readonly unknown[];
  readonly results: readonly unknown[];
  /** What could not be judged. */
  readonly incomplete: readonly string[];
  readonly properties: unknown;
}

/** The one home of a log's frame: SARIF 2.1.0 with a single run, paths from the top of the repository. */
export function encodeSarif({ version, automation, rules, results, incomplete, properties }: SarifParts): string {
  return showJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "gitseal", version, rules } },
        ...(automation === undefined ? {} : { automationDetails: { id: automation } }),
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The top of the repository." } } },
        invocations: [
          {
            executionSuccessful: incomplete.length === 0,
            toolExecutionNotifications: incomplete.map((reason) => ({
              level: "error",
              message: { text: showMessage(reason) },
            })),
          },
        ],
        results,
        properties,
      },
    ],
  });
}

/** Where a result is. */
export function sarifPlace(path: string, region: unknown): unknown {
  return { physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: "%SRCROOT%" }, region } };
}

// Each part is encoded by itself, `:` too: a first part with it would be a scheme, as `//` at the start would be a host. A
// lone surrogate cannot be encoded.
function uriOf(path: string): string {
  const parts = path.replaceAll(/\p{Cs}/gu, "\ufffd").split("/");
  return `${path.startsWith("//") ? "/." : ""}${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}
