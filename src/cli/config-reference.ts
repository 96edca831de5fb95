import { configSchema, leavesOf, type SchemaLeaf, type SchemaNode } from "../providers/config-schema.js";

const introduction = `# Configuration

This page is made from the schema that the program checks a config with: \`npm run docs\`.

The config is \`.secrets/config.yaml\`. Where that is not there, \`.claude/config/secrets.yaml\` is read, by the same rules. Without
either the defaults hold.

A config is not trusted by being there, because a branch may bring one. It is used when a maintainer's journal entry names its
digest (\`secrets init\` writes one), or on one clone alone after \`secrets config allow\`. Otherwise the defaults hold, no host that
it names is asked for anything, and the commands say so. What it only demands of a read (\`audit.required: true\`,
\`expired: refuse\`) holds at once.

\`secrets config check\` names everything that is wrong, with line and column; \`secrets config show --origin\` says where each
setting in force comes from. A flag goes before a variable, a variable before the config.

\`\${env:NAME}\` is expanded in \`masterKey\` and nowhere else. Aliases, tags, keys that stand twice, more than 65,536 bytes, 10,000
values or 32 levels are refused. Every value is read as a text, so \`0600\` is octal, as written.

Editors with a YAML language server check while you type with [config.schema.json](config.schema.json), which lies beside this
page: name it in the editor's settings for \`.secrets/config.yaml\`.

## Keys

| key | values | default | meaning |
|-|-|-|-|
`;

/** docs/config.md: every key of the config, from the schema that the program checks it with. */
export function renderConfigReference(): string {
  const rows = leavesOf().map(([key, leaf]) => {
    const fallback = leaf.fallback === undefined ? "none" : `\`${leaf.fallback}\``;
    return `| \`${key}\` | ${valuesOf(leaf)} | ${fallback} | ${leaf.about} |\n`;
  });
  return `${introduction}${rows.join("")}\nThe section \`scan\` is described in [scan.md](scan.md).\n`;
}

function valuesOf(leaf: SchemaLeaf): string {
  switch (leaf.kind) {
    case "word":
      return leaf.words.map((word) => `\`${word}\``).join(", ");
    case "words":
      return `a list of ${leaf.words.map((word) => `\`${word}\``).join(", ")}`;
    case "switch":
      return "`true`, `false`";
    case "number":
      return `${leaf.min} to ${leaf.max.toLocaleString("en-US")}`;
    case "text":
      return leaf.must.replace(/;.*$/, "").replaceAll(/\$\{[^}]*\}/g, "`$&`");
  }
}

/** docs/config.schema.json (JSON Schema, draft 7), for editors. */
export function renderConfigSchema(): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "gitseal config",
    ...schemaOf(configSchema),
  };
  return JSON.stringify(schema, undefined, 2);
}

function schemaOf(node: SchemaNode): Readonly<Record<string, unknown>> {
  const description = node.about.replaceAll(/`|\[([^\]]*)\]\([^)]*\)/g, "$1");
  switch (node.kind) {
    case "other":
      return { description, type: "object" };
    case "table": {
      const properties = Object.fromEntries(Object.entries(node.keys).map(([key, inner]) => [key, schemaOf(inner)]));
      return { description, type: "object", additionalProperties: false, properties };
    }
    case "word":
      // An editor reads true and false as booleans; the program reads texts.
      return { description, enum: node.words.map((word) => (word === "true" ? true : word)), default: node.fallback };
    case "words":
      return { description, type: "array", minItems: 1, items: { enum: node.words } };
    case "switch":
      return { description, type: "boolean", default: node.fallback === "true" };
    case "number":
      return { description, type: "integer", minimum: node.min, maximum: node.max, default: Number(node.fallback) };
    case "text":
      // An octal mode looks like a number to an editor.
      return { description, type: ["string", "integer"], pattern: node.shape.source };
  }
}
