#!/bin/bash
# The ends of the range: a sparse disk of 20 GiB and a floppy of 4 MiB, with master and slave under 512 MiB of memory.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

BIG_GIB=${BIG_GIB:-20}
LIMIT_MIB=512

# peaks TEXT: memory of the last session
peaks() {
    check "$1: master's memory $(peak_mib master) MiB, limit $LIMIT_MIB" test "$(peak_mib master)" -le "$LIMIT_MIB"
    [[ -z ${2:-} ]] || check "$1: slave's memory $(peak_mib slave1) MiB, limit $LIMIT_MIB" test "$(peak_mib slave1)" -le "$LIMIT_MIB"
}

watched_session() {
    slaves_up || true
    master_up "$@"
    watch master
    watch slave1
    session_end 240
}

# all_modes TEXT: the files source, target and local through upload, broadcast, and both downloads
all_modes() {
    local text=$1
    start master - "$MASTER" --yes --upload "$WORK/image" --disk "$WORK/source"
    watch master
    outcome master 240
    check "$text: upload exits 0" same "$CODE" 0
    [[ $CODE == 0 ]] || show master
    peaks "$text, upload"
    watched_session --broadcast --disk "$WORK/source" --slaves 1
    ended "$text, broadcast" 0 0
    peaks "$text, broadcast" slave
    check "$text: the target is the source" "$PROJECT/acceptance/same.py" "$WORK/source" "$WORK/target"
    rm "$WORK/target"
    truncate -r "$WORK/source" "$WORK/target" "$WORK/local"
    watched_session --download "$WORK/image" --broadcast --disk "$WORK/local" --slaves 1
    ended "$text, download and broadcast" 0 0
    peaks "$text, download and broadcast" slave
    check "$text: the local disk is the source" "$PROJECT/acceptance/same.py" "$WORK/source" "$WORK/local"
    check "$text: the target is the source" "$PROJECT/acceptance/same.py" "$WORK/source" "$WORK/target"
    rm "$WORK/image" "$WORK/source" "$WORK/target" "$WORK/local"
}

# A program that wrote the zeros would fill the folder: the size check is against the worst.
WORK_IN=${WORK_IN:-${TMPDIR:-/var/tmp}}
begin $((BIG_GIB * 1024 + 1024)) python3
lan_up 1
TARGET[1]=$WORK/target

head -c $((4 * MIB)) /dev/urandom >"$WORK/source"
truncate -r "$WORK/source" "$WORK/target" "$WORK/local"
all_modes "floppy of 4 MiB"

truncate -s "${BIG_GIB}G" "$WORK/source"
for gib in 0 $((BIG_GIB / 3)) $((BIG_GIB - 1)); do
    head -c $((24 * MIB)) /dev/urandom | dd of="$WORK/source" bs=1M seek=$((gib * 1024 + 1000)) iflag=fullblock conv=notrunc status=none
done
truncate -r "$WORK/source" "$WORK/target" "$WORK/local"
all_modes "sparse disk of $BIG_GIB GiB"
finish
