package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.OutputFile;

/** The name of a file that a run makes: checked before. */
public final class OutputPlace {
    private OutputPlace() {}

    /**
     * Refuses before anything is opened for writing, so that {@code --plan} tells it too.
     *
     * @param what what the file is, for messages: {@code image}
     * @param disk the local disk of the run; null when it uses none
     * @throws CliException exit code 15: the name is taken, or is the disk itself; exit code 2: no such folder
     * @throws RefusedException when no file can have the name
     */
    public static void check(Path file, String what, String disk, boolean isForced)
            throws IOException, RefusedException {
        check(file, what, disk, isForced, isForced);
    }

    /** As above, for a file that takes the next free name beside a regular file that exists. */
    public static void checkNumbered(Path file, String what, String disk, boolean isForced)
            throws IOException, RefusedException {
        check(file, what, disk, isForced, true);
    }

    private static void check(Path file, String what, String disk, boolean isForced, boolean mayExist)
            throws IOException, RefusedException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw CliException.usage(file + ": its folder does not exist; make it, or name another");
        }
        String refusal = ImageStore.of(folder).refusal();
        if (!refusal.isEmpty() && !isForced) {
            throw CliException.refused(refusal + ": name another place for the " + what);
        }
        if (!Files.isWritable(folder)) {
            throw CliException.usage(
                    folder + ": this user may not write to the folder; name another folder, or run as root");
        }
        OutputFile.checkName(file);
        if (Files.exists(file)) {
            checkTaken(file, what, disk, mayExist);
        }
    }

    private static void checkTaken(Path file, String what, String disk, boolean mayExist) throws IOException {
        if (disk != null && Files.isSameFile(file, Path.of(disk))) {
            throw CliException.refused(file + " is the disk of this run; name another file for the " + what);
        }
        if (!Files.isRegularFile(file)) {
            throw CliException.refused(file + " exists and is not a regular file, which the " + what
                    + " never replaces; name another file");
        }
        if (!mayExist) {
            throw CliException.refused(file + " exists already; name another file, or replace it with --force");
        }
    }
}
