import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/fake-host.ts';
import { watchConsole } from './console-watch.ts';
import { busyness, patience } from './patience.ts';

describe('watching a console', () => {
  it('sees milestones as they come, also those that were cut in two', () => {
    const { files } = fakeHost();
    files.addFile('/c', 'an earlier boot: Kernel panic - not syncing: x\n');
    const watch = watchConsole(files, '/c', files.status('/c')!.size);
    expect(watch.look()).toMatchObject({ bytes: 0, milestone: undefined, deadEnd: undefined });
    const add = (text: string) => files.addFile('/c', Buffer.concat([files.read('/c'), Buffer.from(text)]));
    add('\x1b[2J\x1b[01;01HUEFI firm');
    expect(watch.look().milestone).toBeUndefined();
    add('ware (version 1)\r\nnext\r\n');
    expect(watch.look()).toMatchObject({ milestone: { name: 'firmware' }, line: 'next' });
    add('[    0.000000] Linux version 6.12\r\n');
    expect(watch.look().milestone?.name).toBe('kernel');
    add('UEFI firmware again\n');
    expect(watch.look().milestone?.name).toBe('kernel');
    add('Kernel panic - not syncing: no\n');
    expect(watch.look().deadEnd?.end.name).toBe('panic');
  });

  it('goes on when the file was emptied, and where there is none', () => {
    const { files } = fakeHost();
    const watch = watchConsole(files, '/c', 0);
    expect(watch.look().bytes).toBe(0);
    files.addFile('/c', 'a long enough line\n');
    expect(watch.look().line).toBe('a long enough line');
    files.addFile('/c', 'short\n');
    expect(watch.look()).toMatchObject({ bytes: 6, line: 'short' });
  });
});

describe('patience', () => {
  it('grows with the load and with the slowness', () => {
    const { files } = fakeHost();
    files.addFile('/proc/stat', 'cpu 1 2\ncpu0 1 2\ncpu1 1 2\nintr 1\n');
    files.addFile('/proc/loadavg', '0.50 0.40 0.30 1/200 1234\n');
    expect(busyness(files)).toBe(1);
    const idle = patience(files, 1);
    files.addFile('/proc/loadavg', '8.00 0.40 0.30 1/200 1234\n');
    expect(busyness(files)).toBe(4);
    expect(patience(files, 3).stallMs).toBe(idle.stallMs * 12);
    expect(patience(files, 3).programMs).toBe(idle.programMs * 12);
    files.addFile('/proc/loadavg', '900.00 0.40 0.30 1/200 1234\n');
    expect(busyness(files)).toBe(16);
  });

  it('does without /proc', () => {
    expect(busyness(fakeHost().files)).toBe(1);
  });
});
