import type { Lines } from './lines.ts';

const control =
  'mkdir -p p/DEBIAN p/usr/share/x; printf \'Package: p\\nVersion: 1\\nArchitecture: all\\nMaintainer: a <a@b>\\nDescription: x\\n\' > p/DEBIAN/control; cp "$IN"/long p/usr/share/x/long; ln -s long p/usr/share/x/l; chmod -R u=rwX,go=rX p; find p -exec touch -h -d @1 {} +; export SOURCE_DATE_EPOCH=1';

/** A database of its own: what is installed there has scripts in the guest's shell. */
const database =
  'mkdir -p r/var/lib/dpkg/info r/var/lib/dpkg/updates r/var/lib/dpkg/triggers r/bin; : > r/var/lib/dpkg/status; D="dpkg --force-not-root --force-script-chrootless --force-bad-path --instdir=$PWD/r --admindir=$PWD/r/var/lib/dpkg"; Q="dpkg-query --admindir=$PWD/r/var/lib/dpkg"';
/** Two packages, one for the guest's architecture only. */
const packages = `${control}; A=$(dpkg --print-architecture); cp -r p q; printf 'Package: q\nVersion: 1:2~rc1-3\nArchitecture: %s\nMulti-Arch: same\nMaintainer: a <a@b>\nDepends: p (>= 1)\nConffiles:\n /etc/q.conf 0\nDescription: x\n' $A > q/DEBIAN/control; rm -r q/usr; mkdir -p q/etc q/usr/share/ä; echo one > q/etc/q.conf; echo ü > q/usr/share/ä/ö; echo /etc/q.conf > q/DEBIAN/conffiles; printf '#!/bin/sh\necho "$0 $*" | sed s,.*/,,; echo $DPKG_MAINTSCRIPT_ARCH $DPKG_MAINTSCRIPT_PACKAGE\n' > q/DEBIAN/postinst; cp q/DEBIAN/postinst q/DEBIAN/prerm; printf 'interest-noawait /usr/share/x\n' > q/DEBIAN/triggers; chmod 755 q/DEBIAN/p*; find q -exec touch -h -d @1 {} +; for n in p q; do dpkg-deb --root-owner-group -Znone -b $n $n.deb > /dev/null; done`;
/** Times of installing, and a lock's content, are nobody's. */
const forgotten = 'rm -f r/var/lib/dpkg/*lock* r/var/lib/dpkg/triggers/Lock';

export const debianLines: Lines = {
  dpkg: [
    'dpkg --print-architecture',
    'dpkg --version; dpkg --help; dpkg --force-help; dpkg --print-foreign-architectures; for v in "1 lt 2" "1:1~rc1 gt 1-1" "1.10 ge 1.9" "x eq y" "1 lt-nl 2"; do dpkg --compare-versions $v; echo $?; done; dpkg --validate-pkgname a_b; dpkg --validate-archname arm64; dpkg --assert-multi-arch; dpkg --nothing; dpkg -i nothing.deb',
    `${packages}; ${database}; $D -i q.deb; $D -i p.deb q.deb; $D --audit; $D -l; $D -s q; $D -L q; $D --get-selections; $D --verify; echo two > r/etc/q.conf; $D --force-confold -i q.deb; $D --add-architecture armel; $D --print-foreign-architectures; $D -r p; $D --force-depends -r p; $D -P q p; ${forgotten}`,
    `${packages}; ${database}; cat "$IN"/text > r/x; $D --unpack p.deb q.deb; $D --configure -a; $D -C; echo p hold | $D --set-selections; $D --get-selections; $D --yet-to-unpack; $D -V q; $D --remove nothing; $D -I p.deb; $D -c p.deb; $D -x q.deb x; ${forgotten}`,
  ],
  'dpkg-query': [
    'dpkg-query --version',
    `${packages}; ${database}; $D -i p.deb q.deb > /dev/null; $Q -W; $Q -l; $Q -L q; $Q -s p q; $Q -W -f '\${binary:Package} \${Architecture} \${Version} \${db:Status-Abbrev}\${Conffiles}\n' 'q*'; $Q -p p; $Q --control-list q; $Q -c q; $Q -S ö; $Q -S '*'; $Q -L nothing; $Q --help; ${forgotten}`,
  ],
  'dpkg-trigger': [
    'dpkg-trigger --version',
    `${packages}; ${database}; $D -i p.deb q.deb > /dev/null; dpkg-trigger --admindir=$PWD/r/var/lib/dpkg --by-package=p --await /usr/share/x; cat r/var/lib/dpkg/triggers/*; dpkg-trigger --check-supported; dpkg-trigger --no-act --by-package=p x; $D --triggers-only -a; $Q -W -f '\${Package} \${Status} \${Triggers-Pending}\n'; dpkg-trigger --help; ${forgotten}`,
  ],
  'dpkg-deb': [
    'dpkg-deb --help',
    `${control}; dpkg-deb --root-owner-group -b p p.deb; for z in none gzip xz zstd; do dpkg-deb --root-owner-group -Z$z -b p $z.deb; done; dpkg-deb -I p.deb; dpkg-deb -c gzip.deb; dpkg-deb -f p.deb Package Version; dpkg-deb -x xz.deb x; dpkg-deb -e p.deb e; dpkg-deb -W p.deb; dpkg-deb --fsys-tarfile zstd.deb | cksum; dpkg-deb -R p.deb r; dpkg-deb -I "$IN"/text; dpkg-deb -b nothing`,
  ],
  'dpkg-split': [
    'dpkg-split --help',
    `${control}; dpkg-deb --root-owner-group -Znone -b p p.deb; dpkg-split -s -S 40 p.deb q; dpkg-split -I q.*; dpkg-split -j -o j.deb q.*; cmp j.deb p.deb; dpkg-split -I "$IN"/text`,
  ],
};
