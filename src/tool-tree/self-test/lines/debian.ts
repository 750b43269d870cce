import type { Lines } from './lines.ts';

const control =
  'mkdir -p p/DEBIAN p/usr/share/x; printf \'Package: p\\nVersion: 1\\nArchitecture: all\\nMaintainer: a <a@b>\\nDescription: x\\n\' > p/DEBIAN/control; cp "$IN"/long p/usr/share/x/long; ln -s long p/usr/share/x/l; chmod -R u=rwX,go=rX p; find p -exec touch -h -d @1 {} +; export SOURCE_DATE_EPOCH=1';

export const debianLines: Lines = {
  'dpkg-deb': [
    'dpkg-deb --help',
    `${control}; dpkg-deb --root-owner-group -b p p.deb; for z in none gzip xz zstd; do dpkg-deb --root-owner-group -Z$z -b p $z.deb; done; dpkg-deb -I p.deb; dpkg-deb -c gzip.deb; dpkg-deb -f p.deb Package Version; dpkg-deb -x xz.deb x; dpkg-deb -e p.deb e; dpkg-deb -W p.deb; dpkg-deb --fsys-tarfile zstd.deb | cksum; dpkg-deb -R p.deb r; dpkg-deb -I "$IN"/text; dpkg-deb -b nothing`,
  ],
  'dpkg-split': [
    'dpkg-split --help',
    `${control}; dpkg-deb --root-owner-group -Znone -b p p.deb; dpkg-split -s -S 40 p.deb q; dpkg-split -I q.*; dpkg-split -j -o j.deb q.*; cmp j.deb p.deb; dpkg-split -I "$IN"/text`,
  ],
};
