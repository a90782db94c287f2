#!/bin/bash
# Programs that end in the middle: a slave killed, the master killed, the master interrupted.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

MIB_SENT=${MIB_SENT:-48}
RATE=${RATE:-80M}         # bits a second: the pass takes about five seconds
BOUND=${BOUND:-60}        # seconds in which the others must notice
SLAVES=3

half_sent() { sent_at_least m $((BEFORE + MIB_SENT * MIB / 2)); }

# to_the_middle: starts a session and returns when half of the disk is on the wire
to_the_middle() {
    targets_dirty
    slaves_up || true
    BEFORE=$(wire_bytes m)
    master_up --broadcast --disk "$WORK/source" --slaves "$SLAVES" --rate "$RATE"
    if ! wait_for 60 half_sent; then
        fail "$1: the session does not get to its middle"
        show master
        return 1
    fi
}

slave_killed() {
    to_the_middle "slave killed" || return 0
    kill -9 "${PID[slave2]}"
    session_end $((BOUND + 30))
    check "slave killed: master exits 3" same "${ENDED[master]}" 3
    check "slave killed: master names it" grep -q slave2 "$WORK/log/master.err" "$WORK/log/master.out"
    for i in 1 3; do
        check "slave killed: slave $i exits 0" same "${ENDED[$i]}" 0
        check "slave killed: slave $i has the disk" same "$(digest "${TARGET[$i]}")" "$SUM"
    done
    [[ ${ENDED[master]} == 3 ]] || show master
}

master_killed() {
    local since
    to_the_middle "master killed" || return 0
    kill -9 "${PID[master]}"
    since=$SECONDS
    session_end "$BOUND" "$BOUND"
    ended "master killed, after $((SECONDS - since)) s" 137 14
    check "master killed: slaves notice within $BOUND s" test $((SECONDS - since)) -le "$BOUND"
}

master_interrupted() {
    local since
    to_the_middle "master interrupted" || return 0
    kill -INT "${PID[master]}"
    since=$SECONDS
    session_end "$BOUND"
    ended "master interrupted, after $((SECONDS - since)) s" 130 14
    check "master interrupted: slaves are told, not left to find out" test $((SECONDS - since)) -le 10
}

slave_interrupted() {
    to_the_middle "slave interrupted" || return 0
    kill -INT "${PID[slave2]}"
    session_end "$BOUND"
    check "slave interrupted: it exits 130" same "${ENDED[2]}" 130
    check "slave interrupted: master exits 3" same "${ENDED[master]}" 3
    check "slave interrupted: master names it" grep -q slave2 "$WORK/log/master.err" "$WORK/log/master.out"
    check "slave interrupted: slave 1 has the disk" same "${ENDED[1]} $(digest "${TARGET[1]}")" "0 $SUM"
}

begin $((MIB_SENT * 4 + 100)) openssl
lan_up "$SLAVES"
random_file "$WORK/source" "$MIB_SENT"
compare_with "$WORK/source"
for ((i = 1; i <= SLAVES; i++)); do
    TARGET[i]=$WORK/target$i
    truncate -s "${MIB_SENT}M" "$WORK/target$i"
done
slave_killed
master_killed
master_interrupted
slave_interrupted
finish
