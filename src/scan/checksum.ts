/** CRC-32 (IEEE 802.3) of Latin-1 text, as an unsigned number. Meant for tokens: one step a bit. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) {
    crc ^= text.charCodeAt(at) & 0xff;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** CRC-16/XMODEM (polynomial 0x1021, from 0), which NATS puts behind its keys. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

const base62Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function toBase62(value: number, width: number): string {
  let rest = value;
  let text = "";
  for (; rest > 0; rest = Math.floor(rest / 62)) text = base62Letters.charAt(rest % 62) + text;
  return text.padStart(width, "0");
}

/**
 * GitHub and npm: behind the first `_` a body, and in base62 the CRC-32 of the body in the last 6 letters.
 * Source: GitHub's announcement of its token formats; sampled tokens agree.
 */
export function hasBase62Crc(token: string): boolean {
  const body = token.slice(token.indexOf("_") + 1);
  return body.length > 6 && toBase62(crc32(body.slice(0, -6)), 6) === body.slice(-6);
}

/** GitLab's routable tokens: the last 7 letters are in base36 the CRC-32 of all before them. */
export function hasGitlabCrc(token: string): boolean {
  return token.length > 7 && crc32(token.slice(0, -7)).toString(36).padStart(7, "0") === token.slice(-7);
}

/** Grafana's service account tokens: behind the last `_` in hexadecimal, low byte first, the CRC-32 of what is before it. */
export function hasGrafanaCrc(token: string): boolean {
  const at = token.lastIndexOf("_");
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(crc32(token.slice(0, Math.max(at, 0))));
  return at > 0 && bytes.toString("hex") === token.slice(at + 1).toLowerCase();
}

/** Cloudflare's tokens of 2026: the last 8 digits are in hexadecimal, high byte first, the CRC-32 of the 40 letters before them. */
export function hasCloudflareCrc(token: string): boolean {
  const body = token.slice(-48, -8);
  return body.length === 40 && crc32(body).toString(16).padStart(8, "0") === token.slice(-8);
}
