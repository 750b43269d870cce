import { constants as files } from 'node:fs';
import { constants, machine } from 'node:os';
import { expect, test } from 'vitest';
import { launcherHostOf, launcherHosts } from './find-launcher-host.ts';
import { hostConstants, signalAction } from './host-constants.ts';

test('the numbers of this machine are Node’s', () => {
  const host = launcherHostOf(machine());
  const own = hostConstants(host!);
  const { O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NONBLOCK, O_NOCTTY, O_DIRECTORY, O_NOFOLLOW } = files;
  expect(own).toMatchObject({
    O_CREAT,
    O_EXCL,
    O_TRUNC,
    O_APPEND,
    O_NONBLOCK,
    O_NOCTTY,
    O_DIRECTORY,
    O_NOFOLLOW,
  });
  const { SIGUSR1, SIGUSR2, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH } =
    constants.signals;
  expect(own).toMatchObject({
    SIGUSR1,
    SIGUSR2,
    SIGCHLD,
    SIGCONT,
    SIGSTOP,
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
    SIGWINCH,
  });
});

test.each(launcherHosts)('no two signals of $name share a number', (host) => {
  const signals = Object.entries({ ...hostConstants(host) }).filter(([name]) => name.startsWith('SIG'));
  expect(new Set(signals.map(([, number]) => number)).size).toBe(9);
});

test('an action that ignores a signal has SIG_IGN where the host’s struct has the handler', () => {
  const handlerByte = (name: string) => {
    const action = signalAction(
      launcherHosts.find((host) => host.name === name)!,
      'ignore',
    );
    expect(action.filter((byte) => byte !== 0)).toEqual(Uint8Array.of(1));
    return action.indexOf(1);
  };
  expect(handlerByte('x86_64')).toBe(0);
  expect(handlerByte('arm')).toBe(0);
  expect(handlerByte('s390x')).toBe(7);
  expect(handlerByte('mips64el')).toBe(8);
  expect(signalAction(launcherHosts[0]!, 'default').every((byte) => byte === 0)).toBe(true);
});
