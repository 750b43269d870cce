const flags = ['n', 'r', 'u', 'V', 'z'];
const others = 'bcCdfghikmMnorRsStTuVz'.split('');
const pairs = new Set(['nr', 'rn', 'nu', 'un', 'ru', 'ur']);

/**
 * `sort -g` compares long doubles, which have 64 bits of precision on x86 and 113, 106 or 53 elsewhere. A key may ask for it (`-k2g`), and both may stand behind
 * other letters (`-rg`): emulated are keys, and all letters in one word that are not known to be harmless.
 */
export const sortBail: readonly string[] = [
  // Keys as they were written before POSIX: `+0g`.
  '+',
  '--g',
  '--k',
  '--so',
  ...'bcCdfghikmMRs'.split('').map((letter) => `-${letter}`),
  ...flags.flatMap((first) =>
    others.flatMap((second) =>
      pairs.has(first + second)
        ? others.map((third) => `-${first}${second}${third}`)
        : [`-${first}${second}`],
    ),
  ),
];
