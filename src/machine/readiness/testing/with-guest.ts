import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @param script sh's, what the guest does with ssh's words in `$command`, the last of them in `$last`
 * @param login sh's, what a login meets with; default: everybody is let in
 */
export async function withGuest<T>(script: string, action: () => Promise<T>, login = 'exit 0'): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-guest-'));
  const { PATH: before } = process.env;
  writeFileSync(
    join(directory, 'ssh'),
    `#!/bin/sh\ncommand=$*\nfor last; do :; done\ncase $command in *" -O "*) echo 'Master running (pid=7)' >&2; exit 0;; *" -M "*) ${login};; esac\n${script}\n`,
  );
  chmodSync(join(directory, 'ssh'), 0o755);
  process.env['PATH'] = `${directory}:${before ?? ''}`;
  try {
    return await action();
  } finally {
    process.env['PATH'] = before;
    rmSync(directory, { recursive: true });
  }
}
