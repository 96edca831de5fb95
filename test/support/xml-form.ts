/**
 * The element names of an XML document in order. Throws unless it is well-formed as far as our reports go: a declaration, elements with
 * quoted attributes, text and the five entities; every code point allowed by XML 1.0, production 2.
 */
export function checkXml(text: string): readonly string[] {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error("a code point that XML forbids");
  const token =
    /<\?xml[^?]*\?>|<(\/?)([A-Za-z-]+)((?: [a-z]+="[^"<&]*(?:&(?:amp|lt|gt|quot|apos);[^"<&]*)*")*)(\/?)>|([^<&>]|&(?:amp|lt|gt|quot|apos);)/uy;
  const open: string[] = [];
  const names: string[] = [];
  for (token.lastIndex = 0; token.lastIndex < text.length;) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`not well-formed at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    const [, slash, name, , empty] = match;
    if (name === undefined) continue;
    if (slash === "/") {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      names.push(name);
      if (empty !== "/") open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(" ")}`);
  return names;
}
