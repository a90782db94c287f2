package org.imgblstr.disk.device;

import org.imgblstr.disk.text.Decimals;

/**
 * What a person needs to know a disk again.
 *
 * @param path the name it was given by
 * @param device the canonical device or file behind that name
 * @param model "" when unknown
 * @param serial "" when unknown
 * @param sizeBytes size
 * @param sectorBytes logical sector size
 * @param kind what it is
 */
public record DiskIdentity(
        String path, String device, String model, String serial, long sizeBytes, int sectorBytes, Kind kind) {
    /** What stands for a disk. */
    public enum Kind {
        /** A regular file. */
        FILE,
        /** The block device of a whole disk. */
        DISK,
        /** The block device of a partition. */
        PARTITION
    }

    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};

    public boolean isBlockDevice() {
        return kind != Kind.FILE;
    }

    /** Whether it is a partition's device. */
    public boolean isPartition() {
        return kind == Kind.PARTITION;
    }

    /** One line for messages: path, device behind it, model, serial, size. */
    public String describe() {
        return path + " (" + facts() + ", " + size(sizeBytes) + ")";
    }

    /** What a person knows it by, for a text that tells path and size already. */
    public String facts() {
        StringBuilder text = new StringBuilder();
        if (!device.equals(path)) {
            text.append(device).append(", ");
        }
        text.append(model.isEmpty() ? isBlockDevice() ? "model unknown" : "file" : model);
        if (isBlockDevice()) {
            text.append(", serial ").append(serial.isEmpty() ? "unknown" : serial);
        }
        return text.toString();
    }

    /** A size for a person: {@code 512 bytes}, {@code 8.0 MiB}. */
    public static String size(long bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : Decimals.of(value, 1) + " " + UNITS[unit];
    }
}
