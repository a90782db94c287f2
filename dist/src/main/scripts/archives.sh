#!/bin/sh
# Makes the archives of loaded classes (class data sharing) of both programs from the lists in a folder, NAME.classes. Each archive lies beside its
# jar and is named like it. Without them the programs only start slower.
#   archives.sh JAVA IMGSLAVE_JAR IMGBLSTR_JAR FOLDER
set -eu

# Java compares the path of the jar with the one in the archive: seen through descriptor 9 the path is the same in every folder, as the start
# scripts have it. NAME.jsa.for tells them the Java that the archive is for.
java=$1 folder=$(CDPATH='' cd -- "$(dirname -- "$2")" && pwd -P)
exec 9<"$folder"
slave=/proc/self/fd/9/${2##*/} master=/proc/self/fd/9/${3##*/}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# failed WHAT LOG: ends with what failed and what was said
failed() {
  echo "$1 failed: $(cat "$2")" >&2
  exit 1
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

both "$4"
