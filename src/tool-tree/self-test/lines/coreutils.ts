import type { Lines } from './lines.ts';

const checksum = (name: string): readonly string[] => [
  `${name} --version`,
  `${name} "$IN"/text "$IN"/bytes; ${name} < "$IN"/long`,
  `${name} --tag "$IN"/bytes; ${name} "$IN"/* > sums; ${name} -c sums; ${name} /nothing`,
];

/** Bytes above 0x7f are in most of them: char is signed on x86 and unsigned on arm. */
export const coreutilsLines: Lines = {
  ...Object.fromEntries(
    ['b2sum', 'md5sum', 'sha1sum', 'sha224sum', 'sha256sum', 'sha384sum', 'sha512sum'].map((name) => [
      name,
      checksum(name),
    ]),
  ),
  sum: ['sum --version', 'sum -r "$IN"/bytes; sum -s "$IN"/*'],
  cksum: [
    'cksum --version',
    'cksum "$IN"/*; cksum < "$IN"/bytes; cksum -a sha256 "$IN"/text; cksum -a bsd "$IN"/text',
  ],
  base32: [
    'base32 --version',
    'base32 "$IN"/bytes | tee x; base32 -d x | cmp - "$IN"/bytes; base32 -d "$IN"/text',
  ],
  base64: [
    'base64 --version',
    'base64 -w 60 "$IN"/bytes | tee x; base64 -d x | cmp - "$IN"/bytes; base64 -d "$IN"/text',
  ],
  cat: [
    'cat --version',
    'cat -A "$IN"/text "$IN"/bytes; cat -n "$IN"/text; cat -s "$IN"/text - < "$IN"/bytes; cat /nothing',
  ],
  comm: ['comm --version', 'comm "$IN"/text "$IN"/other; comm -12 --nocheck-order "$IN"/text "$IN"/text'],
  csplit: ['csplit --version', 'csplit "$IN"/text 3 /same/ "{1}"; csplit -f y "$IN"/numbers 100 "{2}"'],
  cut: [
    'cut --version',
    'cut -d: -f1,3 "$IN"/table; cut -b2-4 "$IN"/utf8; cut -c1-3 --output-delimiter=. "$IN"/bytes; cut -f x',
  ],
  dd: [
    'dd --version',
    'dd if="$IN"/bytes of=x bs=100 count=3 skip=1 status=none; dd if="$IN"/text conv=ucase,swab status=none; dd if="$IN"/bytes bs=7 conv=sync,ebcdic status=none',
  ],
  expand: ['expand --version', 'expand -t 3,9 "$IN"/text; expand "$IN"/bytes'],
  unexpand: ['unexpand --version', 'unexpand -a -t 2 "$IN"/text; unexpand "$IN"/bytes'],
  fmt: ['fmt --version', 'fmt -w 30 "$IN"/text; fmt -s "$IN"/utf8'],
  fold: ['fold --version', 'fold -w 11 -s "$IN"/text; fold -b -w 13 "$IN"/bytes'],
  head: [
    'head --version',
    'head -n 2 "$IN"/text "$IN"/table; head -c -900 "$IN"/bytes; head -n -3 "$IN"/text; head -c 1K "$IN"/long',
  ],
  tail: ['tail --version', 'tail -n 2 "$IN"/text "$IN"/table; tail -c 20 "$IN"/bytes; tail -n +7 "$IN"/text'],
  join: ['join --version', 'sort "$IN"/table > t; join -t: t t; join -t: -a1 -o 1.1,2.2 t "$IN"/text'],
  nl: ['nl --version', 'nl -ba "$IN"/text; nl -s: -w3 "$IN"/bytes'],
  paste: ['paste --version', 'paste -d: "$IN"/text "$IN"/table; paste -s "$IN"/table'],
  ptx: ['ptx --version', 'ptx "$IN"/text'],
  split: [
    'split --version',
    'split -l 100 -a 3 "$IN"/numbers p; split -n 3 -d "$IN"/bytes q; split -b 500 "$IN"/bytes r',
  ],
  tac: ['tac --version', 'tac "$IN"/text "$IN"/table; tac -s : "$IN"/table; tac "$IN"/bytes'],
  tee: ['tee --version', 'tee x y < "$IN"/bytes; tee -a x < "$IN"/text'],
  tr: [
    'tr --version',
    `tr a-z A-Z < "$IN"/text; tr -d '\\200-\\377' < "$IN"/bytes; tr -cs '[:alnum:]' '[\\n*]' < "$IN"/utf8; tr -s ' \\t' < "$IN"/text; tr '\\001-\\277' '\\101-\\377' < "$IN"/bytes`,
  ],
  tsort: ['tsort --version', 'printf "a b\\nb c\\na d\\n" | tsort; printf "a b\\nb a\\n" | tsort'],
  uniq: ['uniq --version', 'uniq -c "$IN"/text; uniq -d -i "$IN"/other; sort "$IN"/bytes | uniq -u'],
  wc: [
    'wc --version',
    'wc "$IN"/*; wc -L -m "$IN"/utf8; LC_ALL=C.UTF-8 wc -m "$IN"/utf8; wc -l < "$IN"/bytes',
  ],
  basename: ['basename --version', 'basename /a/b.c .c; basename -a x/y z/; basename'],
  dirname: ['dirname --version', 'dirname /a/b/c a / //x; dirname'],
  echo: ['env echo --version', `env echo -e 'a\\tb\\0101\\xff' -n; env echo -n x`],
  expr: [
    'expr --version',
    `expr 9223372036854775807 + 1; expr -7 / 2; expr -7 % 2; expr abc : 'a\\(.\\)'; expr length "$(cat "$IN"/utf8)"; expr 1 / 0; expr a \\< b; expr 99999999999999999999 '*' 99999999999999999999`,
  ],
  false: ['env false', 'env false --version'],
  true: ['env true', 'env true --version'],
  pathchk: ['pathchk --version', 'pathchk -p a/b "a b"; pathchk -P -- -x'],
  pwd: ['env pwd --version', 'mkdir d; ln -s d l; cd l; env pwd; env pwd -L; env pwd -P'],
  sleep: ['sleep --version', 'sleep 0.01; sleep 0 0s; sleep x; sleep -1'],
  test: [
    'env test 1 -lt 2',
    'env test -d /; echo $?; env test a = b; echo $?; env test "$IN"/a -nt "$IN"/b; echo $?; env test 1 -eq x',
  ],
  'test-bracket': ['env [ --version', 'env [ -f "$IN"/text ]; echo $?; env [ 3 -gt 12 ]; echo $?; env [ a'],
  yes: ['yes --version', 'yes | head -n 3; yes a b | head -c 5000 | cksum'],
  link: ['link --version', 'cp "$IN"/text a; link a b; link a b; link'],
  unlink: ['unlink --version', 'cp "$IN"/text a; unlink a; unlink a'],
  ln: [
    'ln --version',
    'cp "$IN"/text a; ln -s a b; ln -sf ../a b; ln -sr "$IN"/text r; ln a c; ln -v a d; ln a b',
  ],
  mkdir: ['mkdir --version', 'mkdir -p a/b/c; mkdir -m 711 d; mkdir -v e; mkdir a; mkdir x/y'],
  rmdir: ['rmdir --version', 'mkdir -p a/b c; rmdir -p a/b; rmdir -v c; rmdir c'],
  mkfifo: ['mkfifo --version', 'mkfifo -m 640 f; mkfifo f'],
  mktemp: [
    'mktemp --version',
    'f=$(mktemp ./tXXXXXXXX); test -f "$f"; d=$(mktemp -d --tmpdir=.); rm -r "$f" "$d"; mktemp tX; mktemp -u x.XXXXXX | wc -c',
  ],
  mv: ['mv --version', 'cp "$IN"/text a; mv a b; mkdir d; mv -v b d; mv -n d/b c; mv c c; mv x y'],
  rm: ['rm --version', 'cp -r "$IN"/tree t; rm -r t; touch a b; rm -v a b; rm -f c; rm c; rm .'],
  sync: ['sync --version', 'cp "$IN"/text a; sync a; sync -d b'],
  touch: [
    'touch --version',
    'touch -d 2001-02-03T04:05:06Z a; stat -c %Y a; touch -d @4000000000.5 b; stat -c %y b; touch -r a b; stat -c %Y b; touch -t 190101010101 c; stat -c %Y c; touch -d nonsense d',
  ],
  truncate: [
    'truncate --version',
    'truncate -s 5K a; truncate -s +3 a; truncate -s %512 a; truncate -s 5G b; stat -c "%s %b" b; rm b; truncate',
  ],
  env: [
    'env --version',
    'env -i A=1 B=2 C="x y" env; env -u HOME sh -c "echo [$HOME]"; env -S "echo a b"; env nothing; env -C "$IN" cat tree/a',
  ],
  nice: ['nice --version', 'nice; nice -n 3 nice; nice -n 1 sh -c "exit 7"; nice nothing'],
  nohup: ['nohup --version', 'nohup echo a; nohup sh -c "exit 3"; nohup nothing'],
  printenv: ['printenv --version', 'env -i A=1 B=2 printenv; printenv HOME; printenv NOTHING'],
  timeout: [
    'timeout --version',
    'timeout 10 echo a; timeout 0.05 sleep 5; timeout -s KILL 0.05 sleep 5; timeout 5 sh -c "exit 9"; timeout x y',
  ],
  chgrp: ['chgrp --version', 'touch a; chgrp root a; chgrp -v 0 a; chgrp nogroupatall a'],
  chmod: [
    'chmod --version',
    'touch a b c; chmod 4751 a; chmod u=rw,g+x,o= b; chmod -v a-r c; chmod 999 c; mkdir d; chmod +t d',
  ],
  chown: ['chown --version', 'touch a; chown root a; chown -v 0:0 a; chown nobodyatall a'],
  cp: [
    'cp --version',
    'cp -r "$IN"/tree t; cp -a t u; cp -v "$IN"/text a; cp -l a b; cp -s "$IN"/bytes c; cp --sparse=always "$IN"/long d; cp -p a /nothing/a; cp "$IN"/tree e',
  ],
  install: [
    'install --version',
    'install -d -m 750 d/e; install -m 644 -v "$IN"/text d/t; install -D "$IN"/bytes x/y/z; install -p -m 4755 "$IN"/hello.c s; install',
  ],
  id: ['id --version', 'id; id -u; id -Gn; id root; id nobodyatall'],
  groups: ['groups --version', 'groups; groups root; groups nobodyatall'],
  whoami: ['whoami --version', 'whoami; whoami x'],
  stat: [
    'stat --version',
    'cp "$IN"/text a; chmod 641 a; touch -d @5 a; stat -c "%a %A %F %h %n %s %u %g %U %G %X %Y %t" a /dev/null; stat -Lc %F /; stat --printf "%s\\n\\t%N\\n" a; stat b',
  ],
  date: [
    'date --version',
    'date -u -d @0; date -u -d @4102444800 +%c; TZ=Europe/Berlin date -d @1700000000; TZ=XYZ-5:30 date -d "2024-02-29 +1 year" -R; date -u -d "2001-01-01 12:00:01.123456789" +%s.%N,%j,%U,%G-%V,%a; date -u -d -@99999999999 +%F; date -u -d @99999999999999999; date -d nonsense',
  ],
  ls: [
    'ls --version',
    'cp -r "$IN"/tree t; touch -d @1000000000 t t/a t/b.c; ls -1R t; ls -a; cd t; ls -ln a b.c | cut -c1-30; ls -sh --time-style=+%s -l a; ls -F; ls -x; ls -Q; ls nothing; LC_ALL=C.UTF-8 ls -1 "$IN"; ls --color=always -d .',
  ],
  readlink: [
    'readlink --version',
    'ln -s a b; ln -s b c; readlink b; readlink -f c; readlink -e c; readlink -m x/../y; readlink .',
  ],
  realpath: [
    'realpath --version',
    'ln -s . b; realpath b/c; realpath --relative-to=/usr /usr/bin/sh; realpath -e x; realpath -s b',
  ],
  sort: [
    'sort --version',
    'sort "$IN"/text "$IN"/bytes; sort -n "$IN"/numbers | cksum; sort -r -u "$IN"/other; sort -nr "$IN"/numbers | tail -n 3; sort -V "$IN"/table; LC_ALL=C.UTF-8 sort "$IN"/utf8; sort -o x "$IN"/long; sort -z "$IN"/bytes; sort -t: x; sort /nothing',
    `sort -t: -k2,2n "$IN"/table; sort -sg "$IN"/numbers | tail -n 2; printf '1.00000000000000000000000000001\\n1\\n' | sort -sg; printf 'x 1.00000000000000000000000000001\\nx 1\\n' | sort -s -rk2g; sort -c "$IN"/text; sort -h "$IN"/table; sort -M "$IN"/text; sort --sort=general-numeric "$IN"/table`,
  ],
};
