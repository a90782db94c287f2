#!/bin/bash
# The place of an image: full, too small, FAT, read-only, left-overs of runs that died, and a failing image beside slaves that complete.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

# said_by TEXT CODE WORDS COMMAND...: exit code, and what is said
said_by() {
    local text=$1 code=$2 words=$3
    shift 3
    start store m "$@"
    outcome store 60
    check "$text: exit code" same "$CODE" "$code"
    check "$text: says '$words'" grep -aq "$words" "$WORK/log/store.err" "$WORK/log/store.out"
    [[ $CODE == "$code" ]] || show store
}

begin 200 openssl python3 mkfs.vfat mkfs.ext4
lan_up 1
store=$WORK/store
mkdir "$store"
random_file "$WORK/source" 16
SUM=$(digest "$WORK/source")
TARGET[1]=$WORK/target1
truncate -s 16M "$WORK/target1"
upload=("$MASTER" --upload "$store/new.img" --disk "$WORK/source")

# Too small: a question, which nobody answers here
mount -t tmpfs -o size=6M tmpfs "$store"
said_by "store too small, nobody to ask" 15 'MiB free' "${upload[@]}"
said_by "store too small, --plan" 0 'MiB free' "${upload[@]}" --plan
said_by "store too small, the answer is no" 15 'may not fit' \
    python3 "$PROJECT/acceptance/typist.py" 60 'Begin all the same' no -- "${upload[@]}"
said_by "store too small, --yes" 12 'No space left' "${upload[@]}" --yes
check "store too small: nothing is left behind" test -z "$(ls "$store")"

# Slaves complete without the image
session 90 --upload "$store/new.img" --broadcast --disk "$WORK/source" --slaves 1
ended "image fails midway, slaves go on" 3 0
check "image fails midway: the target is the source" targets_equal "$SUM"
check "image fails midway: the summary names it" grep -aq 'no image .*new.img.*No space left' "$WORK/log/master.err" "$WORK/log/master.out"
check "image fails midway: nothing is left behind" test -z "$(ls "$store")"

# An export to it
random_file "$WORK/raw" 8
for name in raw source; do
    check "export: an image of $name" "$MASTER" --upload "$WORK/$name.img" --disk "$WORK/$name"
done
said_by "export to a store that is too small" 15 'MiB free' "$MASTER" export "$WORK/raw.img" "$store/raw"
said_by "export to a store that is too small, --force" 12 'No space left' "$MASTER" export --force "$WORK/raw.img" "$store/raw"
check "export to a store that is too small: nothing is left behind" test -z "$(ls "$store")"

# Two exports to one name: one has it, the other is refused, and what it has written is whole
whole() {
    local file
    for file in "$WORK/two"*; do
        cmp -s "$file" "$WORK/raw" || cmp "$file" "$WORK/source" || return 1
    done
}
for name in raw source; do
    start "export-$name" m "$MASTER" export "$WORK/$name.img" "$WORK/two"
done
outcome export-raw 60
codes=$CODE
outcome export-source 60
check "two exports at once: exit codes" same "$(printf '%s\n' "$codes" "$CODE" | sort | xargs)" "0 15"
check "two exports at once: no file is a mixture" whole
rm -f "$WORK/two"* "$WORK/source.img"

# Full, read-only
head -c 6M /dev/zero >"$store/full" 2>/dev/null || true
said_by "store full" 15 'is full' "${upload[@]}"
mount -o remount,ro "$store"
said_by "store read-only" 15 'read-only' "${upload[@]}"
umount "$store"

# FAT
truncate -s 64M "$WORK/disk"
attach "$WORK/disk" 512
mkfs.vfat -F 32 "$DEV" >/dev/null
if mount "$DEV" "$store" 2>/dev/null; then
    truncate -s 5G "$WORK/large"
    said_by "store is FAT" 0 'because of a FAT file system' "$MASTER" --plan --all-blocks --upload "$store/large.img" --disk "$WORK/large"
    said_by "store is FAT, an image that fits" 0 'done' "${upload[@]}"
    said_by "store is FAT, export" 0 '' "$MASTER" export "$store/new.img" "$store/new.raw"
    check "store is FAT, export: it is the source" cmp "$store/new.raw" "$WORK/source"
    umount "$store"
else
    skip "store is FAT: this kernel does not mount it"
fi

# On the disk that is read
mkfs.ext4 -q -F "$DEV"
mount "$DEV" "$store"
said_by "image on the disk that is read" 15 'is mounted on' "$MASTER" --upload "$store/self.img" --disk "$DEV"
said_by "image on the disk that is read, forced" 0 'lies on the disk that is read' "$MASTER" --yes --force --upload "$store/self.img" --disk "$DEV"
umount "$store"
detach "$DEV"

# A process limit
said_by "limit of the process" 15 'ulimit -f' bash -c 'ulimit -f 1024; exec "$@"' limited "${upload[@]}"

# What a run that was killed has left
start killed m "$MASTER" --upload "$store/killed.img" --broadcast --disk "$WORK/source" --wait 60s
wait_for 30 compgen -G "$store/killed.img.partial-*" >/dev/null || fail "no partial file of the run that is to be killed"
said_by "a run that lives" 0 'done' "$MASTER" --upload "$store/other.img" --disk "$WORK/source"
check "a run that lives: it has left nothing" bash -c "! grep -aq 'runs that died' '$WORK/log/store.err'"
stop killed
rm "$store/other.img"
said_by "a run that died" 0 'runs that died have left killed.img.partial-' \
    python3 "$PROJECT/acceptance/typist.py" 60 'Remove killed.*\?' yes -- "$MASTER" --upload "$store/other.img" --disk "$WORK/source"
check "a run that died: its file is gone" same "$(ls "$store")" other.img
finish
