package org.imgblstr.cli.master.run;

import org.imgblstr.cli.master.job.Job;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.disk.pass.LocalDiskSink;

/** What the own disk of a run is that ended early, and how to go on, for a person. */
final class OwnDiskEnd {
    private OwnDiskEnd() {}

    /** {@code command}: what asks for the same once more, with all its options. {@code failure}: what ended the run. */
    static String text(Job job, String command, LocalDiskSink.State state, Throwable failure) {
        return job.disk()
                + switch (state) {
                    case UNTOUCHED -> " is as it was, nothing was written to it; " + next(failure) + ": " + command;
                    case IN_PART -> " is written in part, so do not use it yet; " + next(failure) + ": " + command;
                    case WHOLE ->
                        !job.isFinishing()
                                ? " is written in full and needs nothing more"
                                : " is written in full, but not all was done that was to be done then";
                };
    }

    private static String next(Throwable failure) {
        if (failure instanceof MalformedImageException || failure instanceof NotAuthenticException) {
            return "take a sound copy of the image ('imgblstr verify' tells) and begin again with";
        }
        return failure instanceof DeviceException
                ? "mend what has failed, or take another disk, and begin again with"
                : "begin again with";
    }
}
