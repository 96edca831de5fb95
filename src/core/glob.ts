import { matchesPattern } from "./name.js";

/**
 * Whether a path fits a glob: `*` and `?` within one part, `**` for any number of parts. A glob without `/` (but at its end) fits at
 * any depth, one that ends in `/` all below, as in `.gitignore`; so does one that names a folder. Never exponential.
 */
export function matchesGlob(path: string, glob: string): boolean {
  const folder = glob.endsWith("/");
  const body = glob.replace(/^\//, "").replace(/\/+$/, "");
  const isRooted = glob.startsWith("/") || body.includes("/");
  const parts = path.split("/");
  const wanted = [...(isRooted ? [] : ["**"]), ...body.split("/")];
  // What is below a folder that fits, fits.
  return matchParts(parts, [...wanted, "**"], folder);
}

// Row by row: which beginnings of the path the beginning of the glob fits; the first entry is for the empty one.
function matchParts(parts: readonly string[], wanted: readonly string[], isFolder: boolean): boolean {
  let fits: readonly boolean[] = [true, ...parts.map(() => false)];
  for (const [place, want] of wanted.entries()) {
    if (want === "**") {
      const first = fits.indexOf(true);
      // The `**` that we put behind a folder's name must find something below it.
      const from = first < 0 ? fits.length : first + (isFolder && place === wanted.length - 1 ? 1 : 0);
      fits = fits.map((_, at) => at >= from);
    } else fits = fits.map((_, at) => at > 0 && fits[at - 1] === true && matchesPattern(parts[at - 1] ?? "", want));
  }
  return fits.at(-1) === true;
}
