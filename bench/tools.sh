# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153   # read and set by bench/run
# The programs that are compared. Each function tool_X N sends $SOURCE (or the partitions of $SOURCE_FILE) to N slaves, whose targets
# are ${TARGETS[1..N]}, is measured by watch.py, and leaves RESULT[...] and GOOD (1 when all programs said so).

# shellcheck source=bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

BENCH=$PROJECT/bench
GROUP=239.77.1.1
declare -A RESULT=()
TARGETS=()
OURS_MASTER=()           # options of ours that a scenario adds
OURS_SLAVE=()
DATAGRAM=1472            # payload that the frames of this LAN carry
SEGMENTS=1               # datagrams a bare blaster gives to one system call
PER_HOST=''              # MiB that the bare blaster sends

slave_list() { seq 1 "$1"; }

pids_of() {
    local name list=''
    for name in "$@"; do list+=${list:+,}${PID[$name]}; done
    printf '%s' "$list"
}

# measured LIMIT_SECONDS RECEIVER_NAMES COMMAND...: runs the sender on host m; sets RESULT and GOOD
measured() {
    local limit=$1 receivers=$2 name key value
    shift 2
    rm -f "$WORK/measured"
    # shellcheck disable=SC2086
    start sender m python3 "$BENCH/watch.py" "$WORK/measured" eth0 "$(pids_of $receivers)" "$@"
    outcome sender "$limit"
    GOOD=$((CODE == 0))
    local deadline=$((SECONDS + (CODE == 124 ? 0 : 20)))
    for name in $receivers; do
        outcome "$name" $((deadline > SECONDS ? deadline - SECONDS : 0))
        ((CODE == 0)) || GOOD=0
    done
    ((GOOD)) || end_all m
    RESULT=()
    [[ -f $WORK/measured ]] || { GOOD=0; return 0; }
    while IFS='=' read -r key value; do RESULT[$key]=$value; done <"$WORK/measured"
    [[ ${RESULT[exit]} == 0 ]] || GOOD=0
}

# end_all HOST: whatever still runs on a host of the LAN. What was ended late leaves its children behind.
end_all() {
    local pid
    for pid in $(ip netns pids "$(ns "$1")"); do kill -9 "$pid" 2>/dev/null || true; done
}

ours_slaves() {
    local i
    RECEIVERS=''
    for i in $(slave_list "$1"); do
        start "r$i" "s$i" "$SLAVE" --yes --label "slave$i" "${OURS_SLAVE[@]}" "${TARGETS[i]}"
        RECEIVERS+=" r$i"
        # No more than four begin at a time
        ((i % 4)) || wait_for 60 grep -q '^listening' "$WORK/log/r$i.err" || return 1
    done
    for i in $(slave_list "$1"); do wait_for 60 grep -q '^listening' "$WORK/log/r$i.err" || return 1; done
}

# Mode 3 of the whole disk, verified
tool_ours() {
    ours_slaves "$1" || { GOOD=0; return 0; }
    measured "$LIMIT" "$RECEIVERS" "$MASTER" --yes --broadcast --disk "$SOURCE" --slaves "$1" "${OURS_MASTER[@]}"
}

# udp-receiver would cut its file to nothing first; written through stdout, the memory of the target stays.
udpcast_receivers() {
    local i
    RECEIVERS=''
    for i in $(slave_list "$1"); do
        start "r$i" "s$i" bash -c "set -o pipefail; $2" bash "${TARGETS[i]}"
        RECEIVERS+=" r$i"
    done
    sleep 0.5
}

UDP_RECEIVER="udp-receiver --interface eth0 --nokbd --no-progress --mcast-rdv-address $GROUP"
UDP_SENDER="udp-sender --interface eth0 --nokbd --no-progress --mcast-rdv-address $GROUP"

tool_udpcast() {
    # shellcheck disable=SC2016
    udpcast_receivers "$1" "exec $UDP_RECEIVER"' 1<>"$1"'
    # shellcheck disable=SC2086
    measured "$LIMIT" "$RECEIVERS" $UDP_SENDER "${UDPCAST_SENDER[@]}" --min-receivers "$1" --file "$SOURCE"
}
UDPCAST_SENDER=()

# 16 of 144 packets are parity, spread over 8 stripes, as its manual suggests for lossy networks
tool_udpcast_fec() {
    UDPCAST_SENDER=(--fec 8x16/128)
    tool_udpcast "$1"
    UDPCAST_SENDER=()
}

# The whole disk through zstd -1, as the scripts on the web do it
tool_zstd_udpcast() {
    # shellcheck disable=SC2016
    udpcast_receivers "$1" "$UDP_RECEIVER"' | zstd -dqc 1<>"$1"'
    measured "$LIMIT" "$RECEIVERS" bash -c "set -o pipefail; zstd -1 -T0 -qc <'$SOURCE' | $UDP_SENDER --min-receivers $1"
}

# Clonezilla's way: used blocks of a partition through zstd -3, a partition after the other. Its partition tables and its
# waits between partitions are left out.
tool_clonezilla() {
    local i
    RECEIVERS=''
    for i in $(slave_list "$1"); do
        start "r$i" "s$i" "$BENCH/clonezilla.sh" receive "$GROUP" "${TARGETS[i]}"
        RECEIVERS+=" r$i"
    done
    sleep 0.5
    measured "$LIMIT" "$RECEIVERS" "$BENCH/clonezilla.sh" send "$GROUP" "$SOURCE" "$1"
}

# uftpd does not end by itself, and makes a new file each time.
tool_uftp() {
    local i hosts='' id status
    for i in $(slave_list "$1"); do
        id=$(printf '0x%08X' $((0x0A4D0000 + i)))
        hosts+=${hosts:+,}$id
        mkdir -p "$WORK/uftp$i"
        start "u$i" "s$i" uftpd -d -t -I eth0 -U "$id" -D "$WORK/uftp$i" -B 8388608 -M 239.77.2.1
    done
    sleep 0.5
    measured "$LIMIT" '' uftp -I eth0 -R "${UFTP_KBIT:--1}" -B 8388608 -b $((DATAGRAM - 172)) -M 239.77.2.1 -P 239.77.3.x -H "$hosts" "$SOURCE"
    RESULT[receiver_kib]=0
    RESULT[receiver_cpu]=0
    for i in $(slave_list "$1"); do
        RESULT[receiver_cpu]=$(awk -v sum="${RESULT[receiver_cpu]}" -v ticks="$(getconf CLK_TCK)" '{ print sum + ($14 + $15) / ticks }' "/proc/${PID[u$i]}/stat" 2>/dev/null \
            || echo "${RESULT[receiver_cpu]}")
        status=$(awk '/VmHWM/ { print $2 }' "/proc/${PID[u$i]}/status" 2>/dev/null || echo 0)
        ((status <= RESULT[receiver_kib])) || RESULT[receiver_kib]=$status
        stop "u$i"
        TARGETS_UFTP[i]=$WORK/uftp$i/$(basename "$SOURCE")
    done
}
TARGETS_UFTP=()

# The ceiling: nothing is repaired, nothing is written. What arrived at the slaves (mean) in the time that it took counts.
tool_blaster() {
    local i
    RECEIVERS=''
    for i in $(slave_list "$1"); do
        start "r$i" "s$i" "$WORK/blast" recv 239.77.4.1 7777 "10.77.0.$((10 + i))"
        RECEIVERS+=" r$i"
    done
    for i in $(slave_list "$1"); do wait_for 10 grep -q '^listening' "$WORK/log/r$i.err"; done
    measured "$LIMIT" "$RECEIVERS" "$WORK/blast" send 239.77.4.1 7777 10.77.0.1 "$PER_HOST" "$DATAGRAM" "$SEGMENTS"
    RESULT[blasted]=$(for i in $(slave_list "$1"); do cat "$WORK/log/r$i.out"; done \
        | awk '{ rate += $1 / $2 / 1e6; bytes += $1 } END { printf "%.1f %.0f", rate / NR, bytes / NR }')
}
