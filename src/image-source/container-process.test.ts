import { describe, expect, it } from 'vitest';
import { containerCommand, containerDirectory, containerEnvironment } from './container-process.ts';

describe('containerCommand', () => {
  it.each([
    [{ Entrypoint: ['/e', 'x'], Cmd: ['c'] }, [], undefined, ['/e', 'x', 'c']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ['a', 'b'], undefined, ['/e', 'a', 'b']],
    [{ Cmd: ['c', 'd'] }, [], undefined, ['c', 'd']],
    [{ Cmd: ['c', 'd'] }, ['a'], undefined, ['a']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, [], '/other', ['/other']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ['a'], '/other', ['/other', 'a']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ['a'], '', ['a']],
  ])('%o with %o and --entrypoint %s: %o', (config, command, entrypoint, expected) => {
    expect(containerCommand(config, { command, entrypoint })).toEqual(expected);
  });

  it.each([
    [{}, undefined],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ''],
  ])('refuses %o with --entrypoint %s and no words', (config, entrypoint) => {
    expect(() => containerCommand(config, { command: [], entrypoint })).toThrowWithCode('ANYARCH_USAGE');
  });
});

it("does not give an image the host's variables", () => {
  expect(containerEnvironment({ Env: ['A=1', 'SECRET', '=x', 'B='] })).toEqual(['A=1', 'B=']);
});

it.each([
  [undefined, '/'],
  ['/srv', '/srv'],
  ['srv/x', '/srv/x'],
])('%s as the working directory is %s', (directory, expected) => {
  expect(containerDirectory(directory === undefined ? {} : { WorkingDir: directory })).toBe(expected);
});
