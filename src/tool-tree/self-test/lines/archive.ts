import type { Lines } from './lines.ts';

const owned = '--owner=0 --group=0 --numeric-owner --mtime=@1 --sort=name';

export const archiveLines: Lines = {
  tar: [
    'tar --version',
    `cp -r "$IN"/tree t; ln -s a t/l; ln t/a t/h; for f in gnu ustar v7 oldgnu; do tar -H $f ${owned} -cf $f.tar t; done; tar -H pax --pax-option=delete=atime,delete=ctime ${owned} -cf pax.tar t; tar -tvf gnu.tar; mkdir x; tar -C x -xf pax.tar; find x -newermt 1990-01-01; touch -d @1 x/t x/t/*; tar -df pax.tar -C x; tar -cf - t --exclude=deep ${owned} | tar -tf -; tar -xOf gnu.tar t/b.c; tar -tf "$IN"/bytes; tar -cf y.tar nothing`,
    `mkdir d; cp "$IN"/utf8 'd/ä é'; truncate -s 3M d/sparse; echo x >> d/sparse; i=$(printf '%0120d' 7); touch "d/$i"; tar -S ${owned} -cf s.tar d; tar -tf s.tar; rm -r d; tar -xf s.tar; stat -c %s d/sparse; rm d/sparse; tar -czf z.tgz ${owned} d; tar -cJf z.txz ${owned} d; tar -tf z.txz; tar --delete -f s.tar 'd/ä é'; tar -rf s.tar ${owned} "$IN"/text; tar --transform 's,^,p/,' ${owned} -cf r.tar d`,
  ],
  gzip: [
    'gzip --version',
    'for l in 1 6 9; do gzip -n -$l -c "$IN"/long > $l.gz; done; gzip -l 6.gz; gzip -dc 1.gz | cmp - "$IN"/long; gzip --rsyncable -nc "$IN"/long | cksum; cp "$IN"/bytes b; touch -d @7 b; gzip -v b; gzip -t b.gz; gzip -d "$IN"/text; gzip -dc "$IN"/bytes',
  ],
  bzip2: [
    'bzip2 --help < /dev/null',
    'bzip2 -1c "$IN"/long > 1.bz2; bzip2 -9c "$IN"/long > 9.bz2; bzip2 -dc 1.bz2 | cmp - "$IN"/long; bzip2 -t 9.bz2; cp "$IN"/bytes b; bzip2 -v b; bzip2 -dc "$IN"/text',
  ],
  xz: [
    'xz --version',
    'for l in 0 6 9e; do xz -$l -c "$IN"/long > $l.xz; done; xz -T2 --block-size=20KiB -c "$IN"/long > t.xz; xz -l t.xz; xz -dc 6.xz | cmp - "$IN"/long; xz --format=lzma -c "$IN"/long > l.lzma; xz --check=sha256 -c "$IN"/bytes > c.xz; xz -t 0.xz c.xz; xz --arm64 --lzma2 -c "$IN"/long > f.xz; xz -dc "$IN"/bytes; xz -T1 -9 -c "$IN"/text > 1.xz',
  ],
  zstd: [
    'zstd --help',
    'for l in 1 3 9 19; do zstd -q -$l -c "$IN"/long > $l.zst; done; zstd -q -T2 -c "$IN"/long > t.zst; zstd -q --ultra -22 -c "$IN"/long > u.zst; zstd -dqc 3.zst | cmp - "$IN"/long; zstd -q --no-check -c "$IN"/bytes > c.zst; zstd -tq 1.zst; zstd -lq 3.zst; zstd -dqc "$IN"/text; zstd -q --format=gzip -c "$IN"/bytes > g.gz',
  ],
};
