import { lookUpArchitecture, type Architecture } from '../../core/architecture.ts';

/**
 * The architecture of a word such as `arm64`, `aarch64`, `linux/arm/v7`, `linux/arm64/v8.2`. As containerd reads
 * platforms, a variant that nobody knows does not matter (github.com/containerd/platforms, `Parse`).
 */
export function architectureOfWord(word: string): Architecture | undefined {
  const known = lookUpArchitecture(word);
  if (known !== undefined) return known;
  const [os, architecture, ...variant] = word.split('/');
  return os?.toLowerCase() === 'linux' && architecture !== undefined && variant.length < 2
    ? lookUpArchitecture(architecture)
    : undefined;
}

/** Go's name, where there is one: `arm64`, `386`. */
export function goName({ name, platforms }: Architecture): string {
  return platforms[0]?.split('/')[1] ?? name;
}

/** What `--install` and `--uninstall` are given, without blanks and empty parts. */
export function splitList(list: string): string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
