package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A block device as sysfs shows it. Nothing is cached: each answer is what the kernel says now.
 *
 * @param directory the device's own directory below {@code /sys/devices}, not a link to it
 */
public record BlockDevice(Path directory) {
    /** Sysfs counts in these whatever the sector size is. */
    private static final int SYSFS_SECTOR_BYTES = 512;

    /** Sysfs attributes are at most a page. */
    private static final int MOST_ATTRIBUTE_BYTES = 4096;

    /** Buses that the name of a disk tells. */
    private static final Map<String, String> OF_NAMES =
            Map.of("nvme", "nvme", "mmcblk", "mmc", "loop", "loop", "dm-", "map", "md", "raid", "nbd", "network");

    /** Buses by a folder of the path to a disk; the first that fits decides. */
    private static final Map<String, String> OF_PATHS = new LinkedHashMap<>();

    static {
        OF_PATHS.put("usb\\d+", "usb");
        OF_PATHS.put("ata\\d+", "ata");
        OF_PATHS.put("session\\d+", "iscsi");
        OF_PATHS.put("end_device-[\\d:]+", "sas");
        OF_PATHS.put("virtio\\d+", "virtio");
        OF_PATHS.put("vbd-\\d+", "xen");
        OF_PATHS.put("host\\d+", "scsi");
    }

    /** Kernel name, as in {@code sda1}. */
    String name() {
        return directory.getFileName().toString();
    }

    /** {@code major:minor}. */
    public String number() {
        return attribute("dev");
    }

    public String node() {
        return "/dev/" + name().replace('!', '/');
    }

    boolean isPartition() {
        return Files.exists(directory.resolve("partition"));
    }

    /** Number in the partition table; 0 for a whole disk. */
    int partitionNumber() {
        return isPartition() ? (int) number("partition") : 0;
    }

    /** The whole disk: the device itself or, of a partition, the disk it lies on. */
    public BlockDevice disk() {
        return isPartition() ? new BlockDevice(directory.getParent()) : this;
    }

    /** Partitions that the kernel knows, by number. */
    public List<BlockDevice> partitions() {
        return children(directory).stream()
                .filter(BlockDevice::isPartition)
                .sorted(Comparator.comparingInt(BlockDevice::partitionNumber))
                .toList();
    }

    /** Devices built on this one: LVM volumes, RAID arrays, crypt and multipath maps. */
    List<BlockDevice> holders() {
        return children(directory.resolve("holders"));
    }

    /** Devices that this one is built on. */
    List<BlockDevice> slaves() {
        return children(directory.resolve("slaves"));
    }

    public long sizeBytes() {
        return number("size") * SYSFS_SECTOR_BYTES;
    }

    /** First byte on the whole disk; 0 for a whole disk. */
    public long startByte() {
        return number("start") * SYSFS_SECTOR_BYTES;
    }

    /** Whether writing to one changes the other: one is built on the other, or both hold the same part of a disk. */
    public boolean overlaps(BlockDevice other) throws IOException {
        if (SystemUses.builtOn(this).containsKey(other.number())
                || SystemUses.builtOn(other).containsKey(number())) {
            return true;
        }
        return disk().equals(other.disk())
                && startByte() < other.startByte() + other.sizeBytes()
                && other.startByte() < startByte() + sizeBytes();
    }

    int sectorBytes() {
        return (int) parse(read(disk().directory.resolve("queue/logical_block_size")));
    }

    /** 0 when unknown. */
    int physicalBlockBytes() {
        return (int) parse(read(disk().directory.resolve("queue/physical_block_size")));
    }

    boolean isReadOnly() {
        return number("ro") != 0 || disk().number("ro") != 0;
    }

    /** What a disk is attached by: one word, "" when the kernel does not tell. Source: the names of kernel devices in {@code /sys/devices}. */
    String bus() {
        String disk = disk().name();
        for (String kind : OF_NAMES.keySet()) {
            if (disk.startsWith(kind)) {
                return OF_NAMES.get(kind);
            }
        }
        String path = disk().directory + "/";
        return OF_PATHS.entrySet().stream()
                .filter(bus -> path.matches(".*/" + bus.getKey() + "/.*"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** Whether its medium can be taken out, or it hangs on a cable that is pulled in daily use. */
    boolean isRemovable() {
        return disk().number("removable") != 0 || bus().equals("usb") || bus().equals("mmc");
    }

    /** How much was written since the system started; "" when the kernel does not count. Source: Linux, block/stat.rst. */
    public String writes() {
        String[] counts = attribute("stat").split("\\s+", -1);
        return counts.length < 7 ? "" : counts[4] + " writes of " + counts[6] + " sectors";
    }

    /** One path of a multipath device: the kernel gives it no node. */
    boolean isHidden() {
        return number("hidden") != 0;
    }

    String model() {
        Path disk = disk().directory;
        String backing = backingFile();
        if (!backing.isEmpty()) {
            return "loop device on " + backing;
        }
        return (read(disk.resolve("device/vendor")).replace("ATA", "").replaceFirst("^0x.*", "") + " "
                        + firstOf(disk, "device/model", "device/name", "dm/name", "md/level"))
                .trim();
    }

    String serial() {
        Path disk = disk().directory;
        String serial = firstOf(disk, "serial", "device/serial", "device/cid", "dm/uuid", "md/uuid");
        return serial.isEmpty() ? vitalProductData(disk.resolve("device/vpd_pg80")) : serial;
    }

    /** File behind a loop device; empty for anything else, and for a loop device that has none. Its name is any bytes. */
    public Optional<Path> backingPath() {
        byte[] name = readBytes(disk().directory.resolve("loop/backing_file"));
        int length = name.length > 0 && name[name.length - 1] == '\n' ? name.length - 1 : name.length;
        return length == 0 ? Optional.empty() : Optional.of(FileNames.path(Arrays.copyOf(name, length)));
    }

    /** As text, for a person: "" when there is none. */
    String backingFile() {
        return read(disk().directory.resolve("loop/backing_file"));
    }

    /** World Wide Name, with the word that tells its kind ({@code naa.}, {@code eui.}); "" when it has none. */
    String wwn() {
        return firstOf(disk().directory, "wwid", "device/wwid");
    }

    /** Whether reading at another place costs a turn of the medium. */
    boolean isRotating() {
        return parse(read(disk().directory.resolve("queue/rotational"))) != 0;
    }

    private String attribute(String attribute) {
        return read(directory.resolve(attribute));
    }

    private long number(String attribute) {
        return parse(attribute(attribute));
    }

    private static long parse(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private static String firstOf(Path directory, String... attributes) {
        for (String attribute : attributes) {
            String value = read(directory.resolve(attribute));
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    /** Unit serial number page of SCSI: four bytes of header, the last two the length (SPC-4, 7.8.18). */
    private static String vitalProductData(Path page) {
        byte[] bytes = readBytes(page);
        if (bytes.length < 4) {
            return "";
        }
        int length = Math.min(ByteBuffer.wrap(bytes).getShort(2) & 0xFFFF, bytes.length - 4);
        return printable(new String(bytes, 4, length, StandardCharsets.ISO_8859_1));
    }

    private static String read(Path attribute) {
        return printable(new String(readBytes(attribute), StandardCharsets.UTF_8));
    }

    /** Drives name themselves, and a terminal obeys control characters: C0, C1, and those that turn the direction of writing. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Cn}]", "")
                .trim();
    }

    private static byte[] readBytes(Path attribute) {
        if (!Files.isRegularFile(attribute)) {
            return new byte[0];
        }
        try (var in = Files.newInputStream(attribute)) {
            return in.readNBytes(MOST_ATTRIBUTE_BYTES);
        } catch (IOException e) {
            // The device went away, or does not tell: unknown, like a missing attribute.
            return new byte[0];
        }
    }

    private static List<BlockDevice> children(Path directory) {
        List<BlockDevice> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries =
                    Files.newDirectoryStream(directory, entry -> Files.isDirectory(entry))) {
                for (Path entry : entries) {
                    realDirectory(entry).ifPresent(real -> found.add(new BlockDevice(real)));
                }
            } catch (NoSuchFileException e) {
                return List.of();
            } catch (IOException | DirectoryIteratorException e) {
                // To go on would be to miss a holder.
                throw new IllegalStateException("cannot list " + directory + ": " + e.getMessage(), e);
            }
        }
        found.removeIf(device -> device.number().isEmpty());
        found.sort(Comparator.comparing(BlockDevice::name));
        return found;
    }

    static Optional<Path> realDirectory(Path entry) {
        try {
            return Optional.of(entry.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
