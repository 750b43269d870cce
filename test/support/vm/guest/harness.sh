# Runs what is to be done in this boot, scripts/N.sh beside this file, with the words below. What it says on the second
# serial port, line by line, is read by ../results.ts.
exec </dev/null >/dev/ttyS1 2>&1

state=/var/lib/anyarch-test
mkdir -p $state
boot=$(($(cat $state/boot 2>/dev/null || echo 0) + 1))
echo $boot >$state/boot

HOME=/root
PATH=/payload/package/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ANYARCH_QEMU_DIR=/payload/qemu
NO_COLOR=1
export HOME PATH ANYARCH_QEMU_DIR NO_COLOR

uptime() {
  read -r seconds rest </proc/uptime
  echo "$seconds"
}

# NAME COMMAND...: runs it and reports its exit code and its output.
step() {
  name=$1
  shift
  began=$(uptime)
  output=$("$@" 2>&1)
  echo "@step $name $? $began $(uptime) $(printf %s "$output" | base64 -w0)"
}

# execve(2) itself: shells and execvp(3) run a file that is refused as a script. Exit code 42: the probe ran.
probe() {
  perl -e 'my ($argv, $environment) = (pack("pJ", $ARGV[0], 0), pack("J", 0));
    syscall(59, $ARGV[0], $argv, $environment); print "errno ", $! + 0; exit 1' "$state/probes/$1"
}

# The probe, once it runs: supervisors start their services side by side, and a busy host makes that slow.
probe_ready() {
  turn=0
  while output=$(probe "$1" 2>&1); code=$?; [ $code -ne 42 ] && [ $turn -lt 90 ]; do
    turn=$((turn + 1))
    sleep 1
  done
  printf %s "$output"
  return $code
}

# Names, texts and nothing else of what is registered.
table() {
  for entry in /proc/sys/fs/binfmt_misc/*; do
    case $entry in */register | */status) ;; *) echo "== ${entry##*/}" && cat "$entry" ;; esac
  done
}

# Supervisors start their services side by side, some seconds after they were told.
settle() {
  sleep 6
}

# The machine starts again: COMMAND... is how.
again() {
  sync
  echo "@again $(uptime)"
  "$@"
  exit
}

echo "@boot $boot $(uptime)"
. $state/scripts/$boot.sh
sync
echo "@done $(uptime)"
echo o >/proc/sysrq-trigger
