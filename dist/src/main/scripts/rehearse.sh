#!/bin/sh
# Makes the archives of loaded classes (class data sharing) of both programs from the lists in a folder, NAME.classes. Each archive lies beside its
# jar and is named like it. Without them the programs only start slower.
# --lists makes such lists instead: of what one short session on loopback loads (mode 2, one slave, a few megabytes), and of what looking at a
# file system loads, of those kinds that can be made here.
#   rehearse.sh JAVA IMGSLAVE_JAR IMGBLSTR_JAR [--lists] FOLDER
set -eu

# Java compares the path of the jar with the one in the archive: seen through descriptor 9 the path is the same in every folder, as the start
# scripts have it. NAME.jsa.for tells them the Java that the archive is for.
java=$1 folder=$(CDPATH='' cd -- "$(dirname -- "$2")" && pwd -P)
exec 9<"$folder"
slave=/proc/self/fd/9/${2##*/} master=/proc/self/fd/9/${3##*/}
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

# still COMMAND...: on one processor, without the environment and at fixed addresses, where the system allows that: so JDK 17 makes nearly the same
# archive each time in the same folder
still() {
  processor=$(taskset -cp $$ 2>/dev/null | sed 's/.*: *\([0-9]*\).*/\1/')
  if setarch -R taskset -c "${processor:-0}" true 2>/dev/null; then
    set -- setarch -R taskset -c "${processor:-0}" "$@"
  fi
  env -i "$@"
}

# archived JAR LIST: an archive from scratch, not on top of the one of the JDK: only such a one takes classes as old as those of picocli
archived() {
  name=${1##*/}
  name=${name%.jar}
  still "$java" -Xshare:dump -Xint -XX:+UseG1GC -Xlog:disable -Xlog:all=error:stderr -XX:SharedClassListFile="$2" \
    -XX:SharedArchiveFile="$work/$name.jsa" -cp "$1" >"$work/$name.dump" 2>&1 || failed "$java -Xshare:dump for $1" "$work/$name.dump"
  mv -f "$work/$name.jsa" "$folder/$name.jsa"
  readlink -f -- "$java" >"$folder/$name.jsa.for"
}

# both FOLDER: the archives of both programs from the lists in a folder
both() {
  archived "$slave" "$1/imgslave.classes" &
  dump=$!
  archived "$master" "$1/imgblstr.classes"
  wait "$dump"
}

# listed NAME FILE: a list of what was loaded, each class once, in an order that does not depend on time; proxies are made anew in each run
listed() {
  sed -e '/^#/d' -e '/\$Proxy[0-9]/d' -e 's/ id: [0-9]*$//' "$work/$1.classes" | LC_ALL=C sort -u >"$2"
}

if [ $# -eq 4 ]; then
  both "$4"
  exit
fi
lists=$5
mkdir -p "$lists"
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
listed slave "$lists/imgslave.classes"
listed master "$lists/imgblstr.classes"
