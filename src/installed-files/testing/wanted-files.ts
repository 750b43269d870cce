import { encodeUtf8, decodeUtf8 } from '../../core/text.ts';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import type { WantedFile } from '../index.ts';
import { sha256 } from '../sha256.ts';

export const state = '/var/lib/anyarch';

export const conf = (name: string, text: string): WantedFile => ({
  path: `/etc/binfmt.d/${name}.conf`,
  content: text,
});

export function prepared(): FakeHost {
  const host = fakeHost();
  host.files.addDirectory('/etc');
  host.files.addDirectory('/usr/local/lib');
  host.files.addFile('/etc/binfmt.d/theirs.conf', 'theirs');
  host.files.addFile('/store/qemu', 'emulator');
  return host;
}

export const copy: WantedFile = {
  path: '/usr/local/lib/anyarch/emulators-1/qemu-arm',
  content: { copyOf: '/store/qemu', sha256: sha256(encodeUtf8('emulator')) },
  mode: 0o755,
};
export const link: WantedFile = { path: '/usr/local/lib/anyarch/current', content: { link: 'emulators-1' } };

export const read = (host: Pick<FakeHost, 'files'>, path: string): string =>
  decodeUtf8(host.files.read(path));
export const kinds = (actions: readonly { kind: string }[]) => actions.map(({ kind }) => kind);
