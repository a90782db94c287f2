package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Whether the name of a disk still stands for what was opened by it. Where the open disk cannot be told from others, its length is compared. */
final class DiskPlace {
    private final DiskIdentity identity;
    private final Object opened;

    private DiskPlace(DiskIdentity identity, Object opened) {
        this.identity = identity;
        this.opened = opened;
    }

    /** {@code fd}: the open disk. */
    static DiskPlace of(DiskIdentity identity, int fd) {
        try {
            return new DiskPlace(identity, key(identity, Disks.opened(fd)));
        } catch (IOException e) {
            throw new IllegalStateException(identity.path() + ": what was just opened is not there", e);
        }
    }

    /** Device number of a device; device and inode of a file. */
    private static Object key(DiskIdentity identity, Path path) throws IOException {
        return identity.isBlockDevice()
                ? Files.getAttribute(path, "unix:rdev")
                : Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    void check() throws DeviceException {
        check(identity.device());
        if (!identity.isBlockDevice()) {
            // Names of devices may be made of what is on them, and go when that is overwritten.
            check(identity.path());
        }
    }

    private void check(String name) throws DeviceException {
        Path path = Path.of(name);
        try {
            if (!key(identity, path).equals(opened)) {
                throw failure(name + " is another " + what() + " now: it was replaced");
            }
            long bytes = bytes(path);
            if (bytes != identity.sizeBytes()) {
                throw failure(
                        "its length changed: " + identity.sizeBytes() + " bytes when it was opened, now " + bytes);
            }
        } catch (DeviceException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw failure(name + " is gone: the " + what() + " was removed");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            throw failure(name + " cannot be examined: " + e.getMessage());
        }
    }

    private long bytes(Path path) throws IOException {
        if (!identity.isBlockDevice()) {
            return Files.size(path);
        }
        Optional<BlockDevice> device = Sysfs.system().ofNode(path);
        if (device.isEmpty()) {
            throw new NoSuchFileException(path.toString());
        }
        return device.get().sizeBytes();
    }

    private String what() {
        return identity.isBlockDevice() ? "device" : "file";
    }

    private DeviceException failure(String what) {
        return new DeviceException(
                identity.describe() + ": " + what + " while it was written. What was written is not where it belongs;"
                        + " leave the target alone and start again",
                0,
                null);
    }
}
