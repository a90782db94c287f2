#!/bin/sh
# Starts @NAME@: finds its own folder through symbolic links, then Java 17 or newer.
# @HOOK@ holds extra options for the JVM.
set -u

# Of descriptors 0 to 2 that are closed the next files that are opened would get the numbers: what the program then says would be written into
# them, and one may be a disk. So they are opened for reading, on nothing: what is written there still fails, and the program knows that it was not heard.
true 3>&2 || exec 2</dev/null
{ true 3>&1; } 2>/dev/null || exec 1</dev/null
{ true 3<&0; } 2>/dev/null || exec </dev/null

# What the program writes is its owner's alone, and a crash leaves no memory in a file. A command of --then gets back the mask that was here.
IMGBLSTR_UMASK=$(umask)
export IMGBLSTR_UMASK
umask 077
ulimit -S -c 0 2>/dev/null

# Each user sees the words of all processes: the program gets those of --code in its environment, which only this user and root can read.
unset IMGBLSTR_MOVED_CODE
previous=''
for word do
  shift
  case $previous in
    --code)
      case $word in
        '' | new | --* | -? | /*) ;;
        *) IMGBLSTR_MOVED_CODE=$word word=WORDS ;;
      esac
      ;;
    *)
      case $word in
        --code=new) ;;
        --code=?*) IMGBLSTR_MOVED_CODE=${word#*=} word=--code=WORDS ;;
      esac
      ;;
  esac
  set -- "$@" "$word"
  previous=$word
done
[ -z "${IMGBLSTR_MOVED_CODE:-}" ] || export IMGBLSTR_MOVED_CODE

self=$0
case $self in
  */*) ;;
  *) self=$(command -v -- "$self") || self=./$0 ;;
esac
while [ -h "$self" ]; do
  link=$(readlink -- "$self")
  case $link in
    /*) self=$link ;;
    *) self=${self%/*}/$link ;;
  esac
done
home=$(CDPATH='' cd -- "${self%/*}" && pwd -P) || exit 1

if [ -x "$home/runtime/bin/java" ]; then
  java=$home/runtime/bin/java
elif [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  java=$JAVA_HOME/bin/java
elif java=$(command -v java); then
  :
else
  echo "@NAME@: no Java found: install Java 17 or newer, or set JAVA_HOME" >&2
  exit 1
fi

# The first compiler of the JVM alone: the second one, and what the first one counts for it, cost more in a session than they give back
# (docs/performance.md). But image files are hashed: by OpenSSL, or by Java, where only the second one knows the processor's instructions.
second=$home/@NAME@.compiler.json
if [ -r "$second" ]; then
  for folder in "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib; do
    [ ! -r "$folder/libcrypto.so.3" ] || second=
  done
fi

# The archive of loaded classes shortens the start, but only of that Java for which it was made; any other JVM would go without the archive
# of the JDK as well. Java compares the path of the jar too: seen through descriptor 9 the path is the same in every folder.
archive=$home/@NAME@.jsa
made_for=
[ ! -r "$archive.for" ] || read -r made_for <"$archive.for"
if [ -r "$archive" ] && [ -r "$home" ] && [ -d /proc/self/fd ] &&
  { [ "$java" = "$home/runtime/bin/java" ] || [ "$made_for" = "$(readlink -f -- "$java")" ]; }; then
  exec 9<"$home"
  set -- -Xshare:auto -XX:SharedArchiveFile="$archive" -Xlog:disable -jar "/proc/self/fd/9/@NAME@.jar" "$@"
else
  set -- -jar "$home/@NAME@.jar" "$@"
fi

# The JVM would tell on stdout that it has read the file.
if [ -r "$second" ]; then
  set -- -XX:+UnlockDiagnosticVMOptions -XX:CompilerDirectivesFile="$second" -XX:-DisplayVMOutput "$@"
else
  set -- -XX:TieredStopAtLevel=1 @COMPILE@ "$@"
fi

# From Java 25 on Netty leaves the fast way to memory alone unless it is asked for, and the first compiler makes little of the other way: a slave
# then takes a twentieth more processor time. Java 23 to 25 get the option; older Java does not know it.
real=$java
[ ! -h "$java" ] || real=$(readlink -f -- "$java")
if [ -r "${real%/bin/java}/release" ]; then
  while IFS= read -r line; do
    case $line in
      'JAVA_VERSION="2'[345]*) set -- --sun-misc-unsafe-memory-access=allow "$@" ;;
    esac
  done <"${real%/bin/java}/release"
fi

# Names of files are bytes, and the JVM takes only those that the locale can say: in UTF-8 that is each name in use today. A locale that is
# named but not installed counts as C, so it is set whatever it was. Both programs speak English.
LC_ALL=C.UTF-8
export LC_ALL

# The C library would give each thread of each session an arena of its own for the windows of the codec, eight or more megabytes each, and keep it.
# Large pieces go back to the system when they are freed (docs/testing.md has the figures).
MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576
export MALLOC_ARENA_MAX MALLOC_MMAP_THRESHOLD_

# When the JVM itself crashes nothing in it can give the terminal back.
if [ -t 0 ] && [ -t 2 ]; then
  set -- "-XX:OnError=trap '' TTOU; stty sane <&2; printf '\\033[?1049l\\033[?25h' >&2" "$@"
fi

# Netty would load the flight recorder of the JVM with its first buffer, which costs as much as the rest of joining a session; it would look for
# the hardware address of each interface, only to name its channels; and it looks for leaks, which is for tests.
# @HOOK@ is a list of words on purpose.
# shellcheck disable=SC2086
exec "$java" -Xms16m -Xmx@HEAP@ -XX:MaxDirectMemorySize=@DIRECT@ -XX:+UseSerialGC -XX:-UsePerfData -Dio.netty.jfr.enabled=false -Dio.netty.machineId=00:00:00:00:00:00:00:01 -Dio.netty.leakDetection.level=disabled ${@HOOK@:-} "$@"
