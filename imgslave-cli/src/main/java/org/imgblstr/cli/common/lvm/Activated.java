package org.imgblstr.cli.common.lvm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;

/** Logical volumes that a system has activated by itself when it saw the physical volume of a restored disk. */
public final class Activated {
    private static final String OF_LVM = "LVM-";

    private Activated() {}

    /**
     * Removes their devices: those that the kernel says lie on this device, no others.
     *
     * @param node the device of the physical volume
     * @throws ToolException when one is in use
     */
    public static void remove(String node) throws ToolException {
        for (String name : names(Path.of("/sys/class/block"), node)) {
            SystemTool.run("dmsetup", "remove", "--retry", name);
        }
    }

    /** What the device mapper calls them; {@code blocks} has a folder for each device. */
    static List<String> names(Path blocks, String node) throws ToolException {
        Path holders = blocks.resolve(Path.of(node).getFileName()).resolve("holders");
        List<String> names = new ArrayList<>();
        if (!Files.isDirectory(holders)) {
            return names;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(holders)) {
            for (Path holder : found) {
                Path mapped = blocks.resolve(holder.getFileName()).resolve("dm");
                if (Files.exists(mapped)
                        && Files.readString(mapped.resolve("uuid")).startsWith(OF_LVM)) {
                    names.add(Files.readString(mapped.resolve("name")).strip());
                }
            }
        } catch (IOException e) {
            throw new ToolException("who uses " + node + " is not known: " + e.getMessage());
        }
        return names;
    }
}
