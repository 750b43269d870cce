import { expect, test } from 'vitest';
import { fstabScript } from '../../src/machine/mounts/tell-guest.ts';
import type { Mount } from '../../src/machine/record.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { runInPrivateRoot } from '../support/private-root.ts';

/** virtiofs is in guests only: a tmpfs of the same name, mounted at what fstab says, takes its place. */
const standIn = `mkdir /stand-in
cat >/stand-in/mount <<'END'
#!/bin/sh
tag=$(awk -v target="$1" '$2 == target { print $1 }' /etc/fstab)
exec /usr/bin/mount -t tmpfs "$tag" "$1"
END
chmod 755 /stand-in/mount
PATH=/stand-in:$PATH
`;

/** As cloud-init leaves it, with a line of the user's. */
const before = `cat >/etc/fstab <<'END'
UUID=1234 / ext4 defaults 0 1
anyarch0\t/gone\tvirtiofs\trw,nofail,comment=cloudconfig\t0\t2
anyarch1\t/srv/stays\tvirtiofs\trw,nofail,comment=cloudconfig\t0\t2
# of the user: anyarch0 /gone
END
chmod 640 /etc/fstab
`;

const mount = (target: string, number: number, isReadOnly = false): Mount => ({
  source: '/data',
  target,
  isReadOnly,
  number,
});
const wanted = [mount('/srv/stays', 1), mount('/srv/$new*[a]', 2, true)];

async function inGuest(script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await runInPrivateRoot({ script: `${standIn}${before}${script}` });
  return exitCode === 0 ? stdout.trim() : `${stdout}${stderr}code ${String(exitCode)}`;
}

/** Its own shell, as in the guest. */
const tell = (mounts: readonly Mount[]): string => `sh <<'TOLD'\n${fstabScript(mounts)}\nTOLD\n`;
const mounted = "awk '$1 ~ /^anyarch/ { print $1, $2 }' /proc/mounts\n";

describeWith([needs.root], 'what a guest mounts', () => {
  test('is changed in its fstab, where all other lines stay, and mounted', async () => {
    const said = await inGuest(
      `${tell(wanted)}cat /etc/fstab; stat -c %a /etc/fstab; ls /etc/fstab*; ${mounted}`,
    );
    expect(said.split('\n')).toEqual([
      'UUID=1234 / ext4 defaults 0 1',
      '# of the user: anyarch0 /gone',
      'anyarch2 /srv/$new*[a] virtiofs ro,nofail 0 0',
      'anyarch1 /srv/stays virtiofs rw,nofail 0 0',
      '640',
      '/etc/fstab',
      'anyarch2 /srv/$new*[a]',
      'anyarch1 /srv/stays',
    ]);
  });

  test('is not touched when it is so already, and not mounted twice', async () => {
    const look = 'stat -c %i /etc/fstab\n';
    const [first, second, ...mounts] = (
      await inGuest(`${tell(wanted)}${look}${tell(wanted)}${look}${mounted}`)
    ).split('\n');
    expect(second).toBe(first);
    expect(mounts).toHaveLength(2);
    const [one, other] = (await inGuest(`${look}${tell([])}${look}`)).split('\n');
    expect(other).not.toBe(one);
  });

  test('is nothing any more when there is nothing, also behind a link', async () => {
    const link = 'mv /etc/fstab /etc/real; ln -s real /etc/fstab\n';
    expect(await inGuest(`${link}${tell([])}cat /etc/real; readlink /etc/fstab; ${mounted}`)).toBe(
      'UUID=1234 / ext4 defaults 0 1\n# of the user: anyarch0 /gone\nreal',
    );
    expect(await inGuest(`rm /etc/fstab\n${tell(wanted.slice(0, 1))}cat /etc/fstab`)).toBe(
      'anyarch1 /srv/stays virtiofs rw,nofail 0 0',
    );
  });

  test('says what could not be mounted, after all the others', async () => {
    const taken = 'touch /srv/stays\n';
    const said = await inGuest(`${taken}if ${tell(wanted)}then echo good; else ${mounted} fi`);
    expect(said).toBe('anyarch2 /srv/$new*[a]');
  });

  test('is right when two commands tell it at the same time', async () => {
    const twice = `sh /told & sh /told; code=$?; wait $! && [ $code = 0 ] || echo failed\n`;
    const said = await inGuest(`cat >/told <<'TOLD'
${fstabScript(wanted)}
TOLD
for turn in $(seq 20); do
  ${before}  ${twice}
  /usr/bin/mount | grep -c ' on /srv/'; grep -vc '^anyarch' /etc/fstab; grep -c '^anyarch' /etc/fstab
  umount /srv/stays '/srv/$new*[a]'
done | sort | uniq -c
ls /etc/fstab*`);
    expect(said.split('\n').map((line) => line.trim())).toEqual(['60 2', '/etc/fstab']);
  });

  test('keeps lines of the user’s that are in no encoding', async () => {
    const line = `printf 'LABEL=d /srv/caf\\351 ext4 nofail 0 2\\n' >>/etc/fstab\n`;
    const said = await inGuest(`${line}export LC_ALL=C.UTF-8\n${tell(wanted)}grep -ac LABEL=d /etc/fstab`);
    expect(said).toBe('1');
  });

  test('is mounted below others after these', async () => {
    const nested = [mount('/srv/stays/deep/er', 5), mount('/srv/stays/deep', 4), ...wanted];
    const first = tell([mount('/srv/stays/deep/er', 5)]);
    const said = await inGuest(`${first}${tell(nested)}
for path in /srv/stays /srv/stays/deep /srv/stays/deep/er; do stat -f -c %T $path; findmnt -no SOURCE --target $path; done; ${mounted}`);
    expect(said.split('\n')).toEqual([
      ...['tmpfs', 'anyarch1', 'tmpfs', 'anyarch4', 'tmpfs', 'anyarch5'],
      'anyarch2 /srv/$new*[a]',
      'anyarch1 /srv/stays',
      'anyarch4 /srv/stays/deep',
      'anyarch5 /srv/stays/deep/er',
    ]);
  });

  test('is as it was when there is no space for it', async () => {
    const full = 'mkdir /small; /usr/bin/mount -t tmpfs -o size=4k small /small\n';
    const fill = 'cat /etc/fstab >/small/fstab; ln -sf /small/fstab /etc/fstab\n';
    const said = await inGuest(
      `${full}${fill}if ${tell(wanted)}then echo good; fi; cat /small/fstab; ls /small; ${mounted}`,
    );
    expect(said).toContain('anyarch0\t/gone');
    expect(said).not.toContain('good');
    expect(said).not.toContain('anyarch2');
  });
});
