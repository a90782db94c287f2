#!/bin/bash
# Names of files are bytes: umlauts in each name under each locale, names that are no text, names as long as Linux lets them be.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

# run_as TEXT LOCALE CODE COMMAND...: what a program says is text for a person, without names of Java classes
run_as() {
    local text=$1 locale=$2 code=$3 found=0
    shift 3
    LC_ALL=$locale LANG=$locale "$@" >"$WORK/log/named" 2>&1 </dev/null || found=$?
    check "$text: exit code" same "$found" "$code"
    check "$text: no names of classes" test -z "$(grep -a 'java\.\|Exception' "$WORK/log/named" || true)"
}

begin 100 python3
folder=$WORK/'Bücher und 日本'
mkdir "$folder"
source=$folder/'Größe.raw'
random_file "$source" 4
long=$(printf 'x%.0s' {1..240})

for locale in C POSIX C.UTF-8 de_DE.ISO-8859-1 none.UTF-8; do
    image=$folder/'Äußeres.img' out=$folder/'Öl.raw' target=$folder/'Übung.raw'
    truncate -s 4M "$target"
    run_as "$locale: upload" "$locale" 0 "$MASTER" --quiet --upload "$image" --disk "$source"
    run_as "$locale: download" "$locale" 0 "$MASTER" --quiet --download "$image" --disk "$target"
    run_as "$locale: export" "$locale" 0 "$MASTER" export "$image" "$out"
    check "$locale: both are the source" cmp "$source" "$target"
    check "$locale: both are the source" cmp "$source" "$out"
    run_as "$locale: verify" "$locale" 0 "$MASTER" verify --quiet "$image"
    check "$locale: nothing else was made" same "$(find "$folder" -type f | wc -l)" 4
    rm -f "$image" "$out" "$target"
done

latin=$folder/$(printf 'gr\374n')
cp "$source" "$latin"
for locale in C C.UTF-8; do
    run_as "$locale: a name that is not UTF-8" "$locale" 2 "$MASTER" --quiet --upload "$folder/new.img" --disk "$latin"
    run_as "$locale: an image whose name is not UTF-8" "$locale" 2 "$MASTER" --quiet --upload "$latin.img" --disk "$source"
    check "$locale: nothing was made under another name" same "$(find "$folder" -type f | wc -l)" 2
done
ln -s "$latin" "$folder/link"
run_as "a link to such a name" C 0 "$MASTER" --quiet --upload "$folder/new.img" --disk "$folder/link"
rm "$folder/new.img"

run_as "a name of 240 bytes" C 0 "$MASTER" --quiet --upload "$folder/$long" --disk "$source"
run_as "export to a name of 240 bytes" C 0 "$MASTER" export "$folder/$long" "$folder/${long}o"
check "export to a name of 240 bytes: it is the source" cmp "$source" "$folder/${long}o"
rm "$folder/$long"*

# Another program's loop device on files that are called strangely
attach "$latin" 512
first=$DEV
attach "$source" 512
run_as "strange names behind other loop devices" C 0 "$MASTER" --quiet --upload "$folder/new.img" --disk "$folder/link" --force
run_as "strange names behind other loop devices: the list of disks" C 0 "$MASTER" disks
run_as "a file behind a loop device as a target" C 15 "$MASTER" --yes --download "$folder/new.img" --disk "$source"
run_as "a file behind a loop device as a target, through a link" C 15 "$MASTER" --yes --download "$folder/new.img" --disk "$folder/link"
detach "$DEV"
detach "$first"
finish
