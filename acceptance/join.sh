#!/bin/bash
# Who joins whom, and who is told of it when somebody does not: two masters on one group, imgslave twice on one disk, a link or an address
# that comes late, slaves that cannot take part, folders from which no library can be loaded. Cases that do not disturb each other run side
# by side, each on a group of its own.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

BOUND=${BOUND:-60}   # seconds in which each program must end

group() { printf '239.255.81.%d:%d' "$1" $((18800 + $1)); }

# slave NAME HOST GROUP TARGET OPTION...
slave() { start "$1" "$2" "$SLAVE" --yes --label "$1" --group "$(group "$3")" --wait "${BOUND}s" "${@:5}" "$4"; }

# master NAME HOST GROUP OPTION...
master() { start "$1" "$2" "$MASTER" --yes -v --json --broadcast --group "$(group "$3")" "${@:4}"; }

blank() { truncate -s "${2:-16M}" "$WORK/$1"; }
announces() { grep -qs '302 SEND_GEOMETRY' "$WORK/log/$1.err"; }
says() { grep -Eqs "$2" "$WORK/log/$1.err"; }
is_over() { ! is_running "$1"; }

all_listen() {
    local name
    for name in "$@"; do
        wait_for "$BOUND" heard_or_over "$name" || true
        says "$name" '^listening' || { fail "$name does not listen"; show "$name"; }
    done
}

heard_or_over() { says "$1" '^listening' || is_over "$1"; }

# ends TEXT NAME CODE
ends() {
    local name=$2
    outcome "$name" "$BOUND"
    check "$1: exit code of $name" same "$CODE" "$3"
    [[ $CODE == "$3" ]] || show "$name" 8
}

# says_that TEXT NAME PATTERN
says_that() { check "$1: $2 says it" says "$2" "$3"; }

unheard() { check "$1: $2 never says listening" not says "$2" '^listening'; }
not() { ! "$@"; }

# refused TEXT MASTER LABEL REASON: a line, an event and a place in the summary
refused() {
    local events=$WORK/log/$2.out
    says_that "$1" "$2" "^ *$3 \([0-9.]+\) cannot take part: .*$4"
    check "$1: event slave-refused" grep -Eqs "\"event\":\"slave-refused\".*\"label\":\"$3\".*\"reason\":\"[^\"]*$4" "$events"
    check "$1: in the summary" grep -Eqs "\"event\":\"summary\".*\"refused\":\[.*\"label\":\"$3\"" "$events"
}

is_copy() { check "$1: target is the source" cmp "$WORK/$2" "$WORK/$3"; }
is_blank() { check "$1: nothing is written" cmp "$WORK/$2" "$WORK/blank"; }

# no_exec NAME HOST FOLDERS OPTION...: a slave for which these folders forbid to run what lies on them; EXTRA: its environment
# shellcheck disable=SC2016
NOEXEC='for folder in $0; do mount --bind "$folder" "$folder" && mount -o remount,bind,noexec "$folder" || exit 99; done; exec "$@"'

no_exec() { start "$1" "$2" env "${EXTRA[@]}" unshare -m --propagation private sh -c "$NOEXEC" "$3" sh "$SLAVE" --yes --label "$1" --wait "${BOUND}s" "${@:4}"; }

loaded_from() { grep -qs " $2/" "/proc/${PID[$1]}/maps"; }

# ---- first wave: masters and targets

two_masters_begin() {
    master nameless1 m 1 --disk "$WORK/red" --slaves 1
    master nameless2 s1 1 --disk "$WORK/blue" --slaves 1
    blank undecided
    slave of-red s2 2 "$WORK/copy-red" --session red
    slave of-blue s3 2 "$WORK/copy-blue" --session blue
}

both_announce() { wait_for "$BOUND" announces nameless1 && wait_for "$BOUND" announces nameless2; }

two_masters() {
    both_announce || fail "the masters do not announce"
    slave undecided s2 1 "$WORK/undecided"
    all_listen of-red of-blue
    master red m 2 --disk "$WORK/red" --slaves 1 --session red
    master blue s1 2 --disk "$WORK/blue" --slaves 1 --session blue
    wait_for "$BOUND" says undecided '2 masters announce a session' || true
    says_that "two masters without names" undecided '2 masters announce a session .*10\.77\.0\.1:.*10\.77\.0\.11:|2 masters announce a session .*10\.77\.0\.11:.*10\.77\.0\.1:'
    is_blank "two masters without names" undecided blank
    wait_for "$BOUND" says nameless1 'undecided.* cannot take part' || true
    wait_for "$BOUND" says nameless2 'undecided.* cannot take part' || true
    kill -INT "${PID[nameless1]}" || true
    ends "two masters without names" nameless1 130
    refused "two masters without names, first" nameless1 undecided '2 masters announce'
    ends "one of the two is gone" undecided 0
    ends "one of the two is gone" nameless2 0
    is_copy "one of the two is gone" undecided blue
    says_that "two masters without names, second" nameless2 'undecided .*cannot take part: 2 masters announce'
    local name
    for name in red blue; do
        ends "--session $name" "of-$name" 0
        ends "--session $name" "$name" 0
        is_copy "--session $name" "copy-$name" "$name"
    done
}

twice_begin() {
    attach "$WORK/device" 512
    DEVICE=$DEV
    slave on-device s1 3 "$DEVICE"
    slave on-file s2 3 "$WORK/file"
}

twice() {
    all_listen on-device on-file
    slave again-device s1 3 "$DEVICE"
    slave again-file s2 3 "$WORK/file"
    master first m 3 --disk "$WORK/red" --slaves 3
    wait_for "$BOUND" announces first || true
    slave on-source s3 3 "$WORK/red"
    local name
    for name in again-device again-file on-source; do
        ends "a target that is in use" "$name" 15
        unheard "a target that is in use" "$name"
    done
    slave third s4 3 "$WORK/third"
    for name in on-device on-file third first; do ends "imgslave twice on one disk, the first" "$name" 0; done
    check "imgslave twice on one disk: nobody is thrown out" not says first 'started anew|cannot take part|left'
    is_copy "imgslave twice on one disk" device red
    is_copy "imgslave twice on one disk" file red
    detach "$DEVICE"
}

# ---- second wave: networks, refusals, folders

late_begin() {
    ip -n "$(ns s4)" link set eth0 down
    ip -n "$(ns s4)" addr flush dev eth0
    ip -n "$(ns s5)" link set eth0 down
    blank late
    slave late s4 4 "$WORK/late"
    master waiting s5 4 --disk "$WORK/red" --slaves 1
}

late() {
    wait_for "$BOUND" says late 'waiting for the network: .*(has a link|no link)' || true
    says_that "no link at the slave" late 'waiting for the network: .*(has a link|no link)'
    wait_for "$BOUND" says waiting 'waiting for the network: .*(has a link|no link)' || true
    says_that "no link at the master" waiting 'waiting for the network: .*(has a link|no link)'
    unheard "no link at the slave" late
    ip -n "$(ns s5)" addr flush dev eth0
    ip -n "$(ns s4)" link set eth0 up
    ip -n "$(ns s5)" link set eth0 up
    wait_for "$BOUND" says late 'waiting for the network: .*no IPv4 address' || true
    says_that "no address at the slave" late 'waiting for the network: .*no IPv4 address'
    wait_for "$BOUND" says waiting 'waiting for the network: .*no IPv4 address' || true
    says_that "no address at the master" waiting 'waiting for the network: .*no IPv4 address'
    ip -n "$(ns s4)" addr add 10.77.0.14/24 dev eth0
    ip -n "$(ns s5)" addr add 10.77.0.15/24 dev eth0
    ends "link and address came late" late 0
    ends "link and address came late" waiting 0
    check "link and address came late: never lo" not says late 'listening on lo'
    is_copy "link and address came late" late red
}

table() { printf 'label: gpt\nstart=2048, size=%s, name=%s\n' "$2" "$3" | sfdisk -q "$WORK/$1"; }

misfits_begin() {
    blank parted 16M
    table parted 8192 system
    dd if="$WORK/red" of="$WORK/parted" bs=1M seek=1 count=4 conv=notrunc status=none
    blank fits
    blank small 2M
    blank short-part
    table short-part 4096 system
    blank no-part
    printf 'label: gpt\n2: start=2048, size=8192\n' | sfdisk -q "$WORK/no-part"
    blank large-sectors
    attach "$WORK/large-sectors" 4096
    LARGE=$DEV
    local name
    for name in fits small short-part no-part; do slave $name s1 5 "$WORK/$name"; done
    slave large-sectors s2 5 "$LARGE"
    install -m 600 "$WORK/blank" "$WORK/forbidden"
    start forbidden s2 setpriv --reuid 65534 --regid 65534 --clear-groups sh "$SLAVE" --yes --group "$(group 5)" "$WORK/forbidden"
}

misfits() {
    all_listen fits small short-part no-part large-sectors
    master choosy m 5 --disk "$WORK/parted" --partition 1 --slaves 2 --wait 12s
    local name
    for name in small short-part no-part large-sectors; do ends "cannot take part" "$name" 10; done
    ends "takes part" fits 0
    ends "4 of 5 cannot take part, 2 are wanted" choosy 3
    refused "too small" choosy small 'bytes'
    refused "partition too small" choosy short-part 'bytes'
    refused "no such partition" choosy no-part "no partition '1'"
    refused "other sectors" choosy large-sectors 'sectors of'
    check "cannot take part: nothing is written" cmp "$WORK/small" <(head -c 2M /dev/zero)
    detach "$LARGE"
    ends "no permission" forbidden 2
    unheard "no permission" forbidden
    says_that "no permission" forbidden 'Permission denied.*run as root'
}

folders_begin() {
    mkdir -p "$WORK/mine"
    blank noexec
    blank own-folder
    EXTRA=(TMPDIR=)
    no_exec noexec s1 /tmp --group "$(group 6)" "$WORK/noexec"
    EXTRA=(TMPDIR="$WORK/mine")
    no_exec own-folder s2 /tmp --group "$(group 6)" "$WORK/own-folder"
    EXTRA=(TMPDIR= HOME=/proc XDG_RUNTIME_DIR=)
    no_exec nowhere s3 '/tmp /dev/shm /run /var/tmp' --group "$(group 6)" "$WORK/noexec"
}

folders() {
    all_listen noexec own-folder
    check "TMPDIR is honoured" loaded_from own-folder "$WORK/mine"
    ends "no folder for libraries" nowhere 2
    unheard "no folder for libraries" nowhere
    says_that "no folder for libraries" nowhere 'noexec.*TMPDIR='
    master packed m 6 --disk "$WORK/text" --codec zstd --slaves 2
    ends "/tmp is noexec" noexec 0
    ends "/tmp is noexec" own-folder 0
    ends "/tmp is noexec" packed 0
    is_copy "/tmp is noexec" noexec text
    is_copy "/tmp is noexec" own-folder text
}

begin 400 openssl sfdisk setpriv unshare
chmod 755 "$WORK"
lan_up 5
random_file "$WORK/red" 16
random_file "$WORK/blue" 16
yes 'some text that zstd makes smaller' | head -c 16M >"$WORK/text" || true
for name in blank copy-red copy-blue device file third; do blank $name; done
two_masters_begin
twice_begin
two_masters
twice
late_begin
misfits_begin
folders_begin
late
misfits
folders
finish
