package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.file.AbandonedFiles;
import org.imgblstr.disk.safety.SourceSafety;

/** The image file that a run makes: checked before. */
public final class ImageTarget {
    private ImageTarget() {}

    static ImageStore store(Path image) throws IOException {
        return ImageStore.of(image.toAbsolutePath().getParent());
    }

    /** What the operator should know about the folder of an image before the run, one sentence each. */
    public static List<String> remarks(Path image, Job job, long usedBytes) throws IOException {
        Path folder = image.toAbsolutePath().getParent();
        List<String> remarks = new ArrayList<>(store(image).doubts(usedBytes));
        if (SourceSafety.liesOn(folder, job.disk())) {
            remarks.add(image
                    + " lies on the disk that is read: the image will hold a part of itself, and writing the image"
                    + " changes the disk; name a file on another disk if you can");
        }
        List<Path> abandoned = AbandonedFiles.in(folder);
        if (!abandoned.isEmpty()) {
            remarks.add("earlier runs that died have left " + names(abandoned) + " in " + folder + ": no program"
                    + " writes there any more, and you may delete " + (abandoned.size() == 1 ? "it" : "them"));
        }
        return remarks;
    }

    private static String names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining(", "));
    }

    /**
     * Asks about what is left of other runs, and whether to begin where the image may not fit.
     *
     * @param asksNothing {@code --yes}: what other runs have left stays
     * @param isAgreed whether the operator agrees to begin: with a word on the command line, or by an answer that is still to come
     * @throws CliException exit code 15
     */
    public static void agree(Path image, long usedBytes, boolean isAgreed, boolean asksNothing, Setting setting)
            throws IOException {
        Path folder = image.toAbsolutePath().getParent();
        boolean canAsk = setting.streams().canAsk() && !asksNothing;
        List<Path> abandoned = AbandonedFiles.in(folder);
        if (canAsk && !abandoned.isEmpty() && new Questions(setting).yes("Remove " + names(abandoned) + "?")) {
            for (Path file : abandoned) {
                AbandonedFiles.delete(file);
            }
        }
        List<String> doubts = store(image).doubts(usedBytes);
        if (doubts.isEmpty() || isAgreed) {
            return;
        }
        if (!canAsk || !new Questions(setting).yes("The image may not fit. Begin all the same?")) {
            throw CliException.refused(String.join("; ", doubts)
                    + ": name another place, free some space, or go on with --yes or --force; nothing was written");
        }
    }

    /** {@code protection}: how the image is protected, behind a comma; "" when it is not. */
    static Plan.Step step(Path image, String protection, long usedBytes) throws IOException {
        boolean isThere = Files.exists(image);
        return new Plan.Step(
                isThere ? Plan.Action.OVERWRITE : Plan.Action.CREATE,
                image.toString(),
                (isThere ? "replaced once the new image is complete" : "image file") + protection + "; up to "
                        + Units.bytes(ImageStore.mostBytes(usedBytes)) + ", "
                        + Units.bytes(store(image).freeBytes()) + " are free there",
                -1);
    }
}
