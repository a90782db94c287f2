package org.imgblstr.disk.filesystem.ntfs;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;

/**
 * What of an NTFS volume Windows writes anew before it reads it: the content of pagefile.sys, swapfile.sys and hiberfil.sys in the root
 * folder, but for its first bytes, where Windows looks for a crash dump and for a hibernated system. Only files whose runs are all in
 * their own record are taken, and only clusters that no other file has. One reading of one volume.
 */
final class NtfsPageFiles {
    static final Set<String> NAMES = Set.of("pagefile.sys", "swapfile.sys", "hiberfil.sys");

    /** Kept of each: a header is 4 KiB. */
    static final long KEPT_BYTES = 64 * 1024;

    private final NtfsBootSector boot;
    private final UsedMapBuilder pages;
    private final Set<Long> records = new HashSet<>();

    NtfsPageFiles(NtfsBootSector boot, long volumeBytes) {
        this.boot = boot;
        this.pages = new UsedMapBuilder(volumeBytes);
    }

    /** Takes a record of the MFT that is one of these files. */
    void add(long number, NtfsRecord record) throws UnsureException {
        Optional<NtfsAttribute> found = record.find(NtfsAttribute.DATA);
        if (record.isExtension() || found.isEmpty() || !found.get().isPlainFromStart()) {
            return;
        }
        records.add(number);
        long[] kept = {KEPT_BYTES};
        found.get().forEachRun(boot, (cluster, count) -> {
            long bytes = count * boot.clusterBytes();
            long keptHere = Math.min(kept[0], bytes);
            kept[0] -= keptHere;
            if (cluster >= 0) {
                pages.use(cluster * boot.clusterBytes() + keptHere, bytes - keptHere);
            }
        });
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /** What may be left out. Nothing can be added afterwards. */
    UsedMap map() {
        return pages.build();
    }

    /** Throws when a record of the MFT that is none of these files has clusters of them. */
    void requireApart(UsedMap map, long number, NtfsRecord record) throws UnsureException {
        if (records.contains(number)) {
            return;
        }
        for (NtfsAttribute attribute : record.attributes()) {
            if (!attribute.isResident()) {
                attribute.forEachRun(boot, (cluster, count) -> {
                    if (cluster >= 0 && map.isUsed(cluster * boot.clusterBytes(), count * boot.clusterBytes())) {
                        throw new UnsureException(
                                "NTFS: MFT record " + number + " has clusters of a page file: run chkdsk");
                    }
                });
            }
        }
    }
}
