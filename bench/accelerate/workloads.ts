import type { Workload } from './workload.ts';

/** Which of two runs comes first matters to nobody: clocks and caches differ in any two of them. */
const clocks = 'has the time of the build in it';

export const workloads: readonly Workload[] = [
  {
    name: 'sqlite',
    title: 'gcc -O2: the SQLite amalgamation',
    groups: ['c'],
    // Its tarball brings the amalgamation; SQLite's own does not.
    sources: [{ package: 'libdbd-sqlite3-perl' }],
    script: 'cd libdbd-sqlite3-perl && gcc -O2 -c sqlite3.c -o /workload/sqlite3.o',
    quick: `printf 'int f(int x) { return x * 3; }\n' > f.c && gcc -O2 -c f.c`,
    goal: 8,
  },
  {
    name: 'lua',
    title: 'make: Lua, -O2 -g, 33 files',
    groups: ['c', 'base'],
    sources: [{ package: 'lua5.4' }],
    script: `cd lua5.4/src && make -s -j2 MYCFLAGS='-g' generic`,
    quick: 'cd lua5.4/src && make -s lopcodes.o lzio.o',
    goal: 8,
  },
  {
    name: 'fmt',
    title: 'cmake and ninja: fmt, C++ -O3',
    groups: ['c', 'base'],
    sources: [{ package: 'fmtlib' }],
    script:
      'cmake -S fmtlib -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DFMT_TEST=OFF -DFMT_DOC=OFF > cmake.log && ninja -C build > ninja.log',
    quick: 'g++ -O1 -Ifmtlib/include -c fmtlib/src/os.cc -o os.o',
    exceptions: [
      { path: /^build\/\.ninja_(log|deps)$/, reason: clocks },
      {
        path: /^build\/CMakeFiles\/CMakeConfigureLog\.yaml$/,
        reason: 'has names of temporary directories in it',
      },
      { path: /^(cmake|ninja)\.log$/, reason: clocks },
    ],
    goal: 8,
  },
  {
    name: 'configure',
    title: './configure of GNU hello',
    groups: ['c', 'base'],
    sources: [{ package: 'hello' }],
    script: 'cd hello && ./configure -q',
    quick:
      'cd hello && sh ./configure --version > version && gcc --version > gcc-version && sed -n 1,500p configure > part',
    exceptions: [{ path: /^hello\/config\.log$/, reason: 'has times and process ids in it' }],
    goal: 10,
  },
  {
    name: 'apt',
    title: 'apt install of about 100 packages',
    groups: ['base', 'archive', 'debian'],
    sources: [],
    root: 'install',
    script: aptInstall('$(cat /var/lib/anyarch-bench)'),
    quick: aptInstall('ca-certificates'),
    exceptions: [
      { path: /^var\/log\//, reason: clocks },
      { path: /^var\/cache\/(ldconfig|apt|debconf)\//, reason: 'a cache with times and inode numbers' },
      { path: /__pycache__/, reason: 'has the times of the files that it was compiled from' },
      { path: /^(tmp|run)\//, reason: 'temporary' },
      { path: /^var\/lib\/(apt\/extended_states|dpkg\/lock.*|apt\/lists\/.*)$/, reason: 'apt’s own state' },
    ],
    goal: 3,
  },
  {
    name: 'go',
    title: 'go build of hello, cold',
    groups: ['go'],
    sources: [],
    prepare: `printf 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello") }\n' > hello.go`,
    script:
      'export HOME=/workload GOCACHE=/workload/cache GOFLAGS=-trimpath GO111MODULE=off CGO_ENABLED=0; go build -o hello hello.go',
    quick: 'go version > version',
    compared: /^(hello|version)$/,
    goal: 7,
  },
  {
    name: 'dpkg',
    title: 'dpkg-buildpackage of hostname',
    groups: ['c', 'base', 'archive', 'debian'],
    sources: [{ package: 'hostname', debian: true }],
    script:
      'cd hostname && SOURCE_DATE_EPOCH=1700000000 dpkg-buildpackage -us -uc -b -d > ../log 2>&1 || { cat ../log; exit 1; }',
    quick: 'cd hostname && make -s hostname',
    compared: /^[^/]*\.deb$|^hostname\/hostname$/,
  },
  {
    name: 'git',
    title: 'git add, commit, gc, clone',
    groups: ['git'],
    sources: [{ package: 'fmtlib' }, { package: 'lua5.4' }],
    script: `export HOME=/workload GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000' GIT_CONFIG_NOSYSTEM=1
printf '[user]\n name = a\n email = a@b\n[init]\n defaultBranch = main\n[pack]\n threads = 1\n' > .gitconfig
git init -q . && git add fmtlib lua5.4 && git commit -q -m one && git gc -q && git clone -q . clone`,
    exceptions: [
      { path: /(^|\/)\.git\/index$/, reason: 'has times and inode numbers of files in it' },
      { path: /\.git\/logs\//, reason: clocks },
    ],
  },
  {
    name: 'archives',
    title: 'tar, gzip, xz, zstd, sha256sum',
    groups: ['archive', 'base'],
    sources: [{ package: 'libdbd-sqlite3-perl' }, { package: 'fmtlib' }],
    script: `tar --sort=name --mtime=@0 --owner=0 --group=0 -cf all.tar libdbd-sqlite3-perl fmtlib
gzip -9nk all.tar && xz -6k -T1 all.tar && zstd -q -10 --single-thread -k all.tar && sha256sum all.* > sums && mkdir out && tar -C out -xJf all.tar.xz`,
    quick:
      'tar --sort=name --mtime=@0 -cf all.tar fmtlib/src && gzip -9nk all.tar && xz -1k -T1 all.tar && sha256sum all.* > sums',
  },
];

function aptInstall(packages: string): string {
  return `export DEBIAN_FRONTEND=noninteractive; apt-get -y -q --no-install-recommends --no-download -o APT::Sandbox::User=root -o Dpkg::Options::=--force-unsafe-io install ${packages} > /tmp/log 2>&1 || { cat /tmp/log; exit 1; }`;
}
