#!/bin/bash
# Only used blocks travel: a GPT disk with EFI FAT, ext4, NTFS, XFS, swap and Btrfs, with stale data in free space, restored by modes 1 and 4
# and by mode 3 onto targets of junk. Every file system passes fsck and mounts with every file; what is free keeps its junk, or is discarded.
# So on disks that are shorter than the source, whose GPT is made to fit.
# The images of partitions are compared with partclone | zstd at the same level.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

SIZE_MIB=${SIZE_MIB:-624}
BTRFS_MIB=${BTRFS_MIB:-128}   # mkfs.btrfs makes nothing smaller than 109 MiB
MOST_RATIO=${MOST_RATIO:-1.02}
export WIRE=offload

# filesystems_whole TEXT FILE
filesystems_whole() {
    local number
    for number in 1 2 3 4 5 6; do
        check "$1: partition $number passes fsck, and has every file" whole_filesystem "$2" 512 "$number" "$WORK/source.$number.sums"
    done
}

now() { printf '%s' "${EPOCHREALTIME/./}"; }

# upload NAME OPTION...: makes an image; notes its size, what was read for it, and how long it took
upload() {
    local name=$1 began before
    shift
    blockdev --flushbufs "$SOURCE"
    before=$(sectors_read "$SOURCE")
    began=$(now)
    start master - "$MASTER" --yes --no-verify --upload "$WORK/$name.img" --disk "$SOURCE" "$@"
    outcome master 120
    check "mode 1, $name: exit code" same "$CODE" 0
    [[ $CODE == 0 ]] || show master
    note "$name: image $(($(stat -c %s "$WORK/$name.img") / 1024)) KiB, $((($(sectors_read "$SOURCE") - before) / 2048)) MiB of $SIZE_MIB read," \
        "$((($(now) - began) / 1000)) ms with the start of the program"
}

# new_files TEXT FILE: the restored ext4 takes thousands of new files, whose inodes lie where its tables were never used
new_files() {
    local folder
    partition_range "$2" 512 2
    attach "$2" 512 "$FROM" "$LENGTH"
    mount -t ext4 "$DEV" "$WORK/mnt"
    for folder in "$WORK/mnt"/new{1..20}; do mkdir "$folder" && touch "$folder"/{1..200}; done
    unmount "$WORK/mnt"
    check "$1: ext4 passes fsck with 4000 new files" e2fsck -fn "$DEV"
    detach "$DEV"
}

restored() {
    dirty "$LOCAL" oflag=seek_bytes,direct
    start master - "$MASTER" --yes --download "$WORK/used.img" --disk "$LOCAL"
    outcome master 120
    check "mode 4: exit code" same "$CODE" 0
    [[ $CODE == 0 ]] || show master
    filesystems_whole "mode 4" "$WORK/local"
    new_files "mode 4" "$WORK/local"
}

# broadcast TEXT SLAVE_OPTION...
broadcast() {
    local text=$1 i
    shift
    targets_dirty
    slaves_up "$@" || true
    master_up --broadcast --disk "$SOURCE" --slaves 2
    session_end 120
    ended "$text" 0 0
    for i in 1 2; do filesystems_whole "$text, target $i" "$WORK/target$i"; done
}

sound_table() { sgdisk -v "$1" | tee "$WORK/log/sgdisk" | grep -q 'No problems found' || { cat "$WORK/log/sgdisk"; return 1; }; }

# Targets that are shorter than the source by what lies behind its last partition, and one that is too short for the table's backup.
shorter() {
    local bytes=$((SIZE_MIB * MIB - 3 * MIB / 4)) junk=$WORK/short
    truncate -s "$bytes" "$junk"
    dirty "$junk"
    start master - "$MASTER" --yes --download "$WORK/used.img" --disk "$junk"
    outcome master 120
    check "mode 4 onto a shorter disk: exit code" same "$CODE" 0
    [[ $CODE == 0 ]] || show master
    check "mode 4 onto a shorter disk: the table is sound" sound_table "$junk"
    filesystems_whole "mode 4 onto a shorter disk" "$junk"
    dirty "$junk"
    start slave3 s1 "$SLAVE" --yes "$junk"
    wait_for 30 listens slave3 || show slave3
    start master m "$MASTER" --yes --broadcast --disk "$SOURCE" --slaves 1
    outcome master 120
    check "mode 3 onto a shorter disk: exit code" same "$CODE" 0
    outcome slave3 30
    check "mode 3 onto a shorter disk: exit code of the slave" same "$CODE" 0
    check "mode 3 onto a shorter disk: the table is sound" sound_table "$junk"
    filesystems_whole "mode 3 onto a shorter disk" "$junk"
    truncate -s $((SIZE_MIB * MIB - MIB)) "$junk"
    start master - "$MASTER" --yes --download "$WORK/used.img" --disk "$junk"
    outcome master 60
    check "mode 4 onto a disk that is too short: exit code" same "$CODE" 10
    check "mode 4 onto a disk that is too short: says what is lacking" grep -q '[0-9] bytes are lacking' "$WORK/log/master.err"
    rm "$junk"
}

# partclone_of TYPE: the program that knows a file system
partclone_of() {
    case $1 in
        vfat) echo partclone.vfat ;;
        ext4) echo partclone.extfs ;;
        ntfs) echo partclone.ntfs ;;
        xfs) echo partclone.xfs ;;
    esac
}

# Bytes that partclone makes of a device.
partclone_bytes() {
    local program
    program=$(partclone_of "$1")
    "$program" -c -s "$2" -o - -L "$WORK/log/partclone.log" 2>"$WORK/log/partclone.err" | zstd -q -1 -c | wc -c
}

# Adds up the partitions whose file system tells what is used; the others are read in full, which is said.
compared() {
    local number type theirs ours sum_theirs=0 sum_ours=0 image=$WORK/part.img plan
    for number in 1 2 3 4; do
        partition_range "$WORK/source" 512 "$number"
        attach "$WORK/source" 512 "$FROM" "$LENGTH" -r
        type=$(blkid -p -o value -s TYPE "$DEV")
        theirs=$(partclone_bytes "$type" "$DEV")
        detach "$DEV"
        plan=$("$MASTER" --plan --upload "$image" --disk "$SOURCE" --partition "$number")
        if grep -q 'is read:' <<<"$plan"; then
            note "partition $number: $(grep 'is read:' <<<"$plan" | sed 's/^ *//')"
            continue
        fi
        "$MASTER" --quiet --yes --upload "$image" --disk "$SOURCE" --partition "$number" --codec zstd:1 >"$WORK/log/part.out"
        ours=$(stat -c %s "$image")
        rm "$image"
        note "partition $number, $type: $ours bytes, partclone and zstd $theirs, ratio $(ratio "$ours" "$theirs")"
        sum_ours=$((sum_ours + ours)) sum_theirs=$((sum_theirs + theirs))
    done
    check "images to partclone and zstd: $(ratio "$sum_ours" "$sum_theirs"), at most $MOST_RATIO" \
        awk -v ours="$sum_ours" -v theirs="$sum_theirs" -v most="$MOST_RATIO" 'BEGIN { exit !(ours <= most * theirs) }'
}

ratio() { awk -v ours="$1" -v theirs="$2" 'BEGIN { printf "%.3f", ours / theirs }'; }

begin $((SIZE_MIB * 6 + 500)) sfdisk sgdisk mkfs.fat fsck.fat mkfs.ext4 e2fsck mkntfs ntfs-3g ntfsfix mkfs.xfs xfs_repair mkswap mkfs.btrfs btrfs \
    mcopy openssl python3 tar partclone.extfs partclone.vfat partclone.ntfs partclone.xfs zstd
lan_up 2
sample_disk "$WORK/source" 512 "$SIZE_MIB" "$BTRFS_MIB"
attach "$WORK/source" 512 0 $((SIZE_MIB * MIB)) -r
SOURCE=$DEV
for file in local target1 target2; do
    truncate -s "${SIZE_MIB}M" "$WORK/$file"
    attach "$WORK/$file" 512
    case $file in
        local) LOCAL=$DEV ;;
        *) TARGET[${file#target}]=$DEV ;;
    esac
done

"$MASTER" --plan --upload "$WORK/used.img" --disk "$SOURCE" | sed 's/^/      /'
upload all-blocks --all-blocks
upload used
check "the image of used blocks is smaller" test "$(stat -c %s "$WORK/used.img")" -lt "$(stat -c %s "$WORK/all-blocks.img")"
check "the image of used blocks verifies" "$MASTER" verify "$WORK/used.img"
rm "$WORK/all-blocks.img"
restored
shorter
compared
broadcast "mode 3"
check "mode 3: free space keeps its junk, the same on both" targets_equal "$(digest "${TARGET[1]}")"
before=$(du -k "$WORK/target1" | cut -f1)
broadcast "mode 3 with --discard" --discard
after=$(du -k "$WORK/target1" | cut -f1)
check "mode 3 with --discard: free space is given back ($after of $before KiB are left)" test "$after" -lt $((before * 9 / 10))
new_files "mode 3" "$WORK/target2"
finish
