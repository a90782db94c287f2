package org.imgblstr.cli.common.target;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.FirstData;
import org.imgblstr.disk.device.RefusedException;

/**
 * The yes that overwriting a disk needs. Only a regular file in which every byte is zero needs none: it was made to be written. A
 * block device always needs a yes.
 */
public final class Consent {
    /** How long a file is searched for its first byte that is not zero. After that it is asked about. */
    private static final long MOST_SEARCH_NS = TimeUnit.SECONDS.toNanos(15);

    private static final String NOTHING = "nothing";

    private Consent() {}

    /**
     * Returns when the operator agrees that {@code target} is overwritten.
     *
     * @param what what becomes of it, for the question
     * @throws CliException exit code 15: no terminal and no {@code --yes}, or the answer was no; 130: interrupted
     */
    public static void toOverwrite(DiskIdentity target, String what, CommonOptions options, Setting setting)
            throws IOException, RefusedException {
        if (options.isYes()) {
            return;
        }
        String holds = target.isBlockDevice() ? "" : contentOf(target, setting);
        if (holds.equals(NOTHING)) {
            return;
        }
        if (!setting.streams().canAsk()) {
            throw CliException.refused(target.describe() + holds
                    + ": there is no terminal to ask; say --yes to overwrite it. Nothing was written");
        }
        setting.streams()
                .err()
                .println(target.describe() + holds + (holds.isEmpty() ? "" : ",") + " will be overwritten: " + what
                        + "; " + PresentContent.of(target));
        if (!new Questions(setting).yes("Overwrite " + target.path() + "?")) {
            throw CliException.refused(target.path() + ": not overwritten, the answer was no");
        }
    }

    /** What a file holds, to go behind its name. */
    private static String contentOf(DiskIdentity target, Setting setting) throws IOException, RefusedException {
        long found;
        try (Disk disk = Disks.openForReading(target.path(), target.sectorBytes())) {
            found = FirstData.find(disk, MOST_SEARCH_NS, () -> {
                setting.interruption().check();
                return System.nanoTime();
            });
        }
        if (found == FirstData.NONE) {
            return NOTHING;
        }
        return found == FirstData.UNKNOWN
                ? ", which may hold data (the search for data stopped before the end of the file)"
                : ", which holds data (byte " + found + " is not zero)";
    }
}
