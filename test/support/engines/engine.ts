import { afterAll, beforeAll } from 'vitest';
import type { CommandOptions, CommandResult } from '../command.ts';
import { run, succeed } from '../command.ts';
import type { Guest } from '../fixtures/guests.ts';
import { busyboxImage } from '../fixtures/images.ts';

/** A running container engine with a store of its own. */
export interface Engine {
  /** The words that start every command: the client and where its store or daemon is. */
  readonly client: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Starts the engine before the tests of the enclosing suite, with the guests' busybox images, and stops it after them. */
export function useEngine(start: () => Promise<Engine>, guests: readonly Guest[]): Pick<Engine, 'client'> {
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await start();
    await loadImages(engine, guests);
  });
  afterAll(async () => {
    await engine?.stop();
  });
  return {
    get client() {
      if (engine === undefined) throw new Error('the engine has not been started');
      return engine.client;
    },
  };
}

export function engineCommand(
  engine: Pick<Engine, 'client'>,
  args: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  return run([...engine.client, ...args], options);
}

async function loadImages(engine: Engine, guests: readonly Guest[]): Promise<void> {
  for (const guest of guests) {
    const image = await busyboxImage(guest);
    await succeed([...engine.client, 'load', '--input', image.file]);
  }
}

/** `run --rm --platform … busybox:… COMMAND`, without a network. */
export async function runGuest(
  engine: Pick<Engine, 'client'>,
  guest: Guest,
  command: readonly string[],
  flags: readonly string[] = [],
): Promise<CommandResult> {
  const { reference } = await busyboxImage(guest);
  const options = ['--rm', '--network', 'none', '--platform', guest.platform, ...flags];
  return engineCommand(engine, ['run', ...options, reference, ...command]);
}
