#!/bin/bash
# The ends of the range: a sparse disk of 20 GiB and a floppy of 4 MiB, with master and slave under 512 MiB of memory; and a disk of 1 TiB
# that costs no more than what is used of it.

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

# ext4_disk FILE SIZE: a file system with the same files whatever its size
ext4_disk() {
    truncate -s "$2" "$1"
    mkfs.ext4 -q -F -E nodiscard -J size=64 -d "$WORK/files" "$1"
}

# broadcast_used SIZE: mode 3 of such a disk; sets WIRE_BYTES, READ_BYTES of the master and STORED_KIB of the target
broadcast_used() {
    ext4_disk "$WORK/source" "$1"
    truncate -r "$WORK/source" "$WORK/target"
    watched_session --broadcast --disk "$WORK/source" --slaves 1 --json
    ended "ext4 of $1, broadcast" 0 0
    peaks "ext4 of $1" slave
    WIRE_BYTES=$(sed -n 's/.*"event":"summary".*"wireBytes":\([0-9]*\).*/\1/p' "$WORK/log/master.out")
    READ_BYTES=$(read_bytes master)
    check "ext4 of $1: fsck of the target" e2fsck -fn "$WORK/target"
    STORED_KIB=$(du -k "$WORK/target" | cut -f1)
    note "ext4 of $1: $((READ_BYTES / MIB)) MiB read, $((WIRE_BYTES / 1024)) KiB sent, $STORED_KIB KiB stored"
    rm "$WORK/source" "$WORK/target"
}

# 1 TiB has 8192 groups with bitmaps and descriptors of their own, all of which must be read, some sent: 4 MiB and 0.5 MiB.
used_only() {
    local read wire stored
    mkdir "$WORK/files"
    head -c $((64 * MIB)) /dev/urandom | split -b 1M - "$WORK/files/part"
    broadcast_used 10G
    read=$READ_BYTES wire=$WIRE_BYTES stored=$STORED_KIB
    broadcast_used 1T
    check "1 TiB: no more is read than of 10 GiB, but for its own tables" test "$READ_BYTES" -le $((read + 160 * MIB))
    check "1 TiB: no more is sent" test "$WIRE_BYTES" -le $((wire + 4 * MIB))
    check "1 TiB: no more is written" test "$STORED_KIB" -le $((stored + 160 * 1024))
    rm -r "$WORK/files"
}

# A program that wrote the zeros would fill the folder: the size check is against the worst.
WORK_IN=${WORK_IN:-${TMPDIR:-/var/tmp}}
begin $((BIG_GIB * 1024 + 1024)) python3 mkfs.ext4
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
used_only
finish
