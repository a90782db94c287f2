# shellcheck shell=bash
# Scenario faults: one slave of eight is slow, stopped, killed, late or rebooted; and disks that hold most of the image already. See
# bench/README.md. Times are those of the events that the programs print with --json: a slave's, from the master's start of data to the
# slave's own end, when its disk is verified.

# shellcheck source=bench/session.sh
. "$(dirname "${BASH_SOURCE[0]}")/session.sh"

FAULT_SLAVES=${FAULT_SLAVES:-8}
FAULT_MIB=${FAULT_MIB:-256}
FAULT_RATE=${FAULT_RATE:-100mbit}
SLOW_DISK=${SLOW_DISK:-1250000}   # bytes a second: 10 % of the link
FAULTS=${FAULTS:-alone all catchup wait drop stopped killed late rebooted delta union}

scenario_faults() {
    local fault repetition
    plain_disks "$FAULT_SLAVES" "$FAULT_MIB"
    lan_up "$FAULT_SLAVES"
    lan_rate m "$FAULT_RATE"
    for ((repetition = 1; repetition <= REPEAT; repetition++)); do
        for fault in $FAULTS; do "fault_$fault"; done
    done
    lan_down
    no_disks
    if python3 "$BENCH/faults.py" judge "$RESULTS"; then pass "faults: every bar is met"; else fail "faults: a bar is not met"; fi
}

# fault_begin NUMBER...: these slaves listen, their disks full of junk
fault_begin() {
    local i
    TARGET=()
    for i in "$@"; do TARGET[i]=${TARGETS[i]}; done
    targets_dirty
    for i in "$@"; do
        slave_up "$i" --json
        wait_for 30 listens "slave$i" || { fail "slave $i does not listen"; show "slave$i"; }
    done
    wire_zero=$(wire_bytes m) datagrams_zero=$(on m cat /sys/class/net/eth0/statistics/tx_packets)
}

# fault_master SLAVES OPTION...
fault_master() {
    master_up --broadcast --json --codec none --all-blocks --disk "$SOURCE" --slaves "$1" "${@:2}"
}

# sent PER_CENT: whether so much of one pass is on the wire
part_sent() { (($(wire_bytes m) - wire_zero >= FAULT_MIB * MIB / 100 * $1)); }

# fault_end FAULT SECONDS MASTER_CODE OTHER_CODE THE_ONE ITS_CODE: waits, compares, writes a line of faults.tsv
fault_end() {
    local fault=$1 one=$5 i wrong=''
    session_end "$2" 40
    [[ ${ENDED[master]} == "$3" ]] || wrong+=" master ${ENDED[master]}"
    for i in $(slave_numbers); do
        local expected=$4
        [[ $i != "$one" ]] || expected=$6
        [[ ${ENDED[$i]} == "$expected" ]] || wrong+=" slave$i ${ENDED[$i]}"
        [[ $expected != 0 ]] || cmp -s "$SOURCE" "${TARGET[$i]}" || wrong+=" slave$i differs"
    done
    python3 "$BENCH/faults.py" add "$RESULTS" "$fault" "$WORK/log" "${one:-0}" "$(($(on m cat /sys/class/net/eth0/statistics/tx_packets) - datagrams_zero))" \
        "$(($(wire_bytes m) - wire_zero))" "$FAULT_MIB" "${FAULT_EXTRA:-}" "${wrong:-right}"
    [[ -z $wrong ]] || { fail "$fault:$wrong"; show master; }
}

others() { seq 1 $((FAULT_SLAVES - 1)); }

fault_alone() {
    # shellcheck disable=SC2046
    fault_begin $(others)
    fault_master $((FAULT_SLAVES - 1))
    fault_end alone 120 0 0 '' 0
}

fault_all() {
    # shellcheck disable=SC2046
    fault_begin $(slave_list "$FAULT_SLAVES")
    fault_master "$FAULT_SLAVES"
    fault_end all 120 0 0 '' 0
}

# with_slow_disk POLICY MASTER_CODE ITS_CODE: the last slave writes to a throttled loop device
with_slow_disk() {
    local n=$FAULT_SLAVES file=${TARGETS[FAULT_SLAVES]} group
    attach "$file" 512
    TARGETS[n]=$DEV
    group=$(throttle "$DEV" "$SLOW_DISK") || { skip "$1: no cgroup for throttling disks"; TARGETS[n]=$file; return 0; }
    # shellcheck disable=SC2046
    fault_begin $(slave_list "$n")
    echo "${PID[slave$n]}" >"$group/cgroup.procs"
    fault_master "$n" --slow "$1"
    fault_end "$1" 500 "$2" 0 "$n" "$3"
    unthrottle "$group"
    detach "$DEV"
    TARGETS[n]=$file
}

fault_catchup() { with_slow_disk catchup 0 0; }
fault_drop() { with_slow_disk drop 3 3; }
fault_wait() { with_slow_disk wait 0 0; }

fault_stopped() {
    local n=$FAULT_SLAVES
    # shellcheck disable=SC2046
    fault_begin $(slave_list "$n")
    fault_master "$n"
    wait_for 60 part_sent 25 || true
    kill -STOP "${PID[slave$n]}"
    sleep 20
    kill -CONT "${PID[slave$n]}"
    fault_end stopped 200 0 0 "$n" 0
}

fault_killed() {
    local n=$FAULT_SLAVES
    # shellcheck disable=SC2046
    fault_begin $(slave_list "$n")
    fault_master "$n"
    wait_for 60 part_sent 50 || true
    kill -9 "${PID[slave$n]}"
    fault_end killed 120 3 0 "$n" 137
}

fault_late() {
    local n=$FAULT_SLAVES
    # shellcheck disable=SC2046
    fault_begin $(others)
    fault_master $((n - 1))
    wait_for 60 part_sent 50 || true
    TARGET[n]=${TARGETS[n]}
    slave_up "$n" --json
    fault_end late 200 0 0 "$n" 0
}

fault_rebooted() {
    local n=$FAULT_SLAVES done
    # shellcheck disable=SC2046
    fault_begin $(slave_list "$n")
    fault_master "$n"
    wait_for 60 part_sent 70 || true
    kill -9 "${PID[slave$n]}"
    wait "${PID[slave$n]}" 2>/dev/null || true
    done=$(python3 "$BENCH/faults.py" done "$WORK/log/slave$n.out")
    slave_up "$n" --json
    FAULT_EXTRA=$((FAULT_MIB * MIB - done))
    fault_end rebooted 200 0 0 "$n" 0
    FAULT_EXTRA=''
}

# One track of 20 is stale: the same ones at each slave, and each its own share of them.
fault_delta() { delta_session delta 0 20; }
fault_union() { delta_session union 20 160; }

# delta_session FAULT SHIFT STEP: slave i holds the source but for the tracks i * SHIFT, i * SHIFT + STEP, ...
delta_session() {
    local i n=$FAULT_SLAVES
    # shellcheck disable=SC2046
    fault_begin $(slave_list "$n")
    for i in $(slave_list "$n"); do python3 "$BENCH/faults.py" age "$SOURCE" "${TARGETS[i]}" $((i * $2)) "$3"; done
    fault_master "$n" --delta
    fault_end "$1" 200 0 0 '' 0
}
