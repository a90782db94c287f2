package org.imgblstr.cli.master;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.imgblstr.cli.common.disks.DiskTable;
import org.imgblstr.cli.common.disks.ListedDisk;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.master.job.JobOptions;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.PartitionSelection;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.safety.DiskChoice;

/** Lets the operator choose a disk of this machine, and partitions of it, unless the command line has. */
final class DiskMenu {
    private final Questions questions;
    private final PrintStream err;
    private final JobOptions given;

    DiskMenu(Questions questions, PrintStream err, JobOptions given) {
        this.questions = questions;
        this.err = err;
        this.given = given;
    }

    /** By its number in the list, or by its path, which may be a file. */
    String askDisk() throws IOException {
        if (given.disk() != null) {
            return DiskChoice.path(given.disk());
        }
        List<ListedDisk> disks = ListedDisk.all(false);
        DiskTable.numbered(disks).forEach(err::println);
        while (true) {
            String answer = questions.text(
                    disks.isEmpty() ? "Disk, as /dev/sda" : "Disk, by its number in the list, or as /dev/sda");
            try {
                String path = DiskChoice.path(path(answer, disks));
                Disks.openForReading(path).close();
                return path;
            } catch (DeviceException | RefusedException e) {
                err.println(Failures.message(e));
            }
        }
    }

    /** A number that is not in the list is the name of a file, which is hardly ever there. */
    static String path(String answer, List<ListedDisk> disks) {
        for (int i = 0; i < disks.size(); i++) {
            if (answer.equals(Integer.toString(i + 1))) {
                return disks.get(i).path();
            }
        }
        return answer;
    }

    /** Null for the whole disk. */
    String askPartitions(String path, boolean isTarget) throws IOException, RefusedException {
        if (given.partitions() != null) {
            return given.partitions();
        }
        ListedDisk disk = ListedDisk.of(path, false);
        err.println(disk.entry().identity().describe());
        if (!disk.entry().problem().isEmpty()) {
            err.println(disk.entry().problem());
        }
        if (disk.entry().partitions().isEmpty()) {
            return null;
        }
        DiskTable.partitions(disk).forEach(err::println);
        String what =
                isTarget ? "Partitions to write, as 1,3, or all for the whole disk" : "Partitions, as 1,3, or all";
        while (true) {
            String answer = questions.text(what, "all");
            if (answer.equals("all")) {
                return null;
            }
            String mistake = mistake(path, answer);
            if (mistake.isEmpty()) {
                return answer;
            }
            err.println(mistake);
        }
    }

    /** Why these partitions cannot be chosen; "" when they can. */
    private static String mistake(String path, String list) throws DeviceException {
        try (Disk disk = Disks.openForReading(path)) {
            PartitionSelection.parse(list, PartitionTable.read(disk), disk);
            return "";
        } catch (RefusedException | MalformedTableException e) {
            return Failures.message(e);
        }
    }
}
