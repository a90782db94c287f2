package org.imgblstr.cli.common.lvm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.filesystem.lvm.LvmLayout;

/**
 * The tool of LVM, for one physical volume. It sees the device of that one only, so no other disk can be meant, whatever names its volume group
 * has; and it asks no kernel, so a volume group that is in use on this machine cannot be changed in memory either.
 */
public final class LvmTool {
    private static final String TOOL = "lvm";

    /** The devices file of a system, which would count before the filter, is not for a disk that was restored. */
    private static final String CONFIG =
            "devices{filter=[\"a|^NODE$|\",\"r|.*|\"] global_filter=[\"a|^NODE$|\",\"r|.*|\"]"
                    + " use_devicesfile=0 hints=\"none\"} backup{backup=0 archive=0} activation{udev_sync=0 udev_rules=0 monitoring=0}"
                    + " global{notify_dbus=0 use_lvmpolld=0 use_lvmlockd=0}";

    private final String node;

    /** {@code node}: the device of the physical volume. */
    public LvmTool(String node) {
        this.node = node;
    }

    /** The physical volume takes all of its device. */
    public void resize() throws ToolException {
        run("pvresize", node);
    }

    /**
     * A logical volume takes all free extents.
     *
     * @param name of volume group and logical volume: {@code lab/root}
     */
    public void extend(String name) throws ToolException {
        run("lvextend", "-l", "+100%FREE", name);
    }

    /** The physical volume gets another identifier. */
    public void renewPhysical() throws ToolException {
        run("pvchange", "--uuid", node);
    }

    /** Its volume group gets another identifier and keeps its name. */
    public void renewGroup(String group) throws ToolException {
        run("vgchange", "--uuid", group);
    }

    /**
     * What the physical volume says now.
     *
     * @param sectorBytes of its disk
     */
    public LvmLayout layout(int sectorBytes) throws ToolException {
        try (Disk disk = Disks.openForReading(node, sectorBytes)) {
            return LvmLayout.read(VolumeSlice.whole(disk));
        } catch (UnsureException | RefusedException | IOException e) {
            throw new ToolException("what lvm has written cannot be read: " + e.getMessage());
        }
    }

    private void run(String command, String... words) throws ToolException {
        List<String> all = new ArrayList<>(List.of(TOOL, command, "-qq", "-y", "--driverloaded", "n", "--nolocking"));
        all.add("--config");
        all.add(CONFIG.replace("NODE", node.replaceAll("[^A-Za-z0-9/_-]", ".")));
        all.addAll(List.of(words));
        SystemTool.run(all.toArray(String[]::new));
    }
}
