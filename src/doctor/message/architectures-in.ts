import { lookUpArchitecture } from '../../core/architecture.ts';

/**
 * QEMU's target names of the architectures that a message is about: those that its patterns caught; else those that stand in the lines
 * that were recognised; else those anywhere, as in the command that was typed.
 */
export function architecturesIn(
  caught: readonly string[],
  recognised: readonly string[],
  all: readonly string[],
): readonly string[] {
  const names = caught.flatMap(targetOf);
  if (names.length > 0) return [...new Set(names)];
  const near = namedIn(recognised);
  return near.length > 0 ? near : namedIn(all);
}

/** `linux/arm64/v8`, `qemu-aarch64-static`, `--arch=arm64`, `-a s390x`, `ld-linux-aarch64.so.1`. */
const naming =
  /\blinux\/([a-z0-9_]+(?:\/v\d)?)|\bqemu-([a-z0-9_]+?)(?:-static|-binfmt)?(?![\w-])|(?:^|\s)(?:--arch(?:itecture)?[ =]|-a )([a-z0-9_]+)|\bld-(?:linux|musl)-([a-z0-9_]+?)(?:-lp64\w*)?\.so/gi;

function namedIn(lines: readonly string[]): readonly string[] {
  const names = lines.flatMap((line) =>
    [...line.matchAll(naming)].flatMap((match) => targetOf(match.slice(1).join(''))),
  );
  return [...new Set(names)];
}

function targetOf(name: string): readonly string[] {
  const architecture = lookUpArchitecture(name) ?? lookUpArchitecture(name.replace(/\/v\d+$/, ''));
  return architecture === undefined ? [] : [architecture.name];
}
