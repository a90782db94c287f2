package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a path stands for, and whether that is a disk. */
final class DiskIdentities {
    private static final Logger LOG = LoggerFactory.getLogger(DiskIdentities.class);

    private static final int SMALL_SECTOR = 512;
    private static final int LARGE_SECTOR = 4096;

    /** A GPT header is at LBA 1 and begins so (UEFI 2.10, table 5-5). */
    private static final byte[] GPT_SIGNATURE = "EFI PART".getBytes(StandardCharsets.US_ASCII);

    private DiskIdentities() {}

    /** The block device that a path stands for; empty when it is a regular file. */
    static Optional<BlockDevice> blockDevice(String path, Path canonical) throws IOException, RefusedException {
        if (Files.isRegularFile(canonical)) {
            return Optional.empty();
        }
        Optional<BlockDevice> device = Sysfs.system().ofNode(canonical);
        if (device.isEmpty()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    path
                            + ": expected a block device or a regular file; 'imgblstr disks' lists the disks of this machine");
        }
        return device;
    }

    /** For messages. */
    static String about(String path, BlockDevice device) {
        return identity(path, Path.of(device.node()), device, device.sizeBytes())
                .describe();
    }

    static DiskIdentity identity(
            String path, Path canonical, Optional<BlockDevice> device, FileChannel channel, int fileSectorBytes)
            throws IOException, RefusedException {
        return checked(
                device.isPresent()
                        ? identity(path, canonical, device.get(), channel.size())
                        : fileIdentity(path, canonical, channel, fileSectorBytes));
    }

    /** Refuses what is no disk: other sectors than 512 or 4096 bytes, no bytes, a part of a sector at its end. */
    static DiskIdentity checked(DiskIdentity identity) throws RefusedException {
        int sectorBytes = identity.sectorBytes();
        if (sectorBytes != SMALL_SECTOR && sectorBytes != LARGE_SECTOR) {
            throw doesNotFit(identity, "expected sectors of 512 or 4096 bytes, found " + sectorBytes);
        }
        if (identity.sizeBytes() == 0) {
            throw doesNotFit(identity, "it has no bytes: no medium, or an empty file");
        }
        if (identity.sizeBytes() % sectorBytes != 0) {
            throw doesNotFit(
                    identity,
                    "its " + identity.sizeBytes() + " bytes are no multiple of the sector size, " + sectorBytes
                            + " bytes: the file is cut off, or no image of a disk");
        }
        return identity;
    }

    private static RefusedException doesNotFit(DiskIdentity identity, String why) {
        return new RefusedException(Reason.DOES_NOT_FIT, identity.describe() + ": " + why);
    }

    static DiskIdentity identity(String path, Path canonical, BlockDevice device, long sizeBytes) {
        return new DiskIdentity(
                path,
                canonical.toString(),
                device.model(),
                device.serial(),
                sizeBytes,
                device.sectorBytes(),
                device.isPartition() ? DiskIdentity.Kind.PARTITION : DiskIdentity.Kind.DISK);
    }

    private static DiskIdentity fileIdentity(String path, Path canonical, FileChannel channel, int fileSectorBytes)
            throws IOException {
        int sectorBytes =
                fileSectorBytes == Disks.DETECT_SECTOR_BYTES ? detectSectorBytes(path, channel) : fileSectorBytes;
        return new DiskIdentity(
                path, canonical.toString(), "", "", channel.size(), sectorBytes, DiskIdentity.Kind.FILE);
    }

    private static int detectSectorBytes(String path, FileChannel channel) {
        if (!hasGpt(channel, SMALL_SECTOR) && hasGpt(channel, LARGE_SECTOR)) {
            LOG.info("{}: its partition table is one of a disk with sectors of 4096 bytes", path);
            return LARGE_SECTOR;
        }
        return SMALL_SECTOR;
    }

    /** False as well where it cannot be read: the pass meets the bad sector, or another copy of the table answers. */
    private static boolean hasGpt(FileChannel channel, int sectorBytes) {
        ByteBuffer signature = ByteBuffer.allocate(GPT_SIGNATURE.length);
        try {
            while (signature.hasRemaining()
                    && channel.read(signature, sectorBytes + (long) signature.position()) > 0) {}
        } catch (IOException e) {
            LOG.debug("no valid GPT at byte {}: {}", sectorBytes, e.getMessage());
        }
        return signature.flip().equals(ByteBuffer.wrap(GPT_SIGNATURE));
    }
}
