import { AnyarchError } from '../../core/error.ts';
import { parseRule } from '../../core/rule.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { compareBytes } from './binfmt-d.ts';
import type { BootRule } from './boot-rule.ts';
import { unreadable } from './unreadable.ts';

/** One rule in each file, in the order of the shell's pattern `*`. What cannot be understood is left out. */
export function readRules({ files }: Pick<Host, 'files'>, directory: string): BootRule[] {
  const names = ignoring(unreadable, () => files.list(directory)) ?? [];
  return names
    .filter((name) => !name.startsWith('.'))
    .toSorted(compareBytes)
    .flatMap((name): BootRule[] => {
      const file = `${directory}/${name}`;
      const bytes = ignoring(unreadable, () => files.read(file));
      if (bytes === undefined) return [];
      try {
        return [{ file, rule: parseRule(decodeUtf8(bytes).trimEnd()) }];
      } catch (error) {
        if (error instanceof AnyarchError) return [];
        throw error;
      }
    });
}
