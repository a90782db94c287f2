package org.imgblstr.cli.master.remake;

import java.io.IOException;
import java.nio.file.Path;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.image.ImageHeader;

/** What is made of an image of a whole disk before it is the source of a run. Immutable. */
interface Remaking {
    /** The option that asks for it, for messages. */
    String option();

    /** What the plan calls it. */
    Plan.Action action();

    /** What becomes of what, for the plan and the question. */
    String text();

    /** What the image says about itself afterwards; its required bytes are the most there may be. */
    ImageHeader header();

    /** Bytes that the temporary file takes at most. */
    long neededBytes();

    /**
     * The image for messages: {@code PATH, a disk of 2.0 TB} or the like.
     *
     * @return the subject of a refusal
     */
    String subject();

    /**
     * Does it to a file with the bytes of the source.
     *
     * @throws RefusedException exit code 10: it cannot be done
     */
    void apply(Path raw) throws IOException, RefusedException;
}
