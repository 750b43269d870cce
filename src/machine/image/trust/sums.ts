export interface KnownDigest {
  readonly algorithm: 'sha256' | 'sha512';
  /** Lower-case hexadecimal. */
  readonly hex: string;
}

/**
 * The digest of a file in a list as sha256sum(1) and sha512sum(1) write it, in their BSD form, or as the list's only
 * word. SHA-512 counts more where both are there; MD5 and SHA-1 count for nothing.
 *
 * @returns `conflict` where the list has two digests of one kind for the file
 */
export function findDigest(list: string, file: string): KnownDigest | 'conflict' | undefined {
  // Behind a space there is a name, and be it blank.
  const alone = digestOf(list.replace(/[\r\n]+$/, ''));
  if (alone !== undefined) return alone;
  const found = list.split(/\r?\n/).flatMap((line) => {
    const entry = parseLine(line);
    return entry?.name === file ? [entry.digest] : [];
  });
  for (const algorithm of ['sha512', 'sha256'] as const) {
    const [first, ...others] = found.filter((digest) => digest.algorithm === algorithm);
    if (first === undefined) continue;
    return others.every(({ hex }) => hex === first.hex) ? first : 'conflict';
  }
  return undefined;
}

/** `sha256:…`, or the digest alone, whose length tells what it is. */
export function parseDigest(text: string): KnownDigest | undefined {
  const [, algorithm, hex = text] = /^(sha256|sha512):(.*)$/.exec(text) ?? [];
  const digest = digestOf(hex);
  return algorithm === undefined || algorithm === digest?.algorithm ? digest : undefined;
}

function parseLine(line: string): { readonly name: string; readonly digest: KnownDigest } | undefined {
  const [, bsdName, bsdHex] = /^SHA(?:256|512) \((.+)\) = ([0-9A-Fa-f]+)$/.exec(line) ?? [];
  const [, hex, name] = /^([0-9A-Fa-f]+) [ *]?(.+)$/.exec(line) ?? [];
  const digest = digestOf(bsdHex ?? hex ?? '');
  return digest === undefined ? undefined : { name: (bsdName ?? name ?? '').replace(/^\.\//, ''), digest };
}

function digestOf(hex: string): KnownDigest | undefined {
  if (!/^([0-9A-Fa-f]{64}|[0-9A-Fa-f]{128})$/.test(hex)) return undefined;
  return { algorithm: hex.length === 64 ? 'sha256' : 'sha512', hex: hex.toLowerCase() };
}
