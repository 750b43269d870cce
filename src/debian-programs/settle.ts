import * as fs from 'node:fs';
import { isAbandoned } from '../store/index.ts';
import type { ProgramPlaces } from './places.ts';

/** Deletes what killed processes left half made. */
export function clearMaking({ making }: ProgramPlaces): void {
  if (!fs.existsSync(making)) return;
  for (const name of fs.readdirSync(making)) {
    const path = `${making}/${name}`;
    const status = fs.lstatSync(path, { throwIfNoEntry: false });
    if (status !== undefined && isAbandoned(name.split('.')[0] ?? '', status.mtimeMs))
      fs.rmSync(path, { recursive: true, force: true });
  }
}
