package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imgblstr.disk.device.SystemUse.Kind;

/** Finds out how the running system uses a disk: mounts, swap, maps built on it, loop devices. */
public final class SystemUses {
    /** Mount points without which this machine does not go on running, or does not start again. */
    private static final Set<String> SYSTEM_MOUNT_POINTS = Set.of("/", "/usr", "/boot", "/boot/efi", "/efi");

    private final Sysfs sysfs;
    private final Mounts mounts;

    SystemUses(Sysfs sysfs, Mounts mounts) {
        this.sysfs = sysfs;
        this.mounts = mounts;
    }

    public static SystemUses system() {
        return new SystemUses(Sysfs.system(), Mounts.system());
    }

    /**
     * Uses of a disk, its partitions and all that is built on them; or of a file. Empty when it is free.
     *
     * @throws DeviceException when it does not exist or cannot be examined
     */
    public static List<SystemUse> of(String path) throws DeviceException {
        Path canonical = Disks.canonical(path);
        try {
            SystemUses uses = system();
            Optional<BlockDevice> device = uses.sysfs.ofNode(canonical);
            return device.isPresent() ? uses.ofDevice(device.get()) : uses.ofFile(canonical);
        } catch (IOException e) {
            throw cannotExamine(path, e);
        }
    }

    public static DeviceException cannotExamine(String path, IOException e) {
        int errno = DeviceErrors.errnoOf(e);
        return new DeviceException(path + ": cannot be examined: " + DeviceErrors.text(errno, e), errno, e);
    }

    List<SystemUse> ofDevice(BlockDevice device) throws IOException {
        List<SystemUse> uses = new ArrayList<>();
        if (device.isReadOnly()) {
            uses.add(new SystemUse(Kind.READ_ONLY, device.node(), "", "", false));
        }
        Map<String, BlockDevice> all = allOn(device);
        addMounts(uses, all);
        addSwaps(uses, all);
        addHolders(uses, all);
        addLoops(uses, all);
        return uses;
    }

    /** The device, its partitions, and all that is built on these, loop devices too, by their numbers. */
    public static Map<String, BlockDevice> builtOn(BlockDevice device) throws IOException {
        return system().allOn(device);
    }

    private Map<String, BlockDevice> allOn(BlockDevice device) throws IOException {
        Map<String, BlockDevice> found = new LinkedHashMap<>();
        collect(device, loopsOnDevices(), found);
        return found;
    }

    private static void collect(
            BlockDevice device, Map<String, List<BlockDevice>> loops, Map<String, BlockDevice> found) {
        if (found.putIfAbsent(device.number(), device) == null) {
            device.partitions().forEach(partition -> collect(partition, loops, found));
            device.holders().forEach(holder -> collect(holder, loops, found));
            loops.getOrDefault(device.number(), List.of()).forEach(loop -> collect(loop, loops, found));
        }
    }

    /** Loop devices whose content is a block device, which the kernel does not list as holders, by the number of that device. */
    private Map<String, List<BlockDevice>> loopsOnDevices() throws IOException {
        Map<String, List<BlockDevice>> loops = new LinkedHashMap<>();
        for (BlockDevice disk : sysfs.disks()) {
            Path backing = disk.backingPath().orElse(null);
            if (backing != null && Files.exists(backing)) {
                sysfs.ofNode(backing)
                        .ifPresent(below -> loops.computeIfAbsent(below.number(), number -> new ArrayList<>())
                                .add(disk));
            }
        }
        return loops;
    }

    private void addMounts(List<SystemUse> uses, Map<String, BlockDevice> all) throws IOException {
        for (Mounts.Mount mount : mounts.mounts()) {
            BlockDevice device = all.get(deviceNumber(mount));
            if (device != null) {
                Kind kind = SYSTEM_MOUNT_POINTS.contains(mount.mountPoint()) ? Kind.SYSTEM : Kind.MOUNTED;
                uses.add(
                        new SystemUse(kind, device.node(), mount.mountPoint(), mount.fileSystem(), mount.isWritable()));
            }
        }
    }

    /** Some file systems, as btrfs, have numbers of their own: there the source tells the device. */
    private String deviceNumber(Mounts.Mount mount) {
        return mount.number().startsWith("0:")
                ? deviceOf(mount.source()).map(BlockDevice::number).orElse("")
                : mount.number();
    }

    /** {@code major:minor} of the device that holds a file's file system; "" when it is on none. */
    public String numberOfDeviceBelow(Path file) throws IOException {
        String number = Sysfs.fileSystemNumber(file);
        for (Mounts.Mount mount : mounts.mounts()) {
            if (mount.number().equals(number)) {
                return deviceNumber(mount);
            }
        }
        return number;
    }

    private void addSwaps(List<SystemUse> uses, Map<String, BlockDevice> all) throws IOException {
        for (String swap : mounts.swaps()) {
            Optional<BlockDevice> device = deviceOf(swap).map(found -> all.get(found.number()));
            device.ifPresent(found -> uses.add(new SystemUse(Kind.SWAP, found.node(), "", "", true)));
        }
    }

    private static void addHolders(List<SystemUse> uses, Map<String, BlockDevice> all) {
        for (BlockDevice device : all.values()) {
            for (BlockDevice holder : device.holders()) {
                String name = holder.model().isEmpty() ? holder.node() : holder.node() + " (" + holder.model() + ")";
                uses.add(new SystemUse(Kind.HELD, device.node(), name, "", !holder.isReadOnly()));
            }
        }
    }

    private void addLoops(List<SystemUse> uses, Map<String, BlockDevice> all) throws IOException {
        loopsOnDevices().forEach((number, loops) -> {
            BlockDevice device = all.get(number);
            for (BlockDevice loop : device == null ? List.<BlockDevice>of() : loops) {
                uses.add(new SystemUse(Kind.LOOP_FILE, device.node(), loop.node(), "", !loop.isReadOnly()));
            }
        });
    }

    List<SystemUse> ofFile(Path file) throws IOException {
        List<SystemUse> uses = new ArrayList<>();
        if (!Files.isWritable(file)) {
            uses.add(new SystemUse(Kind.READ_ONLY, file.toString(), "", "", false));
        }
        for (String swap : mounts.swaps()) {
            if (isSameFile(file, FileNames.path(swap))) {
                uses.add(new SystemUse(Kind.SWAP, file.toString(), "", "", true));
            }
        }
        for (BlockDevice disk : sysfs.disks()) {
            Optional<Path> backing = disk.backingPath();
            if (backing.isPresent() && isSameFile(file, backing.get())) {
                uses.add(new SystemUse(Kind.LOOP_FILE, file.toString(), disk.node(), "", !disk.isReadOnly()));
            }
        }
        return uses;
    }

    private static boolean isSameFile(Path file, Path other) throws IOException {
        return Files.exists(other) && Files.isSameFile(file, other);
    }

    private Optional<BlockDevice> deviceOf(String node) {
        try {
            Path path = FileNames.path(node.startsWith("/") ? node : "/");
            return Files.exists(path) ? sysfs.ofNode(path) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
