import { encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { runGuest } from '../run/index.ts';
import type { TreeIds } from './stored-image.ts';
import { errorOf, names, parseProtocolLine } from './worker/protocol.ts';
import type { Line, Request, Results } from './worker/protocol.ts';
import { workerFile } from './worker-file.ts';

export interface WorkerOptions {
  /** Whose the files are; the namespace is made accordingly. */
  readonly ids: TreeIds;
  /** What the worker may write to; only for this call. */
  readonly place: string;
  /** A directory of ours that serves as a mount point. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly layer: number; readonly bytes: number }) => void) | undefined;
}

/**
 * Has the worker do something, in a namespace of its own, and waits for it.
 *
 * @throws AnyarchError the worker's, and those of `runGuest`
 */
export async function runWorker<R extends Request>(
  host: Host,
  request: R,
  { ids, place, scratch, signal, onProgress }: WorkerOptions,
): Promise<Results[R['task']]> {
  const text = JSON.stringify(request);
  // What only looks or removes must work on a full disk. Layers may be more than fits in a command line.
  const isWritten = request.task === 'unpack';
  if (isWritten) host.files.writeAtomic(`${place}/${names.request}`, encodeUtf8(text), 0o600);
  let last: Exclude<Line, { progress: unknown }> | undefined;
  const lines = splitLines((text) => {
    const line = parseProtocolLine(text);
    if (line === undefined) return;
    if ('progress' in line) onProgress?.(line.progress);
    else last = line;
  });
  let errors = '';
  const outcome = await runGuest(host, {
    emulated: [],
    root: { kind: 'host', readOnly: true },
    ids: ids === 'single' ? 'auto' : 'root',
    command: [process.execPath, workerFile(), place, ...(isWritten ? [] : [text])],
    binds: [{ source: place, target: place, readOnly: false, kind: 'directory' }],
    // Options of the user's would be for another program.
    environment: ['NODE_OPTIONS='],
    workingDirectory: '/',
    scratch,
    output: {
      stdout: lines,
      stderr: (chunk) => {
        errors = (errors + Buffer.from(chunk).toString()).slice(-4000);
      },
    },
    ...(signal === undefined ? {} : { signal }),
  });
  signal?.throwIfAborted();
  if (last !== undefined && 'error' in last) throw errorOf(last.error);
  if (last === undefined || outcome.exitCode !== 0)
    throw new Error(
      `the worker that ${request.task}s images ended with ${outcome.exitCode}: ${outcome.message ?? errors}`,
    );
  return last.result as Results[R['task']];
}

function splitLines(take: (line: string) => void): (chunk: Uint8Array) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = parts.pop() ?? '';
    parts.forEach(take);
  };
}
