import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import { openrcFiles } from './openrc.ts';
import { runitFiles } from './runit.ts';
import { shellProgramText } from './shell-program.ts';
import { systemdUnits } from './systemd.ts';

const texts = (files: readonly WantedFile[] | undefined) =>
  Object.fromEntries((files ?? []).map(({ path, content }) => [path, content]));

describe('files for the inits', () => {
  it('a service of OpenRC in its runlevel', () => {
    const files = openrcFiles();
    expect(texts(files)['/etc/runlevels/default/anyarch-binfmt']).toEqual({
      link: '/etc/init.d/anyarch-binfmt',
    });
    expect(texts(files)['/etc/init.d/anyarch-binfmt']).toContain(
      '\t/bin/sh /usr/local/lib/anyarch/binfmt.sh start\n\teend $?\n',
    );
    expect(files[0]?.mode).toBe(0o755);
  });

  it('a script for the first stage of runit where there is a place for it', () => {
    const host = fakeHost();
    host.files.addDirectory('/etc/runit/core-services');
    host.files.addDirectory('/var/service');
    expect(Object.keys(texts(runitFiles(host)))).toEqual(['/etc/runit/core-services/90-anyarch-binfmt.sh']);
  });

  it('else a supervised service, and nothing where there is neither', () => {
    const host = fakeHost();
    expect(runitFiles(host)).toBeUndefined();
    host.files.addDirectory('/etc/service');
    expect(Object.keys(texts(runitFiles(host)))).toEqual([
      '/etc/sv/anyarch-binfmt/run',
      '/etc/sv/anyarch-binfmt/finish',
      '/etc/service/anyarch-binfmt',
    ]);
  });

  it('the state of a supervised service outside of /etc where runit has a place for it', () => {
    const host = fakeHost();
    host.files.addDirectory('/etc/service');
    host.files.addDirectory('/run/runit');
    expect(texts(runitFiles(host))['/etc/sv/anyarch-binfmt/supervise']).toEqual({
      link: '/run/runit/supervise.anyarch-binfmt',
    });
  });

  it('nothing beside the configuration where systemd does everything', () => {
    expect(systemdUnits({ hasBinfmt: true, unregisters: true, mounts: [] })).toEqual([]);
  });

  it.each([
    [
      { unregisters: false, mounts: [] },
      ['[Service]', 'ExecStop=-/bin/sh /usr/local/lib/anyarch/binfmt.sh stop'],
    ],
    [
      { unregisters: true, mounts: ['/usr/local/lib/anyarch', '/data'] },
      ['[Unit]', 'RequiresMountsFor=/usr/local/lib/anyarch /data'],
    ],
  ])('a drop-in for what is missing: %j', (facts, expected) => {
    const [file] = systemdUnits({ hasBinfmt: true, ...facts });
    expect(file?.path).toBe('/etc/systemd/system/systemd-binfmt.service.d/anyarch.conf');
    const lines = (file?.content as string).split('\n');
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual(expected);
  });

  it('a unit of its own where systemd-binfmt is absent', () => {
    const files = texts(systemdUnits({ hasBinfmt: false, unregisters: false, mounts: [] }));
    expect(files['/etc/systemd/system/anyarch-binfmt.service']).toContain('ExecStop=/bin/sh ');
    expect(files['/etc/systemd/system/sysinit.target.wants/anyarch-binfmt.service']).toEqual({
      link: '/etc/systemd/system/anyarch-binfmt.service',
    });
  });

  it('a shell program that has no unfilled places', () => {
    expect(shellProgramText()).not.toMatch(/undefined|\$\{(?!1##|rule##)/);
  });
});
