#!/bin/sh
# Makes the archives of loaded classes (class data sharing) of both programs from what one short session on loopback loads: mode 2,
# one slave, a few megabytes; and from what looking at a file system loads, of those kinds that can be made here. Each archive lies beside its jar and is named like it. Without them the programs only start slower.
#   rehearse.sh JAVA IMGSLAVE_JAR IMGBLSTR_JAR
set -eu

# Java compares the path of the jar with the one in the archive, and the start scripts follow symbolic links. NAME.jsa.for tells them
# the folder and the Java that the archive is for.
real() { printf '%s/%s' "$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd -P)" "${1##*/}"; }

java=$1 slave=$(real "$2") master=$(real "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
group=239.255.$(($$ / 250 % 250)).$((1 + $$ % 250)):$((20000 + $$ % 12000))

# failed WHAT LOG: ends with what failed and what was said
failed() {
  echo "$1 failed: $(cat "$2")" >&2
  exit 1
}

# rehearsed NAME JAR ARGUMENT...: runs a program; $work/NAME.classes becomes the list of what it loaded
rehearsed() {
  name=$1 jar=$2
  shift 2
  "$java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:DumpLoadedClassList="$work/$name.classes" -jar "$jar" \
    --yes --interface lo --group "$group" --wait 20s "$@" </dev/null >"$work/$name.log" 2>&1
}

# looked SIZE COMMAND...: the list of the master gets what it loads to look at the file system that the command makes in a file
looked() {
  rm -f "$work/volume"
  truncate -s "$1" "$work/volume"
  shift
  PATH=$PATH:/usr/sbin:/sbin "$@" "$work/volume" </dev/null >/dev/null 2>&1 || return 0
  rehearsed volume "$master" --plan --broadcast --slaves 1 --disk "$work/volume" || failed "a plan of $master" "$work/volume.log"
  cat "$work/volume.classes" >>"$work/master.classes"
}

# archived NAME JAR: an archive from scratch, not on top of the one of the JDK: only such a one takes classes as old as those of picocli
archived() {
  "$java" -Xshare:dump -XX:TieredStopAtLevel=1 -Xlog:disable -Xlog:all=error:stderr -XX:SharedClassListFile="$work/$1.classes" \
    -XX:SharedArchiveFile="$work/$1.jsa" -cp "$2" >"$work/$1.dump" 2>&1 || failed "$java -Xshare:dump for $2" "$work/$1.dump"
  mv -f "$work/$1.jsa" "${2%.jar}.jsa"
  printf '%s %s\n' "${2%/*}" "$(readlink -f -- "$java")" >"${2%.jar}.jsa.for"
}

head -c 4194304 "$master" >"$work/disk"
head -c 4194304 /dev/zero >"$work/target"
rehearsed slave "$slave" "$work/target" &
rehearsal=$!
rehearsed master "$master" --slaves 1 --broadcast --upload "$work/image" --disk "$work/disk" || failed "a session of $master" "$work/master.log"
wait "$rehearsal" || failed "a session of $slave" "$work/slave.log"
looked 32M mkfs.ext4 -q -F
looked 32M mkntfs -q -Q -F
looked 320M mkfs.xfs -q -f
looked 32M mkfs.fat
archived slave "$slave" &
dump=$!
archived master "$master"
wait "$dump"
