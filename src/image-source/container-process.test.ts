import { describe, expect, it } from 'vitest';
import {
  containerCommand,
  containerDirectory,
  containerEnvironment,
  containerUser,
} from './container-process.ts';

describe('containerCommand', () => {
  it.each([
    [{ Entrypoint: ['/e', 'x'], Cmd: ['c'] }, [], undefined, ['/e', 'x', 'c']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ['a', 'b'], undefined, ['/e', 'a', 'b']],
    [{ Cmd: ['c', 'd'] }, [], undefined, ['c', 'd']],
    [{ Cmd: ['c', 'd'] }, ['a'], undefined, ['a']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, [], '/other', ['/other']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ['a'], '/other', ['/other', 'a']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ['a'], '', ['a']],
    [{ Entrypoint: [''], Cmd: ['c'] }, [], undefined, ['c']],
    [{ Entrypoint: ['/e', ''], Cmd: [''] }, [], undefined, ['/e', '', '']],
  ])('%o with %o and --entrypoint %s: %o', (config, command, entrypoint, expected) => {
    expect(containerCommand(config, { command, entrypoint })).toEqual(expected);
  });

  it.each([
    [{}, undefined],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ''],
    [{ Entrypoint: [''] }, undefined],
    [{ Cmd: [''] }, undefined],
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
  ['/../../x', '/x'],
  ['/a/./b/../c/', '/a/c'],
])('%s as the working directory is %s', (directory, expected) => {
  expect(containerDirectory(directory === undefined ? {} : { WorkingDir: directory })).toBe(expected);
});

it.each([
  [undefined, undefined],
  ['web', 'web'],
  ['1:2', '1:2'],
  [':extra', '0:extra'],
  ['web:', 'web'],
  [':', undefined],
])('%s as the user is %s', (user, expected) => {
  expect(containerUser(user === undefined ? {} : { User: user })).toBe(expected);
});
