import type { FakeFile, FakeNode } from './fake-node.ts';
import type { Credentials, Place } from './fake-tree.ts';

/** What the methods work on. */
export interface FakeState {
  readonly credentials: Credentials;
  readonly now: () => number;
  readonly find: (call: string, path: string, follow?: boolean) => Place;
  readonly create: <Kind extends FakeNode['kind']>(
    kind: Kind,
    mode: number,
  ) => Omit<FakeFile, 'kind' | 'data' | 'executing'> & { kind: Kind };
}
