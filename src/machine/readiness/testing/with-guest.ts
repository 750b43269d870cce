import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param script sh's, what the guest does with the command in `$command`; everybody is let in */
export async function withGuest<T>(script: string, action: () => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-guest-'));
  const { PATH: before } = process.env;
  writeFileSync(
    join(directory, 'ssh'),
    `#!/bin/sh\ncommand=$*\ncase $command in *" -O "*|*" -M "*) exit 0;; esac\n${script}\n`,
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
