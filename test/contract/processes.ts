import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';

export interface ProcessesSubject extends Pick<Host, 'processes' | 'executor' | 'files'> {
  /** Empty and writable. */
  readonly directory: string;
}

/** What every implementation does with real programs. `open` is called once for each part. */
export function describeProcesses(name: string, open: () => ProcessesSubject): void {
  describe(`Processes: ${name}`, () => {
    let { processes, directory } = {} as ProcessesSubject;
    beforeAll(() => {
      ({ processes, directory } = open());
    });

    it('gives output and exit code in one shape', () => {
      const command = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
      expect(processes.run(command)).toMatchObject({
        command,
        exitCode: 3,
        signal: undefined,
        startError: undefined,
        timedOut: false,
        stdout: 'out\n',
        stderr: 'err\n',
      });
    });

    it('gives the same shape for what was killed, took too long or could not be started', () => {
      expect(processes.run(['sh', '-c', 'kill -TERM $$'])).toMatchObject({
        exitCode: undefined,
        signal: 'SIGTERM',
      });
      expect(processes.run(['sleep', '5'], { timeoutMs: 50 })).toMatchObject({
        timedOut: true,
        exitCode: undefined,
      });
      const nothing = { exitCode: undefined, stdout: '', stderr: '', timedOut: false };
      expect(processes.run([`${directory}/missing`])).toMatchObject({ ...nothing, startError: 'ENOENT' });
      expect(processes.run([directory])).toMatchObject({ ...nothing, startError: 'EACCES' });
    });

    it('passes input, directory and environment, and changes nothing of the language unasked', () => {
      expect(processes.run(['cat'], { input: 'äöü' }).stdout).toBe('äöü');
      expect(processes.run(['true'], { input: 'x'.repeat(1 << 20) })).toMatchObject({
        exitCode: 0,
        startError: undefined,
      });
      expect(processes.run(['pwd'], { directory }).stdout).toBe(`${directory}\n`);
      const variables = (environment?: Record<string, string | undefined>) =>
        processes.run(['env'], environment === undefined ? {} : { environment }).stdout.split('\n');
      expect(variables({ ANYARCH_X: '1' })).toEqual(
        expect.arrayContaining(['ANYARCH_X=1', `PATH=${process.env['PATH']}`]),
      );
      expect(variables({ PATH: undefined }).some((line) => line.startsWith('PATH='))).toBe(false);
      expect(variables().find((line) => line.startsWith('LC_ALL='))).toBe(
        process.env['LC_ALL'] === undefined ? undefined : `LC_ALL=${process.env['LC_ALL']}`,
      );
    });

    it('takes more output than a pipe holds', () => {
      expect(processes.run(['head', '-c', '3000000', '/dev/zero']).stdout).toHaveLength(3_000_000);
    });
  });

  describe(`Executor of processes: ${name}`, () => {
    let { processes, executor, files, directory } = {} as ProcessesSubject;
    beforeAll(() => {
      ({ processes, executor, files, directory } = open());
    });

    it('tells exit codes, signals and timeouts apart', () => {
      expect(executor.execute('/bin/sh', ['-c', 'exit 5'])).toEqual({ kind: 'exited', code: 5 });
      expect(executor.execute('/bin/sh', ['-c', 'kill -KILL $$'])).toEqual({ kind: 'signalled', signal: 9 });
      expect(executor.execute('/bin/sleep', ['5'], { timeoutMs: 50 })).toEqual({ kind: 'timeout' });
    });

    it('does not take a program that exits as a launcher does for a refusal', () => {
      expect(executor.execute('/bin/sh', ['-c', 'exit 125'])).toEqual({ kind: 'exited', code: 125 });
    });

    it('passes argv[0] and leaves no descriptor of its own open', () => {
      const script = '[ "$0" = name ] || exit 1; [ -e /proc/$$/fd/3 ] && exit 2; exit 7';
      expect(executor.execute('/bin/sh', ['-c', script, 'name'])).toEqual({ kind: 'exited', code: 7 });
      const argv0 = `[ "$(head -z -n 1 /proc/$$/cmdline | tr -d '\\0')" = -login ] && exit 8`;
      expect(executor.execute('/bin/sh', ['-c', argv0], { argv0: '-login' })).toEqual({
        kind: 'exited',
        code: 8,
      });
    });

    const script = (name: string, text: string): string => {
      const path = `${directory}/${name}`;
      files.writeAtomic(path, new TextEncoder().encode(`#!/bin/sh\n${text}\n`), 0o755);
      return path;
    };

    it('executes many at a time: codes, signals and refusals, each with its own path only', () => {
      const codes = Array.from({ length: 20 }, (_, index) =>
        script(`code-${index}`, `[ $# = 0 ] && [ "$0" = ${directory}/code-${index} ] && exit ${index + 1}`),
      );
      const killed = script('killed', 'kill -KILL $$');
      const open = script('open', 'for n in 3 4; do [ -e /proc/$$/fd/$n ] && exit 1; done; exit 0');
      const environment = script('environment', '[ "$HOME" ] && [ "$PATH" ] && exit 8');
      expect(
        executor.executeAll([killed, ...codes, `${directory}/missing`, open, environment, '/bin/true']),
      ).toEqual([
        { kind: 'signalled', signal: 9 },
        ...codes.map((_, index) => ({ kind: 'exited', code: index + 1 })),
        { kind: 'refused', errno: 'ENOENT' },
        { kind: 'exited', code: 0 },
        { kind: 'exited', code: 8 },
        { kind: 'exited', code: 0 },
      ]);
    });

    it('kills those of many that have not ended in time, and keeps what the others did', () => {
      const pid = `${directory}/pid`;
      const endless = script('endless', `echo $$ > ${pid}.new; mv ${pid}.new ${pid}; exec sleep 60`);
      const quick = script('quick', 'exit 3');
      const start = performance.now();
      const outcomes = executor.executeAll([quick, endless, ...new Array<string>(30).fill(quick)], {
        timeoutMs: 1500,
      });
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(outcomes.filter(({ kind }) => kind === 'timeout')).toHaveLength(1);
      expect(outcomes[1]).toEqual({ kind: 'timeout' });
      expect(outcomes[31]).toEqual({ kind: 'exited', code: 3 });
      const state = processes.run([
        'ps',
        '-o',
        'stat=',
        '-p',
        new TextDecoder().decode(files.read(pid)).trim(),
      ]);
      expect(state.stdout.trim()).toMatch(/^(Z.*)?$/);
    });

    it('lets no shell execute what the kernel refuses', () => {
      const text = `${directory}/text`;
      files.writeAtomic(text, new TextEncoder().encode('exit 9\n'), 0o755);
      expect(executor.execute(text)).toEqual({ kind: 'refused', errno: 'ENOEXEC' });
    });
  });
}
