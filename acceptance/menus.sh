#!/bin/bash
# The six modes by menus, typed on a pseudo-terminal, with Enter to start; a slave that asks before it overwrites; a no; and Ctrl-C or
# SIGTERM at each question.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

MIB_DISK=24
BOTH='(?s)slave1.*slave2|slave2.*slave1'

# menu TEXT FUNCTION DISK IMAGE BROADCAST: answers the questions that this function asks, starts when both slaves are there
menu() {
    local text=$1 function=$2 disk=$3 image=$4 broadcast=$5 talk
    talk=(Function "$function")
    [[ -z $disk ]] || talk+=('Disk' "$disk" 'Partitions.*all' all)
    [[ -z $image ]] || talk+=('Image file' "$image")
    [[ $function -ge 3 ]] || talk+=('Broadcast.*\?' "$broadcast")
    talk+=('Begin\?' yes)
    if [[ $broadcast == yes ]]; then
        talk+=("$BOTH" '')
        targets_dirty
        slaves_up || true
    fi
    start master m python3 "$PROJECT/acceptance/typist.py" 90 "${talk[@]}" -- "$MASTER"
    if [[ $broadcast == yes ]]; then
        session_end 100
        ended "$text" 0 0
        check "$text: targets are the source" targets_equal "$SUM"
    else
        outcome master 100
        check "$text: exit code" same "$CODE" 0
        [[ $CODE == 0 ]] || show master 12
    fi
}

# slave_asks DISK FILE ANSWER CODE: a slave on a terminal asks before it overwrites a device, and a file that holds something.
slave_asks() {
    local disk=$1 file=$2 answer=$3 code=$4 before
    dirty "$disk"
    before=$(digest "$file")
    start slave s1 python3 "$PROJECT/acceptance/typist.py" 30 'Overwrite.*\?' "$answer" -- "$SLAVE" --wait 2s "$disk"
    outcome slave 40
    check "slave on a terminal, $disk, answer $answer: exit code" same "$CODE" "$code"
    [[ $CODE == "$code" ]] || show slave
    check "slave on a terminal, $disk, answer $answer: nothing is written" same "$(digest "$file")" "$before"
}

# stopped TEXT SECONDS COMMAND_OF_TYPIST...: a question that is answered with a signal ends the program at once, and writes nothing
stopped() {
    local text=$1 before
    shift
    before=$(digest "$WORK/local")
    start asked m python3 "$PROJECT/acceptance/typist.py" 60 "$@"
    outcome asked 70
    check "$text: exit code" same "$CODE" 130
    [[ $CODE == 130 ]] || show asked
    check "$text: at once" grep -aEq 'ended [0-5] s after' "$WORK/log/asked.out" "$WORK/log/asked.err"
    check "$text: nothing is written" same "$(digest "$WORK/local")" "$before"
    check "$text: no image is left behind" test -z "$(find "$WORK" -name 'stopped.img*')"
}

# stops SIGNAL: at each question of both programs
stops() {
    local signal=$1 with="$1, java ${JAVA_HOME:-of the path}"
    local talk=(Function 2 Disk "$WORK/local" 'Image file' "$WORK/one.img" Broadcast no)
    stopped "master, function, $with" Function "$signal" -- "$MASTER"
    stopped "master, image, $with" Function 1 Disk "$WORK/source" Partitions all 'Image file' "$signal" -- "$MASTER"
    stopped "master, begin, $with" "${talk[@]}" 'Begin\?' "$signal" -- "$MASTER"
    stopped "master, overwrite, $with" 'Overwrite.*\?' "$signal" -- "$MASTER" --download "$WORK/one.img" --disk "$WORK/local"
    stopped "master, Enter to start, $with" 'press Enter' "$signal" -- \
        "$MASTER" --upload "$WORK/stopped.img" --broadcast --disk "$WORK/source"
    stopped "slave, overwrite, $with" 'Overwrite.*\?' "$signal" -- "$SLAVE" "$WORK/local"
}

begin 400 openssl python3 sfdisk
lan_up 2
random_file "$WORK/source" "$MIB_DISK"
printf 'label: gpt\nstart=1MiB, size=8MiB, name="one"\nsize=8MiB, name="two"\n' | sfdisk -q "$WORK/source" >/dev/null
compare_with "$WORK/source"
for number in 1 2; do
    TARGET[number]=$WORK/target$number
    truncate -s "${MIB_DISK}M" "$WORK/target$number"
done
cp "$WORK/source" "$WORK/local"

menu "mode 1 by menus" 1 "$WORK/source" "$WORK/one.img" no
check "mode 1 by menus: the image verifies" "$MASTER" verify "$WORK/one.img"
menu "mode 2 by menus" 1 "$WORK/source" "$WORK/two.img" yes
check "mode 2 by menus: the image verifies" "$MASTER" verify "$WORK/two.img"
menu "mode 3 by menus" 3 "$WORK/source" '' yes
menu "mode 4 by menus" 2 "$WORK/local" "$WORK/one.img" no
menu "mode 5 by menus" 2 "$WORK/local" "$WORK/two.img" yes
check "mode 5 by menus: the local disk is the source" same "$(digest "$WORK/local")" "$SUM"
menu "mode 6 by menus" 4 '' "$WORK/one.img" yes

# What the command line has answered is not asked.
start master m python3 "$PROJECT/acceptance/typist.py" 30 Function 1 Partitions 2 'Image file' "$WORK/part.img" 'Broadcast' no 'Begin\?' yes -- \
    "$MASTER" --disk "$WORK/source"
outcome master 40
check "menus with --disk given: exit code" same "$CODE" 0
check "menus with --disk given: partition 2 is in the image" \
    same "$("$MASTER" export "$WORK/part.img" - | openssl dgst -sha256 -r | cut -d' ' -f1)" "$(digest "$WORK/source" $((9 * MIB)) $((8 * MIB)))"

# A no
dirty "$WORK/local"
before=$(digest "$WORK/local")
start master m python3 "$PROJECT/acceptance/typist.py" 30 Function 2 Disk "$WORK/local" 'Image file' "$WORK/one.img" \
    Broadcast no 'Begin\?' no -- "$MASTER"
outcome master 40
check "no to the last question: exit code" same "$CODE" 15
check "no to the last question: nothing is written" same "$(digest "$WORK/local")" "$before"
truncate -s "${MIB_DISK}M" "$WORK/device"
attach "$WORK/device" 512
for disk in "$DEV" "$WORK/device"; do
    [[ -b $disk ]] || detach "$DEV"
    slave_asks "$disk" "$WORK/device" no 15
    slave_asks "$disk" "$WORK/device" yes 13
done

# Ctrl-C and SIGTERM, on each Java that is installed
stops '^C'
stops '^TERM'
for home in /usr/lib/jvm/*; do
    if [[ ! -L $home && -x $home/bin/java && ! $home/bin/java -ef $(readlink -f "$(command -v java)") ]]; then
        JAVA_HOME=$home stops '^C'
    fi
done
finish
