package org.imgblstr.disk.partition;

import java.util.List;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;

/** What divides a disk. Immutable. */
public sealed interface PartitionTable {
    /** Partitions that a table may have; more is taken for damage. */
    int MAX_PARTITIONS = 128;

    /**
     * Partitions in the order of their numbers, without the extended partitions that only hold others. They may overlap or lie past the
     * end of the disk, as the table says: {@link PartitionSelection} refuses those.
     */
    List<Partition> partitions();

    /** Sectors that were read to find the partitions, and other copies of the table. They may lie within a partition. */
    List<SectorRange> sectors();

    /** The partition of a number. */
    default Optional<Partition> partition(int number) {
        return partitions().stream()
                .filter(partition -> partition.number() == number)
                .findFirst();
    }

    /**
     * Reads the table of a disk. A GPT whose primary header or entries are damaged or cannot be read is read from its backup, with a
     * warning; so is one whose protective MBR cannot be read.
     *
     * @throws MalformedTableException when there is a table that breaks its own rules, or whose sectors cannot be read
     * @throws DeviceException when the disk is gone
     */
    static PartitionTable read(Disk disk) throws DeviceException, MalformedTableException {
        return new MbrReader(new TableSectors(disk)).read();
    }

    /** No partition table: an empty disk, or a file system that fills the disk. */
    record None() implements PartitionTable {
        @Override
        public List<Partition> partitions() {
            return List.of();
        }

        @Override
        public List<SectorRange> sectors() {
            return List.of();
        }
    }

    /**
     * Master boot record with its chain of extended boot records.
     *
     * @param signature disk signature, at byte 440
     * @param extended extended partitions: containers of logical ones
     */
    record Mbr(int signature, List<Partition> partitions, List<Partition> extended, List<SectorRange> sectors)
            implements PartitionTable {
        public Mbr {
            partitions = List.copyOf(partitions);
            sectors = List.copyOf(sectors);
            extended = List.copyOf(extended);
        }
    }

    /**
     * GUID partition table.
     *
     * @param diskId GUID of the disk in upper case
     * @param backupLba where the header says that its other copy is
     * @param isFromBackup the primary table is damaged, this is the backup
     */
    record Gpt(
            String diskId, List<Partition> partitions, long backupLba, boolean isFromBackup, List<SectorRange> sectors)
            implements PartitionTable {
        public Gpt {
            sectors = List.copyOf(sectors);
            partitions = List.copyOf(partitions);
        }
    }
}
