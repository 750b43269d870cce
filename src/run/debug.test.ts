import { expect, it } from 'vitest';
import { debugCommand, debuggerCommand } from './debug.ts';

const run = { emulator: '/q', binary: '/b', arguments: ['x'], sysroot: '/s' };

it('starts the program stopped, and attaches gdb to it', () => {
  expect(debugCommand({ ...run, listen: '/t/gdb' })).toEqual([
    ...['/q', '-g', '/t/gdb', '-L', '/s', '-0', '/b', '/b', 'x'],
  ]);
  expect(debuggerCommand({ ...run, listen: '/t/gdb' })).toEqual([
    ...['gdb-multiarch', '-ex', 'set sysroot /s', '-ex', 'target remote /t/gdb', '/b'],
  ]);
  expect(debuggerCommand({ ...run, sysroot: undefined, listen: 1234 })).toEqual([
    ...['gdb-multiarch', '-ex', 'target remote 127.0.0.1:1234', '/b'],
  ]);
});
