import { getSecret, type GetInput, type GetResult } from "../../app/get-secret.js";
import { fail } from "../../core/errors.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, flag, text } from "../options.js";
import { runDeps } from "../run-deps.js";
import { providerOption } from "../shared-options.js";
import { secretJson, showSecret } from "../show-secret.js";

export class GetCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "The value is masked but for its last three characters, and wholly when it is short or binary. Every read is\n" +
      "recorded before it is answered. JSON: name, provider, version, vid, state, created, updated, scope, tags, expires, cachedAt;\n" +
      "with --show-full also value and encoding (utf8 or base64), with --out also out. A value past its grace, or revoked, is\n" +
      "refused with 9.",
    examples: [
      ["See what there is to know of a secret", "secrets get api-key-stripe"],
      ["Hand it to a program, byte for byte", 'TOKEN="$(secrets get api-key-stripe --raw --required)"'],
      [
        "The version before the current one, into a file",
        "secrets get api-key-stripe --version previous --out ~/stripe.key",
      ],
    ],
    exits: [1, 3, 4, 5, 6, 7, 9],
  };

  name = argument({ name: "name", completes: "name" });
  provider = providerOption("where to read it from", "local");
  version = text("--version", {
    value: "VERSION",
    about: "a number, a version id, current or previous",
    fallback: "current",
  });
  required = flag("--required", "a secret that is not there is an error, 3, and not a negative answer, 1");
  showFull = flag("--show-full", "show the whole value; think of who can see your screen");
  raw = flag("--raw", "print the bytes of the value and nothing else, no line end either");
  outFile = text("--out", {
    value: "FILE",
    about: "write the value to a new file that only you can read",
    completes: "file",
  });
  explain = flag("--explain", "say on stderr which providers were asked, and what each said");
  force = flag("--force", "let --out replace a file");

  override async run(context: RunContext): Promise<number> {
    this.checkForms(context);
    const { name, version, provider, required } = this;
    const out = this.outFile === undefined ? undefined : await openSink(context, this.outFile, this.force);
    const secret = await getSecret(runDeps(context), {
      name,
      version,
      provider,
      required,
      ...(this.explain ? { onStep: (step) => explainStep(context, step) } : {}),
    });
    try {
      out?.write(secret.value, secret.fileMode);
      if (secret.cachedAt !== undefined) noteAge(context, secret.cachedAt);
      this.print(context, secret, out?.path);
    } finally {
      secret.value.fill(0);
    }
    return 0;
  }

  checkForms({ json }: RunContext): void {
    const forms = [this.raw, this.showFull, this.outFile !== undefined].filter(Boolean).length;
    if (forms > 1) fail("usage/invalid", "give only one of --raw, --show-full and --out");
    if (this.raw && json)
      fail("usage/invalid", "--raw prints the value and nothing else: --json cannot go with it", {
        hint: "use --json --show-full",
      });
    if (this.force && this.outFile === undefined) fail("usage/invalid", "--force goes with --out");
  }

  print(context: RunContext, secret: GetResult, out: string | undefined): void {
    if (this.raw) context.out.bytes(secret.value);
    else if (context.json)
      context.out.json({ ...secretJson(secret, this.showFull), ...(out === undefined ? {} : { out }) });
    else if (out === undefined) showSecret(context, secret, this.showFull);
    else
      context.out.done(`Secret '${secret.name}' written to ${out}`, [
        ["Version", String(secret.version ?? (secret.vid || "-"))],
      ]);
  }
}

function explainStep({ out }: RunContext, { provider, answer, message }: Step): void {
  out.note(`${provider}: ${answer === "not-asked" ? "not asked" : answer}${message === "" ? "" : ` (${message})`}`);
}

type Step = Parameters<NonNullable<GetInput["onStep"]>>[0];

function noteAge(context: RunContext, cachedAt: number): void {
  const seconds = Math.max(0, Math.round((context.now() - cachedAt) / 1000));
  context.out.note(`from the cache, ${seconds} s old`);
}

interface FileSink {
  readonly path: string;
  readonly write: (value: Uint8Array, mode: number) => void;
}

// Checked before the value is opened, and imported only where a file is wanted: it asks git whether the file would be committed.
async function openSink(context: RunContext, path: string, force: boolean): Promise<FileSink> {
  const { checkOutFile, writeOutFile } = await import("../out-file.js");
  const checked = checkOutFile(context, path, force);
  return { path: checked.path, write: (value, mode) => writeOutFile(context, checked, value, mode) };
}
