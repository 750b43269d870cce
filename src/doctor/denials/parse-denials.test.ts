import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDenials } from './parse-denials.ts';

/** As ausearch and the kernel's log print them. */
const selinux =
  'type=AVC msg=audit(1700000000.123:456): avc:  denied  { read execute } for  pid=4711 comm="uname" path="/usr/bin/qemu-aarch64-static" dev="overlay" ino=1835273 scontext=system_u:system_r:container_t:s0:c13,c862 tcontext=system_u:object_r:container_file_t:s0:c1022,c1023 tclass=file permissive=0';
const permissive =
  'audit: type=1400 audit(1700000001.500:457): avc:  denied  { execmem } for  pid=1 comm=71656D752D61726D2076 scontext=system_u:system_r:container_t:s0:c1,c2 tcontext=system_u:system_r:container_t:s0:c1,c2 tclass=process permissive=1';
const apparmor =
  '[  123.456789] audit: type=1400 audit(1700000002.000:5): apparmor="DENIED" operation="exec" class="file" profile="docker-default" name="/usr/bin/qemu-arm" pid=1 comm="sh" requested_mask="x" denied_mask="x" fsuid=0 ouid=0';
const seccomp =
  'type=SECCOMP msg=audit(1700000003.000:6): auid=4294967295 uid=0 gid=0 ses=4294967295 pid=9 comm="qemu-s390x" exe="/usr/bin/qemu-s390x" sig=31 arch=c000003e syscall=435 compat=0 ip=0x7f code=0x80000000AUID="unset"';

it.each([
  [selinux, 'selinux', ['read', 'execute'], false, { path: '/usr/bin/qemu-aarch64-static', comm: 'uname' }],
  [permissive, 'selinux', ['execmem'], true, { comm: 'qemu-arm v' }],
  [apparmor, 'apparmor', ['exec'], false, { profile: 'docker-default', name: '/usr/bin/qemu-arm' }],
  [seccomp, 'seccomp', ['435'], false, { exe: '/usr/bin/qemu-s390x', sig: '31' }],
])('reads %s', (line, by, refused, isPermissive, fields) => {
  const [found, ...others] = parseDenials(`before\n${line}\nafter`);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ by, refused, isPermissive, line });
  expect(Object.fromEntries(found!.fields)).toMatchObject(fields);
  expect(found!.at).toBeGreaterThanOrEqual(1_700_000_000);
});

it('leaves out what was granted, logged or is something else', () => {
  const text = [
    selinux.replace('denied', 'granted'),
    apparmor.replace('DENIED', 'STATUS'),
    'type=SYSCALL msg=audit(1700000000.123:456): arch=c000003e syscall=59 success=no exit=-13',
    'exec /bin/true: permission denied',
  ].join('\n');
  expect(parseDenials(text)).toEqual([]);
  expect(parseDenials(seccomp.replace('0x80000000', '0x7ffc0000'))[0]).toMatchObject({ isPermissive: true });
});

it('never throws, and gives no more denials than there are lines', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'avc:  denied  {',
      '}',
      'apparmor="DENIED"',
      'type=1326',
      'comm=',
      '"',
      'audit(',
      '\n',
      '=',
      ' ',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      expect(parseDenials(text).length).toBeLessThanOrEqual(text.split('\n').length);
    }),
  );
});

it('takes no time for a long line', () => {
  const start = performance.now();
  parseDenials(`avc: denied { ${'a=b '.repeat(500_000)}`);
  expect(performance.now() - start).toBeLessThan(1000);
});
