import type { Lines } from './lines.ts';

const dashArithmetic =
  'echo $((7/-2)) $((-7%3)) $((1<<40)) $((9223372036854775807+1)) $((0x7f^017)) $((5>3?1:2)) $((~0>>1)); echo $((1/0)); echo not reached';
const dashPrintf = `printf '%d %x %u %o %c %s %5.2f %e %g %b|%-5s|%.3f\\n' -1 -1 -1 8 A s 2.675 1e300 0.1 'a\\tb\\0377' x 1.0005; printf '%d\\n' 9223372036854775808 "'é"`;

export const baseLines: Lines = {
  dash: [
    'sh -c :',
    `sh -c '${dashArithmetic}'`,
    dashPrintf,
    `x=$(printf '\\201\\377\\210'); echo "$x"; set -- "$x"; echo \${#1} "\${1%?}"; case $x in [!a-z]*) echo high;; esac; for i in "$IN"/t*; do echo "\${i##*/}"; done`,
    `printf '%s\\n' 'f() { local a=$1; while [ "$a" -gt 0 ]; do echo "$a"; a=$((a-1)); done; }' 'f 3; trap "echo bye" EXIT; (exit 5); echo $?; cat <<E' 'a $(f 1) b' E 'read l < "$IN"/utf8; echo "$l"; eval "echo \\$0"; set -e; false; echo no' > s; sh s; sh -x s; echo $?`,
    `sh -c 'kill -l 15; umask 027; umask; echo > u; cd /; pwd; type cat; command -v sh; unset HOME; echo \${HOME-none}; \${x?unset}'; echo $?; sh -c 'kill -9 $$'; echo $?; sh nothing; sh -n s; sh -c 'if'`,
  ],
  find: [
    'find --version',
    'cp -r "$IN"/tree t; chmod 640 t/a; touch -d @1000000000 t/a; find t | sort; find t -type f -name "*.c" -exec cat "{}" +; find t -printf "%P %s %m %y %d %l\\n" | sort; find t -newermt 2020-01-01 -type f | sort; find t -perm 640 -size -2 -print0 | tr "\\0" .; find t -depth -delete; find t; find . -regex ".*/x" -o -empty; find -nothing',
  ],
  xargs: [
    'xargs --version',
    `printf 'a b\\n"c d" e\\\\ f\\n' | xargs -n 2 echo; xargs -I{} echo '[{}]' < "$IN"/table; printf 'x\\0y z\\0' | xargs -0 -t echo; printf 'a\\n' | xargs sh -c 'exit 255'; xargs -P 2 -n 100 echo < "$IN"/numbers | wc -w; xargs -s 500 echo < "$IN"/numbers | cksum; xargs nothing < "$IN"/table`,
  ],
  grep: [
    'grep --version',
    `grep -n same "$IN"/text; grep -c '[^a-z]' "$IN"/bytes; grep -E '^(the|a) .*(o|e)$' "$IN"/text; grep -aob '[[:upper:]]' "$IN"/bytes | cksum; grep -rl int "$IN"/tree; grep -P 'b(?=u)' "$IN"/text; grep -iw BUILD "$IN"/text "$IN"/other; grep -v e "$IN"/table; grep x "$IN"/bytes; LC_ALL=C.UTF-8 grep -o '[[:alpha:]]*' "$IN"/utf8; grep -F -f "$IN"/table "$IN"/table; grep '\\(' "$IN"/text; grep -q same "$IN"/text; grep a /nothing`,
    `printf 'abcabc\\n' | grep -E '(abc)\\1'; LC_ALL=C.UTF-8 grep -n '.' "$IN"/bytes | cksum; grep --color=always -A1 -B1 twice "$IN"/text; grep -z same "$IN"/text | tr '\\0' .; grep -m1 -H e "$IN"/text; grep -L same "$IN"/t*`,
  ],
  sed: [
    'sed --version',
    `sed -n '2,4p;$=' "$IN"/text; sed 's/the/&-&/2g;y/abc/xyz/' "$IN"/text; sed -E 's/(.)(.)/\\2\\1/g' "$IN"/bytes; sed 's/[\\x80-\\xff]/X/g' "$IN"/bytes; sed -n l "$IN"/utf8 "$IN"/bytes; LC_ALL=C.UTF-8 sed 's/./x/2g;s/\\w*/\\U&/' "$IN"/utf8; cp "$IN"/text a; sed -i.bak -e '1d' -e '/same/{h;G;a\\' -e 'appended' -e '}' a; sed ':a;N;$!ba;s/\\n/,/g' "$IN"/table; sed -n '/a/w out' "$IN"/table; sed --debug -n '1p' "$IN"/table; sed 's/x' a; sed p /nothing`,
  ],
  cmp: [
    'cmp --version',
    'cmp "$IN"/text "$IN"/other; cmp -l "$IN"/text "$IN"/other; cmp -s "$IN"/text "$IN"/text; cmp -b "$IN"/bytes "$IN"/long; cmp "$IN"/text /nothing',
  ],
  diff: [
    'diff --version',
    'diff "$IN"/text "$IN"/other; cd "$IN"; diff -u --label a --label b text other; diff -c --label a --label b text table; diff -y text other; diff -r tree .; diff -q text bytes; diff -e text other; diff -iwB text other; diff --color=always text other; diff --brief text text; diff text nothing',
  ],
  diff3: [
    'diff3 --version',
    'diff3 "$IN"/text "$IN"/other "$IN"/table; diff3 -m -L a -L b -L c "$IN"/text "$IN"/text "$IN"/other',
  ],
  sdiff: ['sdiff --version', 'sdiff "$IN"/text "$IN"/other; sdiff -s -w 60 "$IN"/text "$IN"/table'],
  m4: [
    'm4 --version',
    `printf 'define(f,$1-$2)f(a,b)eval(2**31)eval(-7/2)eval(1<<31)eval(-1>>1,16)incr(2147483647)format(%%.20g %%a,0.1,0.1)len(é)translit(abc,a-c,A-C)regexp(abc,b,\\\\&)syscmd(echo x)esyscmd(echo y)sysval substr(abcdef,2,3)ifdef(\`__unix__',u)include(%s)undefine(f)errprint(e)dumpdef(\`len')' "$IN"/table | m4; m4 -F frozen "$IN"/text; m4 -R frozen "$IN"/table; m4 -s "$IN"/text; m4 -DA=3 -P "$IN"/bytes; m4 /nothing`,
  ],
  patch: [
    'patch --version',
    'cd "$IN"; diff -u text other > "$OLDPWD"/p; cd "$OLDPWD"; cp "$IN"/text text; patch -p0 < p; patch -R -b text p; cp "$IN"/table text; patch -f text p; cp "$IN"/text text; patch --dry-run text p; patch -o x text p; printf "nonsense\\n" | patch text; chmod 600 *',
  ],
  file: [
    'file --version',
    `file -b "$IN"/text "$IN"/bytes "$IN"/utf8 "$IN"/hello.c "$IN"/tree; file -bi "$IN"/*; file -b /bin/sh | cut -d, -f1-3; printf '\\377\\330\\377\\340' > a; printf '\\037\\213\\010\\000\\000\\000\\000\\000' > b; printf '\\177ELF\\002\\002\\001' > c; printf 'PK\\003\\004\\024\\000' > d; printf '\\211PNG\\r\\n\\032\\n\\000\\000\\000\\rIHDR\\000\\000\\001\\000\\000\\000\\002\\000\\010\\006' > e; file a b c d e nothing; file -z b`,
  ],
  ninja: [
    'ninja --version',
    `printf 'rule up\\n command = tr a-z A-Z < $in > $out\\n description = UP $out\\nbuild b: up a\\nbuild c: up b\\ndefault c\\n' > build.ninja; cp "$IN"/text a; ninja -j1 -v; ninja; ninja -t targets all; ninja -t commands; ninja -t clean; ninja nothing; ninja -n; rm .ninja_log .ninja_deps`,
  ],
};
