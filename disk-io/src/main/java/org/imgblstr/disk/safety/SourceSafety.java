package org.imgblstr.disk.safety;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.imgblstr.disk.device.BlockDevice;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.device.Sysfs;
import org.imgblstr.disk.device.SystemUses;

/** Refuses to overwrite what is read. {@link SourceHold} refuses to read what changes. */
public final class SourceSafety {
    private SourceSafety() {}

    /**
     * Checks that a target is not, holds no part of, and is no part of what is read: a disk or an image file. No option goes past this.
     */
    public static void checkApart(String source, String target) throws DeviceException, RefusedException {
        Path from = Disks.canonical(source);
        Path to = Disks.canonical(target);
        try {
            String why = Files.isSameFile(from, to) ? "they are the same" : overlap(from, to);
            if (why != null) {
                throw new RefusedException(
                        Reason.UNSAFE,
                        Disks.identify(target).describe() + " is not overwritten: it would destroy " + source
                                + ", which is read: " + why + ". Name another target; --force does not change this");
            }
        } catch (IOException e) {
            throw SystemUses.cannotExamine(source + " or " + target, e);
        }
    }

    /** Why two overlap; null when they do not. */
    private static String overlap(Path from, Path to) throws IOException {
        Optional<BlockDevice> source = Sysfs.system().ofNode(from);
        Optional<BlockDevice> target = Sysfs.system().ofNode(to);
        if (source.isPresent() && target.isPresent()) {
            if (source.get().overlaps(target.get())) {
                return "they share sectors";
            }
            if (source.get().disk().equals(target.get().disk())) {
                return null;
            }
        }
        return overlapByFile(from, source, to, target);
    }

    /** Files, those behind loop devices, and the disks on which they lie. */
    private static String overlapByFile(Path from, Optional<BlockDevice> source, Path to, Optional<BlockDevice> target)
            throws IOException {
        Path sourceFile = fileBelow(from, source);
        Path targetFile = fileBelow(to, target);
        if (sourceFile != null && targetFile != null && Files.isSameFile(sourceFile, targetFile)) {
            return "both are the file " + sourceFile;
        }
        if (sourceFile != null && target.isPresent() && lies(sourceFile, target.get())) {
            return "its file lies on that disk";
        }
        return null;
    }

    /** Whether a file, or what is in a folder, lies on a block device; false when the source is a file. */
    public static boolean liesOn(Path file, String source) throws DeviceException {
        try {
            Optional<BlockDevice> device = Sysfs.system().ofNode(Disks.canonical(source));
            return device.isPresent() && lies(file.toRealPath(), device.get());
        } catch (IOException e) {
            throw SystemUses.cannotExamine(file.toString(), e);
        }
    }

    private static boolean lies(Path file, BlockDevice target) throws IOException {
        Map<String, BlockDevice> all = SystemUses.builtOn(target);
        return all.containsKey(SystemUses.system().numberOfDeviceBelow(file));
    }

    /** The file itself, or the one behind a loop device; null for any other device. */
    private static Path fileBelow(Path path, Optional<BlockDevice> device) {
        if (device.isEmpty()) {
            return path;
        }
        return device.get().backingPath().filter(Files::exists).orElse(null);
    }
}
