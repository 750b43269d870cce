import type { Lines } from './lines.ts';

const identity =
  'export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_AUTHOR_DATE="1700000000 +0100" GIT_COMMITTER_DATE="1700000000 +0100" HOME=/';
const repository = `${identity}; git init -q -b main r; cd r; git config pack.threads 1; cp "$IN"/numbers n; cp "$IN"/text t; cp -r "$IN"/tree .; git add .; git commit -qm one`;
/** The index holds times and inodes. */
const withoutIndex = 'rm -f .git/index';

export const gitLines: Lines = {
  git: [
    `${repository}; git count-objects; ${withoutIndex}; rm -rf .git/logs`,
    `${repository}; git mv n m; sed 5d m > m2; mv m2 m; git add -A; git commit -qm two; git diff --stat -M HEAD~1; git diff HEAD~1 -- t m | cksum; git rev-parse HEAD HEAD^{tree}; git ls-tree -r HEAD; git status --short; git rev-list --objects --all; git cat-file -p HEAD; git repack -adqf --window=20; git count-objects -v; git fsck; git archive HEAD | cksum; git branch b; git tag -am tag v1; git describe; git checkout -q b; git clone -q . ../c; ls ../c; git rm -q t; git stash -q; git gc -q; git apply --check t; git config --list; git nothing; ${withoutIndex} ../c/.git/index; rm -rf .git/logs ../c/.git/logs`,
    `${repository}; git bundle create -q b HEAD; cksum b; git pack-refs --all; git repack -adfq; git prune; git gc -q --prune=now; git verify-pack -v .git/objects/pack/*.idx | cksum; git index-pack -o i .git/objects/pack/*.pack; git show-index < i | cksum; git unpack-objects -n < $(ls .git/objects/pack/*.pack); git commit-graph write; git prune-packed; git log --format=%H; git show --stat; git format-patch --root -o .. HEAD; git hash-object t; git pack-objects --stdout < /dev/null | cksum; git submodule status; git update-index --refresh; git grep int; git check-ignore x; git for-each-ref; ${withoutIndex}; rm -rf .git/logs`,
    // Text in other encodings, which native programs cannot convert.
    `${repository}; printf 't encoding=x working-tree-encoding=ISO-8859-1\\n' > .gitattributes; printf 'Gr\\374\\337e\\n' > t; git add .; git -c i18n.commitEncoding=ISO-8859-1 commit -qm "$(printf 'Gr\\374\\337e')"; git rev-parse HEAD HEAD^{tree}; rm t; git checkout t; cksum t; git clone -q . ../c; cksum ../c/t; git rev-list --pretty HEAD | cksum; git gc -q; ${withoutIndex} ../c/.git/index; rm -rf .git/logs ../c/.git/logs`,
  ],
};
