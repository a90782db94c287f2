package org.imgblstr.cli.master.job;

import java.time.ZonedDateTime;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.master.protection.ImageOptions;

/**
 * The options of a run, as they were read from the command line.
 *
 * @param common those that both programs have
 * @param read how a disk is read
 * @param broadcast how slaves are served
 * @param image how the image file is protected
 * @param start when the run starts; null for at once
 */
public record RunOptions(
        CommonOptions common, ReadOptions read, BroadcastOptions broadcast, ImageOptions image, ZonedDateTime start) {
    /**
     * Checks that the options fit the job and each other.
     *
     * @throws CliException exit code 2
     */
    public void check(Job job) {
        Mode mode = job.mode();
        read.check(job);
        broadcast.check(mode);
        image.check(mode.writesImage(), mode.readsImage());
        if (common.isVerificationGiven() && !mode.writesDisk() && !mode.writesImage()) {
            throw CliException.usage(
                    "--verify and --no-verify only apply when this machine writes a disk or an image file;"
                            + " what slaves read back is said at imgslave");
        }
    }
}
