/** Fields of one stanza. Names in lower case, because they are case-insensitive; continuation lines joined by `\n`. */
export type Stanza = ReadonlyMap<string, string>;

/** https://www.debian.org/doc/debian-policy/ch-controlfields.html#syntax-of-control-files */
export function parseStanza(text: string): Stanza {
  const fields = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.trim() === '') continue;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (name !== undefined) fields.set(name, `${fields.get(name) ?? ''}\n${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    name = line.slice(0, colon).toLowerCase();
    // A repeated field is an error for dpkg; here the first one stands, so that nothing appended can replace it.
    if (fields.has(name)) name = undefined;
    else fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/**
 * The stanzas of the named packages from a Packages file. Such a file has 50 MB for a stable suite, so stanzas are found as
 * bytes and only the wanted ones are decoded.
 *
 * @param which `some` stops reading where the first are found
 */
export async function findStanzas(
  content: AsyncIterable<Uint8Array>,
  packageNames: readonly string[],
  which: 'all' | 'some' = 'all',
): Promise<Stanza[]> {
  const fields = packageNames.map((name) => Buffer.from(`\nPackage: ${name}\n`));
  const found: Stanza[] = [];
  // The leading newline lets a first stanza be found like all others.
  let pending: Buffer[] = [Buffer.from('\n')];
  let length = 1;
  const search = (end: boolean) => {
    const block = Buffer.concat(pending, length);
    const complete = end ? block.length : block.lastIndexOf('\n\n');
    if (complete === -1) return;
    for (const field of fields) collect(block.subarray(0, complete + 1), field, found);
    pending = [block.subarray(complete)];
    length = block.length - complete;
  };
  for await (const chunk of content) {
    pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    length += chunk.length;
    if (length >= searchBytes) search(false);
    if (which === 'some' && found.length > 0) return found;
  }
  search(true);
  return found;
}

/** Searching in large blocks keeps the joining of chunks cheap. */
const searchBytes = 1 << 20;

function collect(block: Buffer, field: Buffer, found: Stanza[]): void {
  for (let at = block.indexOf(field); at !== -1;) {
    const before = block.lastIndexOf('\n\n', at);
    const after = block.indexOf('\n\n', at + field.length - 1);
    const end = after === -1 ? block.length : after;
    found.push(parseStanza(block.toString('utf8', before === -1 ? 0 : before + 2, end)));
    at = block.indexOf(field, end);
  }
}
