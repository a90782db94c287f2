package org.imgblstr.disk.partition;

/**
 * What lies in a partition or on an undivided disk, by its signature only.
 *
 * @param type as blkid calls it: ext4, xfs, btrfs, ntfs, vfat, exfat, swap, LVM2_member, crypto_LUKS, BitLocker, linux_raid_member, squashfs,
 *     iso9660, f2fs; "" when nothing is known there
 * @param label "" when it has none, or keeps it where a signature does not reach (NTFS, exFAT)
 */
public record Content(String type, String label) {
    /** Nothing that is known. */
    public static final Content UNKNOWN = new Content("", "");
}
