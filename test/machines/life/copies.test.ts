import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeed } from '../../support/command.ts';
import { cloneMachine, machine, machinesHome, removeMachine } from '../../support/machines/home.ts';

const [ran, fresh, copy] = ['copied', 'copied-fresh', 'copies'];

beforeAll(async () => {
  await cloneMachine(ran);
  await removeMachine(fresh);
  // The image is there already: it is that of the machine above.
  const words = ['-a', 'arm64', '--image', 'debian', '--engine', 'podman', '--user', 'debian'];
  await machine('create', fresh, ...words, '--run', 'touch /told-once', '--password', 'a secret');
});

afterAll(async () => {
  for (const name of [copy, fresh, ran]) await removeMachine(name);
});

async function userDataOf(name: string): Promise<string> {
  const seed = join(machinesHome, 'machines', name, 'seed.iso');
  return (await succeed(['isoinfo', '-R', '-i', seed, '-x', '/user-data'])).stdout;
}

async function userDataOfCopy(source: string): Promise<string> {
  await removeMachine(copy);
  await machine('create', copy, '--from', source);
  return await userDataOf(copy);
}

describe('a machine that is made of another one', () => {
  it('is told what that was told as long as nobody has been told it', async () => {
    const told = await userDataOf(fresh);
    expect(told).toContain('touch /told-once');
    expect(told).toContain('a secret');
    expect((await userDataOfCopy(fresh)).replaceAll(copy, fresh)).toBe(told);
    await machine('snapshot', 'save', fresh, 'new');
    expect((await userDataOfCopy(`${fresh}@new`)).replaceAll(copy, fresh)).toBe(told);
  });

  it('is not told again what is on its disk', async () => {
    // It was made of one that had run `touch /told`, whose image has the engine's packages.
    const told = await userDataOfCopy(ran);
    expect(told).toContain(`hostname: ${copy}`);
    expect(told).not.toMatch(/runcmd|packages|touch/);
  });
});
