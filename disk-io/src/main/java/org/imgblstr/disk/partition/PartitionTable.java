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

    /** The partition of a number. */
    default Optional<Partition> partition(int number) {
        return partitions().stream()
                .filter(partition -> partition.number() == number)
                .findFirst();
    }

    /**
     * Reads the table of a disk. A GPT whose primary header or entries are damaged is read from its backup, with a warning.
     *
     * @throws MalformedTableException when there is a table that breaks its own rules
     * @throws DeviceException when the disk cannot be read
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
    }

    /**
     * Master boot record with its chain of extended boot records.
     *
     * @param signature disk signature, at byte 440
     * @param extended extended partitions: containers of logical ones
     */
    record Mbr(int signature, List<Partition> partitions, List<Partition> extended) implements PartitionTable {
        public Mbr {
            partitions = List.copyOf(partitions);
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
    record Gpt(String diskId, List<Partition> partitions, long backupLba, boolean isFromBackup)
            implements PartitionTable {
        public Gpt {
            partitions = List.copyOf(partitions);
        }
    }
}
