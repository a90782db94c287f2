package org.imgblstr.disk.safety;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imgblstr.disk.device.BlockDevice;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Sysfs;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.device.SystemUse.Kind;
import org.imgblstr.disk.device.SystemUses;
import org.imgblstr.disk.text.PlainText;

/**
 * Processes that have a disk open for writing: virtual machines, tools, programs without a lock. Root sees all of them, others only their
 * own. What was mapped into memory and closed shows nowhere. Source: proc(5).
 *
 * @param proc where procfs is mounted
 */
record Writers(Path proc) {
    private static final int ACCESS_MODE = 3;

    /** What a process may have open that is no disk, and is open very often. */
    private static final List<String> NO_DISKS =
            List.of("/dev/null", "/dev/pts/", "/dev/tty", "/proc/", "/sys/", "/memfd:");

    static Writers system() {
        return new Writers(Path.of("/proc"));
    }

    /**
     * Uses of a block device or a file by processes other than this one: of the device itself, of what is built on it, and of the disk that
     * it is a part of.
     */
    static List<SystemUse> of(String path) throws DeviceException {
        Path canonical = Disks.canonical(path);
        try {
            Set<String> numbers = new HashSet<>();
            Optional<BlockDevice> device = Sysfs.system().ofNode(canonical);
            if (device.isPresent()) {
                numbers.addAll(SystemUses.builtOn(device.get()).keySet());
                numbers.add(device.get().disk().number());
            }
            return system().of(canonical, numbers);
        } catch (IOException e) {
            throw SystemUses.cannotExamine(path, e);
        }
    }

    /**
     * As {@link #of(String)}.
     *
     * @param numbers {@code major:minor} of the device and all that shares bytes with it; empty for a file
     */
    List<SystemUse> of(Path disk, Set<String> numbers) throws IOException {
        Object fileKey = numbers.isEmpty() ? fileKey(disk) : null;
        // ProcessHandle would start threads to tell as much.
        String self = Files.readSymbolicLink(Path.of("/proc/self")).toString();
        List<SystemUse> uses = new ArrayList<>();
        for (Path process : list(proc)) {
            String pid = process.getFileName().toString();
            boolean isOther = pid.chars().allMatch(Character::isDigit) && !pid.equals(self);
            if (isOther && list(process.resolve("fd")).stream().anyMatch(fd -> writes(fd, numbers, fileKey))) {
                uses.add(new SystemUse(Kind.WRITER, disk.toString(), "process " + pid + name(process), "", true));
            }
        }
        return uses;
    }

    private static boolean writes(Path fd, Set<String> numbers, Object fileKey) {
        try {
            String opened = Files.readSymbolicLink(fd).toString();
            if (!opened.startsWith("/") || NO_DISKS.stream().anyMatch(opened::startsWith) || !isForWriting(fd)) {
                return false;
            }
            return fileKey == null ? numbers.contains(deviceNumber(fd)) : fileKey.equals(fileKey(fd));
        } catch (IOException e) {
            // The process ended, closed it, or belongs to somebody else.
            return false;
        }
    }

    private static boolean isForWriting(Path fd) throws IOException {
        Path info = fd.getParent().resolveSibling("fdinfo").resolve(fd.getFileName());
        return Files.readAllLines(info, StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith("flags:"))
                .anyMatch(line -> (Long.parseLong(line.substring(6).trim(), 8) & ACCESS_MODE) != 0);
    }

    private static String deviceNumber(Path fd) throws IOException {
        return Sysfs.isBlockDevice(fd) ? Sysfs.numberOf((Long) Files.getAttribute(fd, "unix:rdev")) : "";
    }

    /** Device and inode. */
    private static Object fileKey(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
        return List.of(attributes.get("dev"), attributes.get("ino"));
    }

    private static String name(Path process) {
        try {
            String name = Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1);
            return " (" + PlainText.of(name.strip()) + ")";
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Path> list(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            // The process ended, or belongs to somebody else.
            return found;
        }
        return found;
    }
}
