import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AnyarchError } from '../../core/error.ts';
import type { Digest } from '../../core/oci/digest.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { Packing } from './compression.ts';
import { workerProgram } from './worker-program.ts';

/** Compresses files in threads of their own. */
export interface Compressor {
  /** How many files are worked on at a time. */
  readonly width: number;
  /** @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE */
  compress(job: CompressionJob): Promise<Compressed>;
  close(): Promise<void>;
}

export interface CompressionJob {
  readonly input: string;
  readonly output: string;
  readonly packing: Packing;
}

export interface Compressed {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

export function openCompressor(packing: Packing): Compressor {
  const width = Math.min(availableParallelism(), packing.width);
  const idle: Worker[] = [];
  const all: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const acquire = async (): Promise<Worker> => {
    const free = idle.pop();
    if (free !== undefined) return free;
    if (all.length >= width) return await new Promise((resolve) => waiting.push(resolve));
    const worker = startWorker();
    all.push(worker);
    return worker;
  };
  return {
    width,
    compress: async (job) => {
      const worker = await acquire();
      try {
        return await ask(worker, job);
      } finally {
        const next = waiting.shift();
        if (next === undefined) idle.push(worker);
        else next(worker);
      }
    },
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

function startWorker(): Worker {
  const worker = new Worker(workerProgram, {
    eval: true,
    // Megabytes. Without it garbage may grow to several times of what a layer needs.
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 },
    workerData: libraries(createRequire(import.meta.url)),
  });
  // A build that was cancelled does not wait for it.
  worker.unref();
  return worker;
}

/** A parameter, since a variable of that name would hide what the command's CommonJS makes of `import.meta.url`. */
function libraries(require: NodeJS.Require): Readonly<Record<'fflate' | 'zstd', string>> {
  return { fflate: require.resolve('fflate'), zstd: require.resolve('@bokuweb/zstd-wasm') };
}

type Answer = Compressed | { readonly failure: { readonly code?: string; readonly message: string } };

function ask(worker: Worker, { input, output, packing }: CompressionJob): Promise<Compressed> {
  worker.ref();
  return new Promise<Answer>((resolve, reject) => {
    const settle = (action: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      worker.unref();
      action();
    };
    const onMessage = (answer: Answer) => {
      settle(() => {
        resolve(answer);
      });
    };
    const onError = (error: unknown) => {
      settle(() => {
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    };
    const onExit = () => {
      onError(new AnyarchError('ANYARCH_CANCELLED', 'cancelled while a layer was compressed'));
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage({ input, output, compression: packing.compression, level: packing.level });
  }).then((answer) => {
    if (!('failure' in answer)) return answer;
    const { code, message } = answer.failure;
    throw fileFailure(Object.assign(new Error(message), { code, syscall: 'write' }), output);
  });
}
