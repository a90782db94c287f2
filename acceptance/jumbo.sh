#!/bin/bash
# Frames of 9000 bytes where every slave gets them, of 1500 where one does not, whether its own interface says so or only the way to it;
# one that comes too late for the choice is refused. No datagram is ever fragmented.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

MIB_SENT=${MIB_SENT:-32}
SLAVES=3

# width PORT MTU: of the bridge's port to a host;  width_at HOST MTU: of the host's own interface
width() { ip -n "$(ns hub)" link set "p$1" mtu "$2"; }
width_at() { ip -n "$(ns "$1")" link set eth0 mtu "$2"; }

# group_route HOST "OPTIONS": the kernel's route to all groups
group_route() {
    # shellcheck disable=SC2086
    ip -n "$(ns "$1")" route replace 224.0.0.0/4 dev eth0 $2
}

# counted HOST NAME: a counter of the kernel's IPv4, by its name in /proc/net/snmp
counted() {
    # shellcheck disable=SC2016
    on "$1" awk -v name="$2" '$1 != "Ip:" { next }
        !at { for (i = 2; i <= NF; i++) if ($i == name) at = i; next }
        { print $at }' /proc/net/snmp
}

frames() { on m cat /sys/class/net/eth0/statistics/tx_packets; }

# with_slaves NUMBER...: junk on these disks, and their slaves listen
with_slaves() {
    local i
    TARGET=()
    for i in "$@"; do TARGET[i]=$WORK/target$i; done
    targets_dirty
    slaves_up || true
    BYTES=$(wire_bytes m) FRAMES=$(frames)
}

send_to() { master_up --broadcast --codec none --all-blocks --disk "$WORK/source" --slaves "$@"; }

# sent TEXT LEAST MOST: how long the frames were that the master sent since the slaves listened, on the average
sent() {
    local mean=$((($(wire_bytes m) - BYTES) / ($(frames) - FRAMES)))
    check "$1: frames of $mean bytes on the average, $2 to $3" test "$mean" -ge "$2" -a "$mean" -le "$3"
    check "$1: nothing was fragmented" same "$(counted m FragCreates)" 0
}

# everybody TEXT LEAST MOST: all slaves, from start to end
everybody() {
    with_slaves 1 2 3
    send_to "$SLAVES"
    session_end 60
    ended "$1" 0 0
    check "$1: targets are the source" targets_equal "$SUM"
    sent "$@"
}

too_late() {
    with_slaves 1 2
    send_to 2 --rate 100M
    wait_for 30 sent_at_least m $((BYTES + 2 * MIB)) || fail "the session does not start"
    TARGET[3]=$WORK/target3
    slave_up 3
    session_end 60
    check "too late: exit codes of master, slaves, the late one" same "${ENDED[master]} ${ENDED[1]}${ENDED[2]} ${ENDED[3]}" "0 00 10"
    check "too late: the master names it, and what to do" grep -q 'slave3 (10.77.0.13) cannot take part.*8972 bytes.*1472; set the MTU' "$WORK/log/master.err"
    check "too late: so does the slave" grep -q 'datagrams of 8972 bytes, but this interface takes 1472; set the MTU' "$WORK"/log/slave3.{out,err}
    unset "TARGET[3]"
    check "too late: the others' targets are the source" targets_equal "$SUM"
    sent "too late" 8000 9014
}

begin $((MIB_SENT * 4 + 200)) openssl
MTU=9000 lan_up "$SLAVES"
random_file "$WORK/source" "$MIB_SENT"
compare_with "$WORK/source"
for ((i = 1; i <= SLAVES; i++)); do truncate -s "${MIB_SENT}M" "$WORK/target$i"; done
everybody "all of 9000" 8000 9014
width s2 1500
everybody "the way to one of 1500" 1300 1514
width_at s2 1500
everybody "one of 1500 and the way to it" 1300 1514
width s2 9000
width_at s2 9000
group_route m "mtu lock 1500"
everybody "the master's own route of 1500" 1300 1514
group_route m ""
width_at s3 1500
too_late
finish
