package org.imgblstr.protocol.wire;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * The regions in a Drive Geometry: a view of the datagram that its flyweight is at. Source: docs/protocol.md, section 3.1.
 * <pre>
 *   0        4          12
 *   | number | firstLba | sectorCount |
 * </pre>
 */
final class RegionList {
    private static final int NUMBER = 0;
    private static final int FIRST_LBA = NUMBER + Integer.BYTES;
    private static final int SECTOR_COUNT = FIRST_LBA + Long.BYTES;
    private static final int REGION_BYTES = SECTOR_COUNT + Long.BYTES;

    private final CommandFlyweight<?> command;
    private final int countField;
    private final int firstRegion;

    /** {@code countField} and {@code firstRegion}: where in the datagram the number of regions and the first of them are. */
    RegionList(CommandFlyweight<?> command, int countField, int firstRegion) {
        this.command = command;
        this.countField = countField;
        this.firstRegion = firstRegion;
    }

    int count() {
        return command.u16(countField);
    }

    /** Where the last region ends. */
    int end() {
        return at(count());
    }

    /** Writes the regions; there is room for them, and their number is written. */
    void put(List<Region> regions) {
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            command.put32(at(i) + NUMBER, region.number());
            command.put64(at(i) + FIRST_LBA, region.firstLba());
            command.put64(at(i) + SECTOR_COUNT, region.sectorCount());
        }
    }

    /** The regions, without names; only when they are valid. */
    List<Region> regions() {
        List<Region> regions = new ArrayList<>(count());
        for (int i = 0; i < count(); i++) {
            regions.add(new Region(number(i), firstLba(i), sectorCount(i), ""));
        }
        return regions;
    }

    boolean isCountValid() {
        return count() >= 1 && count() <= TrackSpace.MAX_REGIONS;
    }

    /** Whether each region can be and lies on a disk of so many sectors, and together they have so many tracks. */
    boolean areValid(long diskSectors, int sectorsPerTrack, int trackCount) {
        long tracks = 0;
        for (int i = 0; i < count(); i++) {
            if (number(i) < 0 || firstLba(i) < 0 || sectorCount(i) < 1 || sectorCount(i) > diskSectors - firstLba(i)) {
                return false;
            }
            tracks += (sectorCount(i) + sectorsPerTrack - 1) / sectorsPerTrack;
        }
        return trackCount >= 1 && tracks == trackCount;
    }

    /** The lowest sector of all regions. */
    long firstSector() {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < count(); i++) {
            first = Math.min(first, firstLba(i));
        }
        return first;
    }

    /** The highest sector of all regions. */
    long lastSector() {
        long last = 0;
        for (int i = 0; i < count(); i++) {
            last = Math.max(last, firstLba(i) + sectorCount(i) - 1);
        }
        return last;
    }

    private int number(int i) {
        return command.i32(at(i) + NUMBER);
    }

    private long firstLba(int i) {
        return command.i64(at(i) + FIRST_LBA);
    }

    private long sectorCount(int i) {
        return command.i64(at(i) + SECTOR_COUNT);
    }

    private int at(int region) {
        return firstRegion + region * REGION_BYTES;
    }
}
