import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { nodeFiles } from '../../src/host/node/node-files.ts';
import { describeFiles } from '../contract/files.ts';
import type { FilesSubject } from '../contract/files.ts';
import { describeLinks } from '../contract/links.ts';
import { openPrivateTable } from '../support/private-table.ts';
import type { PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const tmpfsMagic = 0x01021994;
let directory: string;
let inside: PrivateTable;

beforeAll(async () => {
  directory = temporaryDirectory('files');
  inside = await openPrivateTable();
});
afterAll(() => inside.close());

describeFiles('the real file system', (): FilesSubject => {
  const own = mkdtempSync(`${directory}/case-`);
  const mounts = mkdtempSync(`${directory}/mounts-`);
  const seen = (path: string) => `/proc/${inside.pid}/root${path}`;
  const mount = (name: string, options: string, fill: (path: string) => void = () => undefined): string => {
    const path = `${mounts}/${name}`;
    mkdirSync(path);
    inside.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', path]);
    fill(seen(path));
    inside.run(['mount', '-o', `remount,bind,${options}`, path]);
    return seen(path);
  };
  return {
    files: nodeFiles,
    directory: own,
    smallDirectory: mount('small', 'rw'),
    readOnlyDirectory: mount('readonly', 'ro', (path) => {
      nodeFiles.writeAtomic(`${path}/present`, new Uint8Array());
    }),
    noExecuteDirectory: mount('noexec', 'noexec', (path) => {
      nodeFiles.writeAtomic(`${path}/program`, new Uint8Array(), 0o755);
    }),
    smallType: tmpfsMagic,
  };
});

describeLinks('the real file system', () => ({
  files: nodeFiles,
  directory: mkdtempSync(`${directory}/links-`),
  addLink: (path, target) => {
    symlinkSync(target, path);
  },
}));
