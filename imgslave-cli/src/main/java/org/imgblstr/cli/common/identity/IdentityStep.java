package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.finish.FinishStep;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.DiskList;
import org.imgblstr.disk.identity.NewIds;
import org.imgblstr.protocol.contract.AfterCopy;

/** Gives a complete disk an identity of its own, then runs the hooks. */
final class IdentityStep implements FinishStep {
    private final Identity asked;
    private final LongSupplier grown;
    private final Consumer<String> notes;
    private final Consumer<String> warnings;
    private final List<String> remarks = new ArrayList<>();
    private boolean isStopped;
    private Hook running;

    /** {@code grown}: the byte at which the partition begins whose file system a step before this one enlarges; -1 for none. */
    IdentityStep(Identity asked, LongSupplier grown, Consumer<String> notes, Consumer<String> warnings) {
        this.asked = asked;
        this.grown = grown;
        this.notes = notes;
        this.warnings = warnings;
    }

    @Override
    public String whenFree(DiskIdentity disk, boolean isWell) {
        List<String> lacks = new ArrayList<>();
        Machine machine = asked.machine();
        String hostName = null;
        try {
            hostName = asked.hostName(machine);
        } catch (ToolException e) {
            lacks.add(e.getMessage());
        }
        if (asked.wish().newIds() || hostName != null) {
            lacks.addAll(new Adapting(disk, new NewIds(new SecureRandom()), grown.getAsLong(), notes, warnings)
                    .run(asked.wish().newIds(), hostName));
        }
        boolean isAdapted = lacks.isEmpty();
        if (isAdapted && asked.wish().newIds()) {
            remarks.add("new identifiers");
        }
        if (isAdapted && hostName != null) {
            remarks.add(AfterCopy.HOST_NAME + hostName);
        }
        runHooks(disk, machine, hostName, isWell, lacks);
        return (isAdapted ? "" : "it was not adapted: ") + String.join("; ", lacks);
    }

    @Override
    public String remark() {
        return String.join("; ", remarks);
    }

    @Override
    public String whenStopped() {
        Wish wish = asked.wish();
        List<String> open = new ArrayList<>();
        if (wish.newIds()) {
            open.add("it has no new identifiers");
        }
        if (wish.hostName() != null) {
            open.add("it has no new host name");
        }
        wish.hooks().forEach(file -> open.add(notRun(file)));
        return String.join("; ", open);
    }

    @Override
    public synchronized void stop() {
        isStopped = true;
        if (running == null) {
            notes.accept("interrupted: what is adapted now is finished first, and no hook is begun");
        } else {
            notes.accept("interrupted: ending the hook " + running.name() + ", and no other is begun");
            running.stop();
        }
    }

    private static String notRun(Path file) {
        return "the hook " + file + " was not run";
    }

    /** Null when no hook may begin any more. */
    private synchronized Hook begun(Path file) {
        running = isStopped ? null : new Hook(file, notes);
        return running;
    }

    private void runHooks(DiskIdentity disk, Machine machine, String hostName, boolean isWell, List<String> lacks) {
        for (Path file : asked.wish().hooks()) {
            if (!isStopped() && (!isWell || !lacks.isEmpty())) {
                notes.accept("the hook " + file + " is not run, because something has failed before");
                continue;
            }
            Hook hook = begun(file);
            if (hook == null) {
                lacks.add(notRun(file));
                continue;
            }
            try {
                notes.accept("the hook " + file + " runs");
                String last = hook.run(facts(disk, machine, hostName));
                remarks.add(last.isEmpty() ? "hook " + file.getFileName() + " done" : last);
            } catch (ToolException | DeviceException e) {
                lacks.add(e.getMessage());
            }
        }
    }

    private synchronized boolean isStopped() {
        return isStopped;
    }

    private static Map<String, String> facts(DiskIdentity disk, Machine machine, String hostName)
            throws DeviceException {
        String partitions = disk.isBlockDevice()
                ? DiskList.partitions(disk).stream().map(DiskIdentity::device).collect(Collectors.joining(" "))
                : "";
        return Map.of(
                "IMGBLSTR_DISK", disk.path(),
                "IMGBLSTR_PARTITIONS", partitions,
                "IMGBLSTR_INDEX", Integer.toString(machine.index()),
                "IMGBLSTR_LABEL", machine.label(),
                "IMGBLSTR_HOSTNAME", hostName == null ? "" : hostName);
    }
}
