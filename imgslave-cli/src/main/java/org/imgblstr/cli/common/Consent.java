package org.imgblstr.cli.common;

import java.io.IOException;
import org.imgblstr.disk.device.DiskIdentity;

/** The yes that overwriting a block device needs. A regular file that stands for a disk needs none. */
public final class Consent {
    private Consent() {}

    /**
     * Returns when the operator agrees that {@code target} is overwritten.
     *
     * @param what what becomes of it, for the question
     * @throws CliException exit code 15: no terminal and no {@code --yes}, or the answer was no
     */
    public static void toOverwrite(DiskIdentity target, String what, CommonOptions options, Streams streams)
            throws IOException {
        if (!target.isBlockDevice() || options.isYes()) {
            return;
        }
        if (!streams.canAsk()) {
            throw CliException.refused(target.describe()
                    + ": there is no terminal to ask; say --yes to overwrite it. Nothing was written");
        }
        streams.err().println(target.describe() + " will be overwritten: " + what);
        if (!new Questions(streams).yes("Overwrite " + target.path() + "?")) {
            throw CliException.refused(target.path() + ": not overwritten, the answer was no");
        }
    }
}
