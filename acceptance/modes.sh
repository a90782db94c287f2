#!/bin/bash
# The six modes by flags, with real file systems, on disks of 512 and of 4096 byte sectors, to four slaves: every byte identical with
# --all-blocks, every file system and file whole without it; then one partition, and two of five.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

SIZE_MIB=${SIZE_MIB:-496}
SLAVES=4
export WIRE=offload

disks_up() {
    local sector=$1 i
    sample_disk "$WORK/source-$sector" "$sector" "$SIZE_MIB"
    attach "$WORK/source-$sector" "$sector" 0 $((SIZE_MIB * MIB)) -r
    SOURCE=$DEV
    compare_with "$SOURCE"
    attach "$WORK/local" "$sector"
    LOCAL=$DEV
    for ((i = 1; i <= SLAVES; i++)); do
        attach "$WORK/target$i" "$sector"
        TARGET[i]=$DEV
    done
}

disks_down() {
    local disk
    for disk in "$SOURCE" "$LOCAL" "${TARGET[@]}"; do detach "$disk"; done
    rm -f "$WORK/source-$1" "$WORK"/*.img
}

# filesystems_whole TEXT FILE SECTOR_BYTES
filesystems_whole() {
    local number
    for number in 1 2 3 4 5; do
        check "$1: partition $number passes fsck, and has every file" whole_filesystem "$2" "$3" "$number" "$WORK/source-$3.$number.sums"
    done
}

mode_1() {
    local image=$WORK/one.img
    start master - "$MASTER" --yes --upload "$image" --disk "$SOURCE" --all-blocks
    outcome master 120
    check "$1 mode 1: exit code" same "$CODE" 0
    check "$1 mode 1: image verifies" "$MASTER" verify "$image"
    check "$1 mode 1: image holds the disk" same "$("$MASTER" export "$image" - | openssl dgst -sha256 -r | cut -d' ' -f1)" "$SUM"
}

mode_2() {
    targets_dirty
    slaves_up || true
    blockdev --flushbufs "$SOURCE"
    before=$(sectors_read "$SOURCE")
    master_up --upload "$WORK/two.img" --broadcast --disk "$SOURCE" --slaves "$SLAVES" --all-blocks
    session_end 180
    after=$(sectors_read "$SOURCE")
    ended "$1 mode 2" 0 0
    check "$1 mode 2: targets are the disk" targets_equal "$SUM"
    check "$1 mode 2: image verifies" "$MASTER" verify "$WORK/two.img"
    check "$1 mode 2: reads the source once ($(((after - before) / 2048)) MiB of $SIZE_MIB)" \
        test $(((after - before) / 2048)) -le $((SIZE_MIB * 110 / 100))
}

mode_3() {
    targets_dirty
    session 180 --broadcast --disk "$SOURCE" --slaves "$SLAVES" --all-blocks
    ended "$1 mode 3" 0 0
    check "$1 mode 3: targets are the disk" targets_equal "$SUM"
}

mode_4() {
    dirty "$LOCAL"
    start master - "$MASTER" --yes --download "$WORK/one.img" --disk "$LOCAL"
    outcome master 120
    check "$1 mode 4: exit code" same "$CODE" 0
    [[ $CODE == 0 ]] || show master
    check "$1 mode 4: the disk is the source" same "$(digest "$LOCAL")" "$SUM"
}

mode_5() {
    targets_dirty "$LOCAL"
    session 180 --download "$WORK/two.img" --broadcast --disk "$LOCAL" --slaves "$SLAVES"
    ended "$1 mode 5" 0 0
    check "$1 mode 5: targets are the source" targets_equal "$SUM"
    check "$1 mode 5: the local disk is the source" same "$(digest "$LOCAL")" "$SUM"
    filesystems_whole "$1 mode 5, target 1" "$WORK/target1" "$1"
}

# Without reading back, what the master reads is the image (and its own program files).
mode_5_reads_once() {
    local image=$WORK/two.img mib
    mib=$(($(stat -c %s "$image") / MIB))
    slaves_up --no-verify || true
    master_up --download "$image" --broadcast --disk "$LOCAL" --slaves "$SLAVES" --no-verify
    watch master
    session_end 180
    ended "$1 mode 5 without reading back" 0 0
    check "$1 mode 5: reads the image once ($(($(read_bytes master) / MIB)) MiB of $mib)" \
        test $(($(read_bytes master) / MIB)) -le $((mib * 3 / 2 + 16))
}

mode_6() {
    targets_dirty
    session 180 --download "$WORK/one.img" --broadcast --slaves "$SLAVES"
    ended "$1 mode 6" 0 0
    check "$1 mode 6: targets are the source" targets_equal "$SUM"
}

# What no file system uses is left as it was: junk, the same on all targets.
used_blocks_only() {
    local first
    targets_dirty
    session 180 --broadcast --disk "$SOURCE" --slaves "$SLAVES"
    ended "$1 used blocks" 0 0
    first=$(digest "${TARGET[1]}")
    check "$1 used blocks: all targets are alike" targets_equal "$first"
    filesystems_whole "$1 used blocks, target $SLAVES" "$WORK/target$SLAVES" "$1"
}

# A partition goes to a larger partition at another place, named by its own device.
one_partition() {
    local i from length expected disks=()
    partition_range "$SOURCE" "$1" 2
    from=$FROM length=$LENGTH
    expected=$(digest "$SOURCE" "$from" "$length")
    for i in $(slave_numbers); do
        disks[i]=${TARGET[i]}
        printf 'label: gpt\nstart=33MiB, size=%dMiB\n' $((length / MIB + 4)) | sfdisk -q "${TARGET[i]}" >/dev/null 2>&1
        partx -a "${TARGET[i]}"
        TARGET[i]=${TARGET[i]}p1
    done
    targets_dirty
    session 120 --broadcast --disk "$SOURCE" --partition 2 --slaves "$SLAVES" --all-blocks
    ended "$1 partition 2" 0 0
    check "$1 partition 2: targets have the partition" targets_equal "$expected" 0 "$length"
    for i in $(slave_numbers); do
        TARGET[i]=${disks[i]}
        forget_partitions "${TARGET[i]}"
    done
}

# Two of five partitions go to the partitions of the same numbers; the rest of the target stays as it is.
two_partitions() {
    local i number kept
    targets_dirty
    for i in $(slave_numbers); do table_to "${TARGET[$i]}"; done
    partition_range "$SOURCE" "$1" 4
    kept=$(digest "${TARGET[1]}" "$FROM" "$LENGTH")
    session 120 --broadcast --disk "$SOURCE" --partition 2,windows --slaves "$SLAVES" --all-blocks
    ended "$1 partitions 2 and 3" 0 0
    for number in 2 3; do
        partition_range "$SOURCE" "$1" "$number"
        check "$1 partitions 2 and 3: targets have partition $number" \
            targets_equal "$(digest "$SOURCE" "$FROM" "$LENGTH")" "$FROM" "$LENGTH"
    done
    partition_range "$SOURCE" "$1" 4
    check "$1 partitions 2 and 3: partition 4 is left alone" targets_equal "$kept" "$FROM" "$LENGTH"
}

table_to() {
    dd if="$SOURCE" of="$1" bs=1M count=1 conv=notrunc status=none
    dd if="$SOURCE" of="$1" bs=1M skip=$((SIZE_MIB - 1)) seek=$((SIZE_MIB - 1)) conv=notrunc status=none
    sync "$1"
}

begin $((SIZE_MIB * 6 + 700)) sfdisk mkfs.fat fsck.fat mkfs.ext4 mkntfs ntfs-3g mkfs.xfs mkswap mcopy openssl python3 tar partx
lan_up "$SLAVES"
for file in local target{1..4}; do truncate -s "${SIZE_MIB}M" "$WORK/$file"; done
for sector in ${SECTORS:-512 4096}; do
    disks_up "$sector"
    for each in ${MODES:-mode_1 mode_2 mode_3 mode_4 mode_5 mode_5_reads_once mode_6 used_blocks_only one_partition two_partitions}; do
        "$each" "$sector"
    done
    disks_down "$sector"
done
finish
