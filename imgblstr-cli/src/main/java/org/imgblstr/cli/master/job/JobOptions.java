package org.imgblstr.cli.master.job;

import java.nio.file.Path;
import java.time.ZonedDateTime;
import org.imgblstr.cli.common.grow.GrowOption;
import org.imgblstr.cli.common.identity.IdentityOptions;
import org.imgblstr.cli.common.identity.Wish;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.value.StartTimeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that choose the mode and name disk and image. Filled in by picocli. */
public final class JobOptions {
    @Option(names = "--upload", paramLabel = "IMAGE", description = "Read the disk and write it to image file IMAGE.")
    private Path upload;

    @Option(names = "--download", paramLabel = "IMAGE", description = "Read image file IMAGE.")
    private Path download;

    @Option(names = "--broadcast", description = "Send to all slaves that join, in the same pass.")
    private boolean broadcast;

    @Option(
            names = "--disk",
            paramLabel = "DEV",
            description =
                    "The local disk: a block device, a partition's device, a regular file that stands for a disk, or"
                            + " serial=TEXT, wwn=TEXT, model=TEXT, only.")
    private String disk;

    @Option(
            names = "--partition",
            paramLabel = "LIST",
            description = "Partitions of DEV by number or name (1,3 or boot,root); without it the whole disk.")
    private String partitions;

    @Mixin
    private GrowOption grow;

    @Option(
            names = "--shrink",
            description = "If the disk is too short for the image, make the last partition and the file system in it"
                    + " smaller before anything is written.")
    private boolean shrinks;

    @Mixin
    private IdentityOptions identity;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = StartTimeConverter.class,
            description = "Check and plan now, and start at TIME, local time: 22:30 (tomorrow if that has passed), or"
                    + " 2026-11-30T02:00, at most 7 days ahead.")
    private ZonedDateTime start;

    /** Whether no mode was asked for at all. */
    public boolean isEmpty() {
        return upload == null && download == null && !broadcast;
    }

    /** {@code --broadcast}. */
    public boolean isBroadcast() {
        return broadcast;
    }

    public String disk() {
        return disk;
    }

    public String partitions() {
        return partitions;
    }

    /** {@code --grow}: "" for the last partition; null when it was not given. */
    public String grow() {
        return grow.part();
    }

    /** {@code --shrink}. */
    public boolean isShrinking() {
        return shrinks;
    }

    /** {@code --new-ids}, {@code --hostname} and {@code --hook}. */
    public Wish wish() {
        return identity.wish();
    }

    /** {@code --at}; null when it was not given. */
    public ZonedDateTime start() {
        return start;
    }

    /**
     * The job that the command line tells.
     *
     * @throws CliException exit code 2: something is missing or contradicts
     */
    public Job job() {
        if (upload != null && download != null) {
            throw CliException.usage("--upload and --download cannot be used together; leave one of them out");
        }
        if (isEmpty()) {
            throw CliException.usage("say what to do: --upload IMAGE, --download IMAGE or --broadcast (see --help)");
        }
        Mode mode = mode();
        if (mode.usesDisk() && disk == null) {
            throw CliException.usage("--disk DEV is missing: which disk is to be "
                    + (mode.writesDisk() ? "written" : "read") + "? 'imgblstr disks' lists them");
        }
        if (!mode.usesDisk() && partitions != null) {
            throw CliException.usage("--partition needs --disk: an image file is sent as it is");
        }
        return checked(new Job(
                mode,
                disk,
                upload != null ? upload : download,
                partitions,
                grow.part(),
                new Remake(shrinks, 0),
                wish()));
    }

    /**
     * Returns a job whose disk may grow and get an identity of its own.
     *
     * @throws CliException exit code 2
     */
    public static Job checked(Job job) {
        boolean isDiskWritten = job.mode().writesDisk() || job.mode().broadcasts();
        if (job.grow() != null && !isDiskWritten) {
            throw CliException.usage("--grow only applies when a disk is written (--download with --disk), or those of"
                    + " slaves (--broadcast)");
        }
        if (job.grow() != null && job.partitions() != null) {
            throw CliException.usage(
                    "--grow and --partition cannot be used together: a whole disk grows, and --partition keeps it as it is");
        }
        if (job.remake().isShrinking() && !job.mode().writesDisk()) {
            throw CliException.usage("--shrink only applies when this machine writes a disk (--download with --disk):"
                    + " the length of that disk says how small the last partition becomes");
        }
        if (job.remake().isShrinking() && (job.grow() != null || job.partitions() != null)) {
            throw CliException.usage("--shrink cannot be used together with "
                    + (job.grow() != null
                            ? "--grow: one is for shorter disks, the other for longer ones"
                            : "--partition: only a whole disk is made smaller"));
        }
        Wish wish = job.wish();
        if (wish.changesDisk() && !isDiskWritten) {
            throw CliException.usage("--new-ids and --hostname only apply when a disk is written (--download with"
                    + " --disk), or those of slaves (--broadcast)");
        }
        if (!wish.hooks().isEmpty() && !job.mode().writesDisk()) {
            throw CliException.usage("--hook only applies when this machine writes a disk (--download with --disk); for"
                    + " the disk of a slave it is said at imgslave");
        }
        if (wish.changesDisk() && job.partitions() != null) {
            throw CliException.usage(wish.option()
                    + " and --partition cannot be used together: only a whole disk gets an identity of its own");
        }
        return job;
    }

    private Mode mode() {
        if (upload != null) {
            return broadcast ? Mode.UPLOAD_BROADCAST : Mode.UPLOAD;
        }
        if (download == null) {
            return Mode.BROADCAST;
        }
        if (!broadcast) {
            return Mode.DOWNLOAD;
        }
        return disk == null ? Mode.BROADCAST_IMAGE : Mode.DOWNLOAD_BROADCAST;
    }
}
