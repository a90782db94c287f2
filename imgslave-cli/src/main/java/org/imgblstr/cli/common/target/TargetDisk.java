package org.imgblstr.cli.common.target;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.imgblstr.cli.common.finish.FinishStep;
import org.imgblstr.cli.common.finish.FinishingTarget;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.PartitionSelection;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TableGrowth;
import org.imgblstr.disk.partition.TargetPlacement;
import org.imgblstr.disk.safety.TargetSafety;
import org.imgblstr.disk.track.CapacityProbe;
import org.imgblstr.disk.track.ProbedTarget;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.use.WipedTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A local disk that is to be overwritten: whether an image fits, where it goes, whether that is safe. */
public final class TargetDisk {
    private static final Logger LOG = LoggerFactory.getLogger(TargetDisk.class);

    private final String path;
    private final String partitions;
    private final boolean isForced;
    private final boolean discards;
    private volatile Completion completion;
    private Disk held;
    private volatile FinishingTarget finishing;

    /**
     * @param path block device or file
     * @param partitions {@code --partition}: where partitions go; null leaves them at the numbers they had
     * @param isForced goes past the refusals that allow it
     * @param discards whether unused tracks are discarded
     * @param completion what is done with it when it is complete
     */
    public TargetDisk(String path, String partitions, boolean isForced, boolean discards, Completion completion) {
        this.path = path;
        this.partitions = partitions;
        this.isForced = isForced;
        this.discards = discards;
        this.completion = completion;
    }

    /** From now on this is done with it when it is complete, instead of what was said before. Before {@link #check} or {@link #open}. */
    public void complete(Completion instead) {
        completion = instead;
    }

    public DiskIdentity identity() throws DeviceException, RefusedException {
        return Disks.identify(path);
    }

    /**
     * Checks without writing.
     *
     * @param requiredBytes what a whole-disk image needs; 0 for partitions
     * @return warnings, one sentence each: refusals that --force overrides, and what becomes of the table on a shorter disk
     * @throws RefusedException when it does not fit or is not safe
     */
    public List<String> check(TrackSpace space, long requiredBytes) throws DeviceException, RefusedException {
        TargetPlacement placement = place(space, requiredBytes);
        completion.check(path, space);
        // A disk that is held was checked before; a second check would find that this program itself holds the disk.
        List<String> warnings = held == null ? new ArrayList<>(TargetSafety.check(path, isForced)) : new ArrayList<>();
        long behind = placement.places().get(0).roomBytes() - space.totalBytes();
        if (space.regions().get(0).isWholeDisk() && behind < 0) {
            warnings.add(path + " is " + -behind
                    + " bytes shorter than the source: all that is written to it fits, and if the source has a GPT,"
                    + " the copy of the GPT is adapted to this disk");
        }
        if (completion.isGrowing() && behind <= 0) {
            warnings.add("--grow has nothing to do: " + path + " is not longer than the source");
        }
        return warnings;
    }

    /**
     * What of the disk an image that was written in full does not use, and how that is put to use, one sentence; "" for nothing. On a disk that
     * is longer than the source the backup of a GPT is where the source ended.
     *
     * @param mayGrow whether the same run could have {@code --grow}
     */
    public String nextStep(TrackSpace space, boolean mayGrow) {
        int sectorBytes = space.geometry().sectorBytes();
        if (completion.isGrowing() || !space.regions().get(0).isWholeDisk()) {
            return "";
        }
        try (Disk disk = Disks.openForReading(path, sectorBytes)) {
            long longer = disk.sizeBytes() - space.totalBytes();
            PartitionTable table = longer > 0 ? PartitionTable.read(disk) : new PartitionTable.None();
            if (table.partitions().isEmpty()) {
                return "";
            }
            boolean isGpt =
                    table instanceof PartitionTable.Gpt gpt && gpt.backupLba() < disk.sizeBytes() / sectorBytes - 1;
            return path + " is " + Units.bytes(longer) + " longer than the source, and so much at its end is unused"
                    + (mayGrow ? ": " + growing(disk) : "")
                    + (isGpt ? "; 'sgdisk -e " + path + "' only moves the backup of the GPT to the end" : "");
        } catch (DeviceException | RefusedException | MalformedTableException e) {
            LOG.debug("{}: its table is not known", path, e);
        }
        return "";
    }

    /** What {@code --grow} would do, the end of a sentence. */
    private static String growing(Disk disk) throws DeviceException {
        try {
            TableGrowth.of(disk, "");
            return "the same run with --grow gives that to the last partition";
        } catch (RefusedException e) {
            return "--grow does not put that to use: " + e.getMessage();
        }
    }

    /** Where the regions of an image go. Checks that they fit; writes nothing. */
    public TargetPlacement place(TrackSpace space, long requiredBytes) throws DeviceException, RefusedException {
        try (Disk disk = Disks.openForReading(path, space.geometry().sectorBytes())) {
            return TargetPlacement.of(disk, space, requiredBytes, partitions == null ? "" : partitions);
        }
    }

    /**
     * Opens for writing and keeps it so, for {@link #open}: nobody else can write it, and nothing can be mounted from it. No effect when it is
     * held already.
     *
     * @throws RefusedException when it is in use, or has no such partitions as were named
     */
    public void hold() throws DeviceException, RefusedException {
        hold(Disks.DETECT_SECTOR_BYTES);
    }

    /** The same; {@code fileSectorBytes}: sector size of a regular file, that of the image. */
    public void hold(int fileSectorBytes) throws DeviceException, RefusedException {
        if (held != null) {
            return;
        }
        Disk disk = Disks.openForWriting(path, fileSectorBytes, isForced);
        try {
            checkPartitions(disk);
        } catch (DeviceException | RefusedException | RuntimeException | Error e) {
            disk.close();
            throw e;
        }
        held = disk;
    }

    private void checkPartitions(Disk disk) throws DeviceException, RefusedException {
        if (partitions == null) {
            return;
        }
        try {
            PartitionSelection.parse(partitions, PartitionTable.read(disk), disk);
        } catch (MalformedTableException e) {
            throw new RefusedException(
                    RefusedException.Reason.DOES_NOT_FIT,
                    e.getMessage()
                            + "; --partition needs a valid partition table: repair the table with sgdisk or sfdisk");
        }
    }

    /** Lets go what is held. */
    public void release() {
        if (held != null) {
            held.close();
            held = null;
        }
    }

    /**
     * Opens for writing, or takes what is held; call {@link #check} before.
     *
     * @param notes takes what is told of the disk when it is complete
     * @param warnings takes a sentence for each thing that stays as it is
     */
    public TrackTarget open(TrackSpace space, long requiredBytes, Consumer<String> notes, Consumer<String> warnings)
            throws DeviceException, RefusedException {
        TargetPlacement placement = place(space, requiredBytes);
        Disk disk = opened(space.geometry().sectorBytes());
        try {
            TrackTarget target = probed(WipedTarget.on(disk, space, placement, discards), disk);
            List<FinishStep> steps = new ArrayList<>();
            if (MoveStep.isDueFor(placement)) {
                steps.add(new MoveStep(placement.places(), notes, warnings));
            }
            steps.addAll(completion.steps(disk, space, notes, warnings));
            if (steps.isEmpty()) {
                return target;
            }
            FinishingTarget opened = new FinishingTarget(target, disk, steps);
            finishing = opened;
            return opened;
        } catch (DeviceException | RuntimeException | Error e) {
            disk.close();
            throw e;
        }
    }

    /** The operator interrupts: ends what is done with a complete disk. False when nothing of that runs. Any thread. */
    public boolean stopFinishing() {
        FinishingTarget opened = finishing;
        return opened != null && opened.stop();
    }

    /** Partitions of a disk keep their neighbours: only what is overwritten as a whole is marked. */
    private static TrackTarget probed(TrackTarget target, Disk disk) throws DeviceException {
        boolean isWhole = target.space().regions().get(0).isWholeDisk();
        return isWhole && CapacityProbe.isDueFor(disk.identity())
                ? new ProbedTarget(target, disk, System.nanoTime())
                : target;
    }

    private Disk opened(int sectorBytes) throws DeviceException, RefusedException {
        Disk disk = held;
        held = null;
        if (disk != null && disk.sectorBytes() != sectorBytes) {
            // A regular file has the sectors of the image.
            disk.close();
            disk = null;
        }
        return disk == null ? Disks.openForWriting(path, sectorBytes, isForced) : disk;
    }
}
