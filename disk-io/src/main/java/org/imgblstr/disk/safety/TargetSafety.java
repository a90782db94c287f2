package org.imgblstr.disk.safety;

import com.sun.jna.LastErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Libc;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.device.SystemUse.Kind;
import org.imgblstr.disk.device.SystemUses;

/**
 * Refuses to overwrite what is in use. Final, whatever is forced: the running system, read-only devices, files that are the content of a
 * loop device. With force: mounted elsewhere, swap, LVM, RAID and other maps, held by another program or open for writing in one.
 */
public final class TargetSafety {
    private TargetSafety() {}

    /**
     * Checks a target before its first write; writes nothing.
     *
     * @param path block device or file
     * @return what is gone past because of {@code force}, one sentence each, to be shown; empty when the target is free
     * @throws RefusedException when it may not be overwritten
     * @throws DeviceException when it does not exist or cannot be examined
     */
    public static List<String> check(String path, boolean force) throws DeviceException, RefusedException {
        DiskIdentity identity = Disks.identify(path);
        List<SystemUse> uses = new ArrayList<>(SystemUses.of(path));
        if (uses.isEmpty() && identity.isBlockDevice() && isHeld(identity.device())) {
            uses.add(new SystemUse(Kind.BUSY, identity.device(), "", "", true));
        }
        uses.addAll(Writers.of(path));
        uses.addAll(AfterHold.elsewhere(path));
        return decide(identity, uses, force);
    }

    public static List<String> decide(DiskIdentity identity, List<SystemUse> uses, boolean force)
            throws RefusedException {
        List<SystemUse> finals =
                uses.stream().filter(use -> use.kind().isFinal()).toList();
        if (!finals.isEmpty()) {
            throw refused(identity, finals, "; --force does not change this");
        }
        if (!uses.isEmpty() && !force) {
            throw refused(identity, uses, "; or add --force to overwrite it all the same");
        }
        return uses.stream().map(SystemUse::fact).distinct().toList();
    }

    private static RefusedException refused(DiskIdentity identity, List<SystemUse> uses, String force) {
        return new RefusedException(
                Reason.UNSAFE,
                identity.describe() + " is not overwritten: " + join(uses, SystemUse::fact) + ". To go on: "
                        + join(uses, SystemUse::remedy) + force);
    }

    private static String join(List<SystemUse> uses, Function<SystemUse, String> text) {
        return uses.stream().map(text).distinct().collect(Collectors.joining("; "));
    }

    private static boolean isHeld(String node) {
        try {
            return Libc.isHeld(node);
        } catch (LastErrorException | LinkageError e) {
            // Opening for writing tells the reason.
            return false;
        }
    }
}
