import { goArchitecture, type PackageSide } from './side.ts';

/** What stands for the words in braces in a tool's patterns. */
export type Variables = Readonly<Record<string, string>>;

export function fixedVariables(guest: PackageSide, host: PackageSide): Variables {
  return {
    triplet: guest.triplet,
    arch: guest.debian,
    goarch: goArchitecture(guest),
    // LLVM's normal form of a triple has a vendor.
    clangtarget: guest.triplet.replace('-', '-unknown-'),
    hosttriplet: host.triplet,
    hostarch: host.debian,
    hostgoarch: goArchitecture(host),
  };
}

/** A pattern with what its words stand for; words that are unknown stay. */
export function expand(pattern: string, variables: Variables): string {
  return pattern.replace(/\{([a-z]+)\}/g, (word, name: string) => variables[name] ?? word);
}

/** Names of packages have no underscore: `x86-64-linux-gnu`. */
export function expandPackage(pattern: string, variables: Variables): string {
  return expand(pattern, variables).replaceAll('_', '-');
}

/** Versions in the names of packages, and the package that says which one a release has by default. */
export const versionVariables: Readonly<
  Record<string, { readonly shape: string; readonly metaPackage: string; readonly depends: RegExp }>
> = {
  gcc: { shape: String.raw`\d+`, metaPackage: 'gcc', depends: /^gcc-(\d+)$/ },
  go: { shape: String.raw`\d+\.\d+`, metaPackage: 'golang-go', depends: /^golang-(\d+\.\d+)-go$/ },
  llvm: { shape: String.raw`\d+`, metaPackage: 'clang', depends: /^clang-(\d+)$/ },
};

/** The values of version words with which a package's pattern gives one of the names. */
export function bindings(pattern: string, fixed: Variables, names: Iterable<string>): Variables[] {
  const text = expandPackage(pattern, fixed);
  const escaped = text.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  const shape = escaped.replace(/\{([a-z]+)\}/g, (word, name: string) => {
    const variable = versionVariables[name];
    return variable === undefined ? word : `(?<${name}>${variable.shape})`;
  });
  const expression = new RegExp(`^${shape.replaceAll('{', String.raw`\{`)}$`);
  return [...names].flatMap((name) => {
    const match = expression.exec(name);
    return match === null ? [] : [{ ...match.groups }];
  });
}
