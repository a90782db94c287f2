package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds block devices in sysfs.
 *
 * @param sys where sysfs is mounted
 */
public record Sysfs(Path sys) {
    private static final int TYPE_MASK = 0xF000;
    private static final int BLOCK_DEVICE = 0x6000;

    public static Sysfs system() {
        return new Sysfs(Path.of("/sys"));
    }

    public static boolean isBlockDevice(Path node) throws IOException {
        return ((Integer) Files.getAttribute(node, "unix:mode") & TYPE_MASK) == BLOCK_DEVICE;
    }

    /** The block device behind a node, whatever the node is called. */
    public Optional<BlockDevice> ofNode(Path node) throws IOException {
        return isBlockDevice(node)
                ? ofNumber(numberOf((Long) Files.getAttribute(node, "unix:rdev")))
                : Optional.empty();
    }

    /** The block device of a {@code major:minor}. */
    Optional<BlockDevice> ofNumber(String number) {
        return BlockDevice.realDirectory(sys.resolve("dev/block").resolve(number))
                .map(BlockDevice::new);
    }

    /** All whole disks, by name. */
    List<BlockDevice> disks() throws IOException {
        List<BlockDevice> disks = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(sys.resolve("block"))) {
            for (Path entry : entries) {
                BlockDevice.realDirectory(entry).map(BlockDevice::new).ifPresent(disks::add);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        disks.sort((a, b) -> a.name().compareTo(b.name()));
        return disks;
    }

    /** {@code major:minor} of the file system that holds a file. */
    static String fileSystemNumber(Path file) throws IOException {
        return numberOf((Long) Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS));
    }

    /** Takes apart a device number as glibc packs it: 12 bits of major and 8 of minor low, the rest high. */
    public static String numberOf(long packed) {
        long major = ((packed >>> 8) & 0xFFF) | ((packed >>> 32) & ~0xFFFL);
        long minor = (packed & 0xFF) | ((packed >>> 12) & 0xFFFFFF00L);
        return major + ":" + minor;
    }
}
