#!/bin/bash
# The pipeline of Clonezilla for one disk whose partitions 1 to 4 are FAT, ext4, NTFS and XFS (the sample disk).
#   clonezilla.sh send GROUP DISK SLAVES        clonezilla.sh receive GROUP DISK
# DISK is a loop device with partition devices.
#   clonezilla.sh save FOLDER DISK      used blocks to files, as its server has them
set -euo pipefail

role=$1 group=$2 disk=$3
options=(--interface eth0 --nokbd --no-progress --mcast-rdv-address "$group")
programs=(fat extfs ntfs xfs)
for number in 1 2 3 4; do
    program=partclone.${programs[number - 1]}
    if [[ $role == save ]]; then
        "$program" -c -q -L /dev/null -s "${disk}p$number" -o - 2>/dev/null | zstd -3 -qc >"$group/part$number.zst"
        sync "$group/part$number.zst"
    elif [[ $role == send ]]; then
        "$program" -c -q -L /dev/null -s "${disk}p$number" -o - 2>/dev/null | zstd -3 -qc | udp-sender "${options[@]}" --min-receivers "$4"
    else
        udp-receiver "${options[@]}" | zstd -dqc | partclone.restore -q -L /dev/null -s - -o "${disk}p$number" 2>/dev/null
        sync "${disk}p$number"
    fi
done
