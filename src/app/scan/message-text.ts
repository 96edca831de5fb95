const lineFeed = 0x0a;
const headerEnd = Buffer.from("\n\n");

/**
 * What people wrote of a commit: its message, and behind it the headers that hold text (author, committer, a merged tag), so that lines
 * are counted as in the message. Trees, parents and signatures are git's.
 */
export function commitText(bytes: Buffer): Buffer {
  const { header, message } = split(bytes);
  const kept = fieldsOf(header).filter((field) => !/^(?:tree|parent|gpgsig|gpgsig-sha256|encoding) /.test(field));
  return Buffer.concat([message, Buffer.from(`\n${kept.join("\n")}\n`, "latin1")]);
}

/** The message of an annotated tag, a signature at its end included, and the tagger. */
export function tagText(bytes: Buffer): Buffer {
  const { header, message } = split(bytes);
  const kept = fieldsOf(header).filter((field) => /^(?:tag|tagger) /.test(field));
  return Buffer.concat([message, Buffer.from(`\n${kept.join("\n")}\n`, "latin1")]);
}

function split(bytes: Buffer): { readonly header: Buffer; readonly message: Buffer } {
  const end = bytes.indexOf(headerEnd);
  if (end < 0) return { header: bytes, message: Buffer.alloc(0) };
  return { header: bytes.subarray(0, end), message: bytes.subarray(end + headerEnd.byteLength) };
}

// A line that begins with a space goes on with the field before it.
function fieldsOf(header: Buffer): readonly string[] {
  return header.toString("latin1").split(/\n(?! )/);
}

const scissors = /^. -{24} >8 -{24}$/;

/**
 * The part of a message file that git takes: behind the scissors of `commit --verbose` stands the patch, with what it removes.
 * Comments stay, since git keeps them too when it is told so.
 */
export function messageOf(file: Buffer): Buffer {
  for (let start = 0; start < file.byteLength;) {
    const next = file.indexOf(lineFeed, start);
    const end = next < 0 ? file.byteLength : next;
    if (end - start < 100 && scissors.test(file.toString("latin1", start, end).trimEnd()))
      return file.subarray(0, start);
    start = end + 1;
  }
  return file;
}
