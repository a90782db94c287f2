#!/bin/bash
# One of four slaves has a slow disk, is stopped, joins late or is killed and started again; and disks that hold most of the image already.
# How long that takes the others is measured by bench/run faults; here only how each program ends, and how much was sent.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

MIB_SENT=${MIB_SENT:-48}
RATE=${RATE:-150M}              # bits a second: the pass takes about three seconds
LATE_RATE=${LATE_RATE:-60M}     # for the slave that joins late, in the middle of the pass
SLOW_DISK=${SLOW_DISK:-8000000} # bytes a second that it reads or writes
BOUND=${BOUND:-90}              # seconds in which each session must end
SLAVES=4

TRACK=$((256 * 1024))
PASS=$((MIB_SENT * 4 * (TRACK + 24 + 182 * (28 + 66))))   # wire bytes of a pass: 182 symbols a track, with all headers

# with_slaves NUMBER...: junk on these disks, and their slaves listen
with_slaves() {
    local i
    TARGET=()
    for i in "$@"; do TARGET[i]=${DISKS[i]}; done
    targets_dirty
    # A window of 6 MiB, so that a slow disk is felt within a second
    slaves_up --window 24 --json || true
    BEFORE=$(wire_bytes m)
}

send_to() { master_up --broadcast --json --codec none --all-blocks --disk "$WORK/source" --rate "$RATE" --slaves "$@"; }

to_part() { wait_for 60 sent_at_least m $((BEFORE + PASS * $1 / 100)) || fail "the session does not get to $1 %"; }

wire_sent() { sed -n 's/.*"event":"summary".*"wireBytes":\([0-9]*\).*/\1/p' "$WORK/log/master.out"; }

# sent_at_most TEXT BYTES
sent_at_most() {
    local bytes
    bytes=$(wire_sent)
    check "$1: $((bytes * 100 / PASS)) % of a pass was sent, at most $(($2 * 100 / PASS)) %" test "$bytes" -le "$2"
}

named() { check "$1: the master names it" grep -q "slave4.*$2" "$WORK/log/master.err"; }

# The fourth disk is a loop device that the cgroup throttles
slow_disk() {
    local file=${DISKS[4]} group expected=$3 i
    attach "$file" 512
    if ! group=$(throttle "$DEV" "$SLOW_DISK"); then
        skip "--slow $1: needs the cgroup controller blkio"
        detach "$DEV"
        return 0
    fi
    DISKS[4]=$DEV
    with_slaves 1 2 3 4
    echo "${PID[slave4]}" >"$group/cgroup.procs"
    send_to "$SLAVES" --slow "$1"
    session_end "$BOUND"
    same "${ENDED[4]}" "$expected" >/dev/null || show slave4
    check "--slow $1: exit codes of master, slow slave, others" same "${ENDED[master]} ${ENDED[4]} ${ENDED[1]}${ENDED[2]}${ENDED[3]}" "$2 $expected 000"
    [[ $expected == 0 ]] || unset "TARGET[4]"
    check "--slow $1: targets are the source" targets_equal "$SUM"
    unthrottle "$group"
    detach "$DEV"
    DISKS[4]=$file
}

slow_disks() {
    slow_disk wait 0 0
    slow_disk catchup 0 0
    named "--slow catchup" "cannot keep up and is postponed"
    slow_disk drop 3 3
    named "--slow drop" "too-slow\|too slow\|incomplete"
}

stopped() {
    with_slaves 1 2 3 4
    send_to "$SLAVES"
    to_part 30
    kill -STOP "${PID[slave4]}"
    sleep 6
    kill -CONT "${PID[slave4]}"
    session_end "$BOUND"
    ended "slave stopped for 6 s" 0 0
    named "slave stopped for 6 s" "is silent"
    check "slave stopped for 6 s: targets are the source" targets_equal "$SUM"
    sent_at_most "slave stopped for 6 s" $((PASS * 180 / 100))
}

waits_for_link() { grep -qs 'waiting for the network' "$WORK/log/slave4.err"; }

late() {
    local at
    dirty "${DISKS[4]}"
    # The program has started before: on a busy machine that takes as long as the pass. Then it waits for its link, which comes midway.
    ip -n "$(ns s4)" link set eth0 down
    with_slaves 1 2 3
    TARGET[4]=${DISKS[4]}
    slave_up 4 --json
    wait_for 30 waits_for_link || fail "late slave: it does not wait for its link"
    RATE=$LATE_RATE send_to 3
    to_part 40
    ip -n "$(ns s4)" link set eth0 up
    ip -n "$(ns s4)" route add 224.0.0.0/4 dev eth0
    session_end "$BOUND"
    ended "late slave" 0 0
    check "late slave: targets are the source" targets_equal "$SUM"
    # What was on the wire when it joined is what it lacks; progress is told each 250 ms, so the first after that. A tenth for the time
    # in which its disk opens: at this rate that is some tracks.
    at=$(awk -F'"wireBytes":' '/"slave-joined".*"slave4"/ { joined = 1 } joined && /"progress"/ { sub(/,.*/, "", $2); print $2; exit }' "$WORK/log/master.out")
    check "late slave: it joined while the pass was on" test "$at" -lt $((PASS * 95 / 100))
    sent_at_most "late slave, joined at $((at * 100 / PASS)) %" $((PASS * 110 / 100 + at))
}

rebooted() {
    local has
    with_slaves 1 2 3 4
    send_to "$SLAVES"
    to_part 70
    kill -9 "${PID[slave4]}"
    wait "${PID[slave4]}" 2>/dev/null || true
    has=$(sed -n 's/.*"event":"progress".*"bytesDone":\([0-9]*\).*/\1/p' "$WORK/log/slave4.out" | tail -1)
    slave_up 4 --json
    session_end "$BOUND"
    ended "slave killed at 70 % and started again" 0 0
    check "slave killed at 70 % and started again: targets are the source" targets_equal "$SUM"
    sent_at_most "slave killed at 70 % and started again, with $((${has:-0} / MIB)) MiB" $((PASS * 105 / 100 + PASS * (MIB_SENT - ${has:-0} / MIB) / MIB_SENT))
}

# delta TEXT SHIFT STEP: slave i holds the source but for the tracks i * SHIFT, i * SHIFT + STEP, ...
delta() {
    local i track
    TARGET=("${DISKS[@]}")
    unset "TARGET[0]"
    for i in $(slave_numbers); do
        cp "$WORK/source" "${TARGET[i]}"
        for ((track = i * $2 % $3; track < MIB_SENT * 4; track += $3)); do
            dd if="$WORK/junk" of="${TARGET[i]}" bs="$TRACK" count=1 seek="$track" conv=notrunc status=none
        done
    done
    slaves_up --json || true
    send_to "$SLAVES" --delta
    session_end "$BOUND"
    ended "$1" 0 0
    check "$1: targets are the source" targets_equal "$SUM"
    sent_at_most "$1" $((PASS * 8 / 100))
}

begin $((MIB_SENT * 5 + 150)) openssl
lan_up "$SLAVES"
random_file "$WORK/source" "$MIB_SENT"
compare_with "$WORK/source"
DISKS=('')
for ((i = 1; i <= SLAVES; i++)); do
    DISKS[i]=$WORK/target$i
    truncate -s "${MIB_SENT}M" "$WORK/target$i"
done
slow_disks
stopped
late
rebooted
delta "--delta, the same twentieth stale at each" 0 20
delta "--delta, each its own eightieth stale" 20 80
finish
