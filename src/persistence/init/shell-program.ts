import { systemDirectory } from '../../host/system-directory.ts';
import { origin, rulesDirectory } from '../places.ts';

/** For the messages of the program and the comments of the files that call it. */
const name = 'anyarch-binfmt';

/** While an entry is registered anew, this one does its work; `ownerOf` of registration/ knows it by its interpreter. */
const standIn = 'anyarch-next';

/**
 * A POSIX shell program that registers each rule in `rulesDirectory` with one write(2), or removes what it registered. It
 * needs nothing but mount(8) and cat(1). Entries of others are left alone; one of ours is replaced without a gap, because
 * the file behind it may be another one than the one that is pinned.
 */
export function shellProgramText(): string {
  return `#!/bin/sh
# Registers foreign architectures in the kernel: ${rulesDirectory} has one rule in each file.
${origin}
# Usage: sh binfmt.sh start|stop

table=/proc/sys/fs/binfmt_misc
rules=${rulesDirectory}
failed=0

complain() {
  echo "${name}: $*" >&2
  failed=1
}

mount_table() {
  # Looking behind the mount point triggers an automount.
  [ -e "$table/register" ] && return 0
  [ -d "$table" ] || modprobe binfmt_misc 2>/dev/null
  mount -t binfmt_misc binfmt_misc "$table" 2>/dev/null
  [ -e "$table/register" ]
}

# An entry of ours has an interpreter of ours.
is_ours() {
  while read -r key value; do
    case "$key $value" in
      "interpreter ${systemDirectory}/"*) return 0 ;;
    esac
  done < "$table/$1"
  return 1
}

remove() {
  [ -e "$table/$1" ] || return 0
  is_ours "$1" || return 0
  echo -1 > "$table/$1"
}

# One write: the kernel takes each as a whole rule.
register() {
  cat "$1" > "$table/register"
}

# The same rule under another name takes the programs while the name is free. Somebody else may have such a name.
replace() {
  spare=${standIn}
  while remove "$spare" && [ -e "$table/$spare" ]; do
    spare="$spare-next"
  done
  sed "s/^:[^:]*:/:$spare:/" "$1" > "$table/register" || return 1
  remove "\${1##*/}" && register "$1" && remove "$spare"
}

start() {
  mount_table || { complain "binfmt_misc cannot be mounted on $table"; return; }
  [ -d "$rules" ] || complain "there is no $rules"
  read -r state < "$table/status"
  [ "$state" = enabled ] || complain "$table is switched off: echo 1 > $table/status"
  for rule in "$rules"/*; do
    entry=\${rule##*/}
    if [ ! -f "$rule" ]; then
      continue
    elif [ ! -e "$table/$entry" ]; then
      register "$rule" || complain "the kernel refuses $rule"
    elif is_ours "$entry"; then
      replace "$rule" || complain "the kernel refuses $rule"
    else
      complain "$entry was registered by somebody else, who keeps it"
    fi
  done
}

stop() {
  remove ${standIn} || complain "${standIn} stays"
  for rule in "$rules"/*; do
    [ -f "$rule" ] || continue
    remove "\${rule##*/}" || complain "\${rule##*/} stays"
  done
}

case "$1" in
  start) start ;;
  stop) stop ;;
  *)
    echo "usage: $0 start|stop" >&2
    exit 2
    ;;
esac
exit $failed
`;
}
