package org.imgblstr.cli.master;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.JobOptions;
import org.imgblstr.cli.master.job.Mode;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;

/**
 * Asks for the job in the order of the patent's FIG. 6: function, partition, image file, broadcast. Questions that the command line has
 * answered are not asked. The plan and the last question come later, when all has been checked.
 */
final class Menus {
    private static final List<String> FUNCTIONS = List.of(
            "upload: read a disk, write an image file",
            "download: read an image file, write a disk",
            "broadcast a disk to slaves",
            "broadcast an image file to slaves");
    private static final int UPLOAD = 0;
    private static final int DOWNLOAD = 1;
    private static final int BROADCAST_DISK = 2;

    private final Questions questions;
    private final PrintStream err;
    private final JobOptions given;

    Menus(Setting setting, JobOptions given) {
        this.questions = new Questions(setting);
        this.err = setting.streams().err();
        this.given = given;
    }

    Job ask() throws IOException, RefusedException {
        int function = questions.choose("Function", FUNCTIONS);
        boolean needsDisk = function <= BROADCAST_DISK;
        String disk = needsDisk ? askDisk() : null;
        String partitions = needsDisk ? askPartitions(disk, function == DOWNLOAD) : null;
        Path image = function == BROADCAST_DISK ? null : askImage(function == UPLOAD);
        boolean broadcasts = function >= BROADCAST_DISK || questions.yes("Broadcast to slaves too?");
        return new Job(mode(function, broadcasts), disk, image, partitions);
    }

    private static Mode mode(int function, boolean broadcasts) {
        return switch (function) {
            case UPLOAD -> broadcasts ? Mode.UPLOAD_BROADCAST : Mode.UPLOAD;
            case DOWNLOAD -> broadcasts ? Mode.DOWNLOAD_BROADCAST : Mode.DOWNLOAD;
            case BROADCAST_DISK -> Mode.BROADCAST;
            default -> Mode.BROADCAST_IMAGE;
        };
    }

    private String askDisk() throws IOException {
        if (given.disk() != null) {
            return given.disk();
        }
        while (true) {
            String path = questions.text("Disk, as /dev/sda ('imgblstr disks' lists them)");
            try {
                Disks.openForReading(path).close();
                return path;
            } catch (DeviceException | RefusedException e) {
                err.println(Failures.message(e));
            }
        }
    }

    /** Asks again if an image cannot be read. The plan says later why an image cannot be made. */
    private Path askImage(boolean isMade) throws IOException {
        while (true) {
            Path path = Path.of(questions.text("Image file, full path"));
            if (isMade) {
                return path;
            }
            try {
                ImageReader.open(path).close();
                return path;
            } catch (IOException e) {
                err.println(Failures.message(e));
            }
        }
    }

    /** Null for the whole disk. */
    private String askPartitions(String path, boolean isTarget) throws IOException, RefusedException {
        if (given.partitions() != null) {
            return given.partitions();
        }
        List<Partition> partitions;
        try (Disk disk = Disks.openForReading(path)) {
            partitions = table(disk);
            err.println(disk.identity().describe());
            partitions.forEach(partition -> err.println(line(partition, disk.sectorBytes())));
        }
        if (partitions.isEmpty()) {
            return null;
        }
        String what =
                isTarget ? "Partitions to write, as 1,3, or all for the whole disk" : "Partitions, as 1,3, or all";
        String answer = questions.text(what, "all");
        return answer.equals("all") ? null : answer;
    }

    private List<Partition> table(Disk disk) throws DeviceException {
        try {
            return disk.identity().isPartition()
                    ? List.of()
                    : PartitionTable.read(disk).partitions();
        } catch (MalformedTableException e) {
            err.println(e.getMessage());
            return List.of();
        }
    }

    private static String line(Partition partition, int sectorBytes) {
        return String.format(
                "  %3d  %-20s %10s  from LBA %d",
                partition.number(),
                partition.name(),
                Units.bytes(partition.sectorCount() * sectorBytes),
                partition.firstLba());
    }
}
