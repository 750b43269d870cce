import { AnyarchError } from '../../core/error.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { MachinePlaces } from '../places.ts';
import type { RunningMachine } from '../record.ts';
import { runningShape } from './record-shape.ts';

type Files = Pick<Host, 'files'>;

/** Undefined where there is none. @throws AnyarchError ANYARCH_STATE_INVALID */
export function readRunning({ files }: Files, { running: path }: MachinePlaces): RunningMachine | undefined {
  const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  if (bytes === undefined) return undefined;
  const document = parseJson(decodeUtf8(bytes));
  if (runningShape(document, '') === undefined) return document as RunningMachine;
  throw new AnyarchError('ANYARCH_STATE_INVALID', `${path} is damaged`, {
    hint: `when no QEMU runs for that machine (ps aux), remove it: rm ${path}`,
    details: { path },
  });
}

export function writeRunning({ files }: Files, places: MachinePlaces, running: RunningMachine): void {
  files.writeAtomic(places.running, encodeUtf8(`${JSON.stringify(running, undefined, 2)}\n`), 0o600);
}
