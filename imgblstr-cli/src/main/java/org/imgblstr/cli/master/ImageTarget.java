package org.imgblstr.cli.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.common.CliException;
import org.imgblstr.cli.common.Plan;

/** The image file that a run makes: checked before. */
final class ImageTarget {
    private ImageTarget() {}

    /**
     * Refuses before anything is opened for writing, so that {@code --plan} tells it too.
     *
     * @throws CliException exit code 15: the name is taken, or is the disk itself; exit code 2: no such folder
     */
    static void check(Path image, String disk, boolean isForced) throws IOException {
        Path folder = image.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw CliException.usage(image + ": its folder does not exist; make it, or name another");
        }
        if (!Files.isWritable(folder)) {
            throw CliException.usage(folder + ": may not be written by this user");
        }
        if (!Files.exists(image)) {
            return;
        }
        if (Files.isSameFile(image, Path.of(disk))) {
            throw CliException.refused(image + " is the disk that is to be read; name another file for the image");
        }
        if (!Files.isRegularFile(image)) {
            throw CliException.refused(image + " exists and is not a file: an image never replaces it");
        }
        if (!isForced) {
            throw CliException.refused(image + " exists already; name another file, or replace it with --force");
        }
    }

    static Plan.Step step(Path image) {
        boolean isThere = Files.exists(image);
        return new Plan.Step(
                isThere ? Plan.Action.OVERWRITE : Plan.Action.CREATE,
                image.toString(),
                isThere ? "replaced once the new image is complete" : "image file",
                -1);
    }
}
