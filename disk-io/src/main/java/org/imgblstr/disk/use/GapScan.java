package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import org.imgblstr.codec.Zeros;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.filesystem.VolumeSlice;

/**
 * Looks whether something lies in a gap that would not be read: a file system that starts there, or bytes that are not zero. A long gap is
 * sampled, because reading 1 TiB of it would take as long as imaging it. Source: docs/used-blocks.md, section 1.
 */
final class GapScan {
    /** Partitions are aligned so. */
    private static final int STEP_BYTES = 1 << 20;

    /** Partitions of older systems begin at a cylinder of 255 heads and 63 sectors, or one head behind it. */
    private static final int HEAD_SECTORS = 63;

    private static final long CYLINDER_SECTORS = 255L * HEAD_SECTORS;

    private static final int SAMPLE_BYTES = 64 << 10;

    /** Samples at every step of the first 256 MiB, then as many more at equal distances: two seconds on a disk of 4 ms a seek. */
    private static final int NEAR_SAMPLES = 256;

    private static final int FAR_SAMPLES = 256;

    /** A partition that was deleted began where the gap begins, or at one of the next steps. */
    private static final long FILE_SYSTEM_STEPS = 4;

    private final Disk disk;
    private final FileSystems fileSystems;

    GapScan(Disk disk, FileSystems fileSystems) {
        this.disk = disk;
        this.fileSystems = fileSystems;
    }

    /**
     * What lies in a gap, one line; "" when nothing was found.
     *
     * @param from first byte of the gap
     * @param freeFrom first byte that would not be read
     * @param freeEnd end of what would not be read
     */
    String findIn(long from, long freeFrom, long freeEnd) throws DeviceException {
        String fileSystem = fileSystemIn(from, freeEnd);
        return fileSystem.isEmpty() ? dataIn(freeFrom, freeEnd) : fileSystem;
    }

    private String fileSystemIn(long from, long end) throws DeviceException {
        long last = Math.min(end, from + FILE_SYSTEM_STEPS * STEP_BYTES);
        for (long at = Math.max(from, 1); at < last; at = nextStep(at)) {
            if (disk.endOfHole(at) - at < STEP_BYTES) {
                String name = nameAt(at, end);
                if (!name.isEmpty()) {
                    return name + " starts at LBA " + at / disk.sectorBytes() + ", where no partition is";
                }
            }
        }
        return "";
    }

    /** A place that cannot be read shows no signature; what is there is kept all the same, or sampled. */
    private String nameAt(long at, long end) throws DeviceException {
        long first = at / disk.sectorBytes() * disk.sectorBytes();
        long bytes = (end - first) / disk.sectorBytes() * disk.sectorBytes();
        return fileSystems.nameOf(new VolumeSlice(disk, first, bytes));
    }

    private String dataIn(long from, long end) throws DeviceException {
        long nearEnd = Math.min(end, from + (long) NEAR_SAMPLES * STEP_BYTES);
        String atCylinder = dataAtCylinders(from, nearEnd);
        if (!atCylinder.isEmpty()) {
            return atCylinder;
        }
        long stride = Math.max(STEP_BYTES, (end - nearEnd) / FAR_SAMPLES / STEP_BYTES * STEP_BYTES);
        for (long at = from; at < end; at = Math.max(nextStep(at), at < nearEnd ? 0 : at + stride)) {
            String found = dataAt(at, Math.min(end, at + SAMPLE_BYTES));
            if (!found.isEmpty()) {
                return found;
            }
        }
        return dataAt(Math.max(from, end - SAMPLE_BYTES), end);
    }

    private String dataAtCylinders(long from, long end) throws DeviceException {
        long step = CYLINDER_SECTORS * disk.sectorBytes();
        long head = (long) HEAD_SECTORS * disk.sectorBytes();
        for (long at = (from + step - 1) / step * step; at < end; at += step) {
            String found = dataAt(at, Math.min(end, at + head + SAMPLE_BYTES));
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    private String dataAt(long from, long end) throws DeviceException {
        if (disk.endOfHole(from) >= end) {
            return "";
        }
        ByteBuffer sample = AlignedBuffers.allocate((int) (end - from));
        try {
            disk.read(from, sample);
        } catch (DeviceException e) {
            if (e.isGone()) {
                throw e;
            }
            return "LBA " + from / disk.sectorBytes() + " in no partition cannot be read";
        }
        return Zeros.isZero(sample.flip())
                ? ""
                : "data at LBA " + from / disk.sectorBytes() + ", where no partition is: the partition table may not"
                        + " fit this disk";
    }

    private static long nextStep(long at) {
        return (at / STEP_BYTES + 1) * STEP_BYTES;
    }
}
