import { createContext, interrupt } from "./context.js";
import { main } from "./main.js";
import { reportBug } from "./report.js";

// Whatever ends the program before the runner has an answer is a bug.
process.exitCode = 70;
// clipanion prints every argument, values included, on stdout when it finds this.
delete process.env["DEBUG_CLI"];

const argv = process.argv.slice(2);
const context = createContext();

function failAsBug(error: unknown): never {
  reportBug(error, context, argv);
  process.exit(70);
}

process.on("SIGINT", interrupt);
process.on("uncaughtException", failAsBug);
// No top-level await: a CommonJS bundle, which starts 10 ms faster, has none.
// Everything that was written has been taken by the operating system, so there is nothing to wait for: ending at once
// spares Node the tidying of its memory, which takes longer than reading a secret does.
main(argv, context).then((status) => process.exit(status), failAsBug);
