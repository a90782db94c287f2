package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;
import org.imgblstr.disk.filesystem.VolumePatch;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.filesystem.fat.FatSectors;
import org.imgblstr.disk.filesystem.ntfs.NtfsSectors;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TableTranslation;

/**
 * A disk as one with sectors of another size: what changes in its table and in its file systems, which all keep their bytes. Nothing is
 * written here. Immutable. Source: docs/targets.md, section 11.
 *
 * @param sizeBytes of the disk afterwards
 * @param patches bytes of the disk, in the order in which they are to be written
 * @param changed what changes, for people: {@code GPT}, {@code vfat of partition 1}
 * @param moreBytes what the table takes more behind the last partition, 0 or more
 */
public record SectorTranslation(long sizeBytes, List<VolumePatch> patches, List<String> changed, long moreBytes) {
    private static final int EXT_BLOCK_SHIFT = 1024 + 24;
    private static final int BTRFS_SECTOR = 65_536 + 0x90;
    private static final int XFS_SECTOR = 102;
    private static final int MOST_EXT_SHIFT = 6;
    private static final int PAGE_BYTES = 4096;
    private static final int PIECE_BYTES = 1 << 20;

    /** A partition without a known content is looked through for bytes other than zero up to this length. */
    private static final long MOST_SEARCHED_BYTES = 1L << 30;

    /** What Windows leaves empty, and what only a BIOS starts from. */
    private static final Set<String> WITHOUT_SECTORS =
            Set.of("E3C9E316-0B5C-4DB8-817D-F92DF00215AE", "21686148-6449-6E6F-744E-656564454649");

    public SectorTranslation {
        patches = List.copyOf(patches);
        changed = List.copyOf(changed);
    }

    /**
     * Decides.
     *
     * @param disk with sectors of the present size
     * @param toBytes size of the new sectors: 512 or 4096
     * @throws RefusedException when something on it would not be right then; the message is a clause that names the first such thing
     */
    public static SectorTranslation of(Disk disk, int toBytes) throws DeviceException, RefusedException {
        PartitionTable table;
        try {
            table = PartitionTable.read(disk);
        } catch (MalformedTableException e) {
            throw refused(e.getMessage());
        }
        TableTranslation translated = TableTranslation.of(disk, table, toBytes);
        List<VolumePatch> patches = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        int sectorBytes = disk.sectorBytes();
        for (Partition partition : table.partitions()) {
            long first = partition.firstLba() * sectorBytes;
            Volume volume = new Volume(disk, first, partition.sectorCount() * sectorBytes);
            if (!WITHOUT_SECTORS.contains(partition.typeId())) {
                add(volume, 0, toBytes, "partition " + partition.number(), patches, changed);
            }
        }
        boolean isEmptyMbr = table instanceof PartitionTable.Mbr mbr
                && mbr.partitions().isEmpty()
                && mbr.extended().isEmpty();
        if (table instanceof PartitionTable.None || isEmptyMbr) {
            long whole = disk.sizeBytes() / sectorBytes * sectorBytes;
            int bootBytes = isEmptyMbr ? VolumePatch.UNIT_BYTES : 0;
            add(new Volume(disk, 0, whole), bootBytes, toBytes, "the undivided disk", patches, changed);
        }
        if (!(table instanceof PartitionTable.None)) {
            changed.add(0, table instanceof PartitionTable.Gpt ? "GPT" : "MBR");
        }
        patches.addAll(translated.patches());
        return new SectorTranslation(translated.sizeBytes(), patches, changed, translated.moreBytes());
    }

    /** A part of the disk without a device of its own, which no other program is asked about. */
    private record Volume(VolumeSlice slice, long firstByte) implements BlockSource {
        Volume(Disk disk, long firstByte, long sizeBytes) {
            this(new VolumeSlice(disk, firstByte, sizeBytes), firstByte);
        }

        @Override
        public long sizeBytes() {
            return slice.sizeBytes();
        }

        @Override
        public int sectorBytes() {
            return slice.sectorBytes();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws DeviceException {
            slice.read(offset, into);
        }
    }

    /** {@code bootBytes}: so many at the start may be code that starts a machine, without any file system. */
    private static void add(
            Volume volume, int bootBytes, int toBytes, String name, List<VolumePatch> patches, List<String> changed)
            throws DeviceException, RefusedException {
        FileSystem content = FileSystems.standard().identify(volume);
        if (content.name().isEmpty()) {
            if (!isZero(volume, bootBytes)) {
                throw refused(name + " holds nothing that is known, and it may count in sectors");
            }
            return;
        }
        if (!content.isMapped()) {
            throw refused(name + " (" + content.name() + "): " + content.whyAll());
        }
        try {
            List<VolumePatch> own = patches(volume, content.name(), toBytes);
            own.forEach(patch -> patches.add(new VolumePatch(volume.firstByte() + patch.offset(), patch.bytes())));
            if (!own.isEmpty()) {
                changed.add(content.name() + " of " + name);
            }
        } catch (UnsureException e) {
            throw refused(name + " (" + content.name() + "): " + e.getMessage());
        }
    }

    private static List<VolumePatch> patches(BlockSource volume, String type, int toBytes)
            throws UnsureException, DeviceException {
        if (type.equals("vfat")) {
            return FatSectors.patches(volume, toBytes);
        }
        if (type.equals("ntfs")) {
            return NtfsSectors.patches(volume, toBytes);
        }
        checkUnit(type, unitBytes(volume, type), toBytes);
        return List.of();
    }

    /** The least that a file system reads or writes. */
    private static int unitBytes(BlockSource volume, String type) throws UnsureException, DeviceException {
        return switch (type) {
            case "ext2", "ext3", "ext4" -> {
                int shift = VolumeBytes.little(volume, EXT_BLOCK_SHIFT, Integer.BYTES, "ext superblock")
                        .getInt(0);
                yield shift < 0 || shift > MOST_EXT_SHIFT ? 0 : 1024 << shift;
            }
            case "xfs" ->
                Short.toUnsignedInt(VolumeBytes.big(volume, XFS_SECTOR, Short.BYTES, "XFS superblock")
                        .getShort(0));
            case "btrfs" ->
                VolumeBytes.little(volume, BTRFS_SECTOR, Integer.BYTES, "Btrfs superblock")
                        .getInt(0);
            case "swap" -> PAGE_BYTES;
            default -> throw new UnsureException("only FAT, NTFS, ext2 to ext4, XFS, Btrfs and swap can be translated");
        };
    }

    /** Nothing is read or written in smaller pieces than the sectors of a disk. */
    private static void checkUnit(String type, int bytes, int toBytes) throws UnsureException {
        if (bytes < toBytes) {
            throw new UnsureException(
                    "it counts in " + (type.startsWith("ext") ? "blocks" : "sectors") + " of " + bytes + " bytes");
        }
    }

    private static boolean isZero(Volume volume, int bootBytes) throws DeviceException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        for (long at = 0; at < volume.sizeBytes(); at += PIECE_BYTES) {
            if (at >= MOST_SEARCHED_BYTES) {
                return false;
            }
            volume.read(at, piece.clear().limit((int) Math.min(PIECE_BYTES, volume.sizeBytes() - at)));
            piece.flip().position(at == 0 ? Math.min(bootBytes, piece.limit()) : 0);
            if (piece.mismatch(ByteBuffer.allocate(piece.remaining())) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static RefusedException refused(String why) {
        return new RefusedException(Reason.DOES_NOT_FIT, why);
    }
}
