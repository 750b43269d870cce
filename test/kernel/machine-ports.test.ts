import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anyarch, withJson } from '../support/engines/cli.ts';
import { installPackage } from '../support/engines/package.ts';
import { describeWith, needs, type Requirement } from '../support/engines/requirements.ts';
import { createUserHome, runAsUser } from '../support/engines/user.ts';

/** There is no such image: who hears of that has been let past the ports, and nothing has been fetched for it. */
const create = (port: string): string[] => [
  ...['machine', 'create', 'demo', '-a', 'arm64', '--image', '/nowhere.qcow2'],
  ...['--port', port, '--no-fetch', '--json'],
];

/** Docker gives its containers 0. */
const needsRootsPorts: Requirement = {
  missing: () =>
    Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) > 22
      ? undefined
      : 'needs ports that are root’s: net.ipv4.ip_unprivileged_port_start above 22',
};

describeWith([needs.root, needs.testUser, needsRootsPorts], 'a port that is root’s', () => {
  const asOrdinaryUser = async (port: string): Promise<unknown> => {
    const command = [await installPackage(), ...create(port)];
    return withJson(await runAsUser(createUserHome(), command)).json();
  };

  test('is refused to a user before anything is fetched for the machine', async () => {
    expect(await asOrdinaryUser('127.0.0.1:22:22')).toMatchObject({
      error: {
        code: 'ANYARCH_PERMISSION',
        message: 'port 22 of 127.0.0.1 is for root only',
        hint: expect.stringContaining('net.ipv4.ip_unprivileged_port_start=22') as string,
      },
    });
  });

  test('is none above 1023, and root may have it', async () => {
    const noImage = { error: { code: 'ANYARCH_FILE', message: '/nowhere.qcow2 is not there' } };
    expect(await asOrdinaryUser('127.0.0.1:2222:22')).toMatchObject(noImage);
    expect((await anyarch(create('127.0.0.1:22:22'))).json()).toMatchObject(noImage);
  });
});
