package org.imgblstr.cli.common.grow;

import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.SystemUser;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.TrackSpace;

/** What can be said of {@code --grow} before anything is written, and before the image is known. */
public final class GrowCheck {
    private GrowCheck() {}

    /**
     * Checks that this user may enlarge a file system.
     *
     * @param isFile whether the disk is a regular file
     * @throws CliException exit code 15
     */
    public static void checkRights(boolean isFile) {
        String lack = lackingRights(isFile);
        if (!lack.isEmpty()) {
            throw CliException.refused("--grow: " + lack + ", or leave --grow out. Nothing was written");
        }
    }

    /** Why this user cannot enlarge a file system here, and what to do, a clause; "" for nothing. {@code isFile}: as for {@link #checkRights}. */
    public static String lackingRights(boolean isFile) {
        if (!SystemUser.isRoot()) {
            return "only root may "
                    + (isFile
                            ? "attach the loop device by which a file system in a file is enlarged"
                            : "enlarge a file system")
                    + ": run as root";
        }
        return isFile && SystemTool.find("losetup").isEmpty()
                ? "a file system in a file is enlarged by a loop device, and losetup is not installed here:"
                        + " install package mount"
                : "";
    }

    /**
     * What this machine may lack, as nobody knows which file system will come.
     *
     * @return one sentence that begins with {@code by}, which asks for it; "" for nothing
     */
    public static String missingTools(String by) {
        List<GrowingContent> lacking = GrowingContent.needed()
                .filter(content -> !content.missingTools().isEmpty())
                .toList();
        if (lacking.isEmpty()) {
            return "";
        }
        return lacking.stream()
                .map(content ->
                        String.join(" and ", content.missingTools()) + " (package " + content.packageName() + ")")
                .collect(Collectors.joining(
                        ", ",
                        by + ": not installed here: ",
                        "; a file system that needs one of these will stay as it is, with exit code 3"));
    }

    /**
     * Checks that an image is one of a whole disk.
     *
     * @param option what needs that
     * @throws RefusedException exit code 10
     */
    public static void checkWhole(String path, TrackSpace space, String option) throws RefusedException {
        if (!space.regions().get(0).isWholeDisk()) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    path + ": " + option + " needs the image of a whole disk, and this one holds partitions: leave "
                            + option + " out");
        }
    }

    /** Whether a disk has room that the image does not fill. */
    public static boolean isLonger(long diskBytes, TrackSpace space) {
        return diskBytes > space.totalBytes();
    }
}
