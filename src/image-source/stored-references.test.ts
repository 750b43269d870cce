import { expect, it } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { storedReferences } from './stored-references.ts';

const id = `@sha256:${'5'.repeat(64)}`;
const stored = [
  'docker.io/library/alpine:latest',
  'localhost:5000/team/app:2',
  'oci:/srv/images/layout:v1',
  'oci-archive:/srv/a.tar',
  '/srv/images/layout',
  `containers-storage:localhost/bb:arm64${id}`,
  `docker-daemon:bb${id}`,
];

it.each([
  ['alpine', [0]],
  ['docker://alpine:latest', [0]],
  ['docker.io/library/alpine:latest', [0]],
  ['alpine:3', []],
  ['localhost:5000/team/app:2', [1]],
  ['oci:images/layout:v1', [2]],
  ['oci:images/layout', []],
  ['oci-archive:./a.tar', [3]],
  ['./images/layout', [4]],
  ['images/layout', [4]],
  ['containers-storage:localhost/bb:arm64', [5]],
  [`containers-storage:localhost/bb:arm64${id}`, [5]],
  ['containers-storage:localhost/bb', []],
  ['docker-daemon:bb', [6]],
  ['0123456789ab', []],
  ['///', []],
])('%s means %j', (text, expected) => {
  const host = fakeHost();
  const found = storedReferences(host, stored, text, '/srv');
  expect(found).toEqual(expected.map((index) => stored[index]));
});
