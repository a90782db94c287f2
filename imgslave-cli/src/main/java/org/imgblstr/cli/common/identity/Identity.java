package org.imgblstr.cli.common.identity;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.FinishStep;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.SystemUser;

/** The identity that a disk is to get, and what can be said of it before anything is written. */
public final class Identity {
    private final Wish wish;
    private final Supplier<Machine> machine;
    private final HostNames names;

    /**
     * @param machine which machine the disk belongs to; asked when the disk is complete, on any thread
     * @throws CliException exit code 2: a host name or a list of names that cannot be used
     */
    public Identity(Wish wish, Supplier<Machine> machine) {
        this.wish = wish;
        this.machine = machine;
        this.names = wish.hostName() == null ? null : HostNames.parse(wish.hostName());
    }

    /** What was asked for. */
    public Wish wish() {
        return wish;
    }

    Machine machine() {
        return machine.get();
    }

    /** The name for this machine; null when the name stays. */
    String hostName(Machine which) throws ToolException {
        return names == null ? null : names.of(which);
    }

    /** The name for this machine as far as it is known now, for a person; "" when the name stays. */
    public String hostNameText() {
        try {
            return names == null ? "" : names.of(machine.get());
        } catch (ToolException e) {
            return wish.hostName();
        }
    }

    /**
     * What has to be done when the disk is complete; empty for nothing.
     *
     * @param grown the byte at which the partition begins whose file system a step before this one enlarges; -1 for none
     */
    public Optional<FinishStep> step(LongSupplier grown, Consumer<String> notes, Consumer<String> warnings) {
        return wish.isNothing() ? Optional.empty() : Optional.of(new IdentityStep(this, grown, notes, warnings));
    }

    /**
     * Checks names, hooks, and whether this user may do it.
     *
     * @param isFile whether the disk is a regular file
     * @throws CliException exit code 2 or 15
     */
    public void check(boolean isFile) {
        for (Path hook : wish.hooks()) {
            if (!Files.isRegularFile(hook) || !Files.isExecutable(hook)) {
                throw CliException.usage("--hook " + hook + ": expected a program that can be run, found "
                        + (Files.exists(hook) ? "something else: 'chmod +x' makes a script one" : "nothing"));
            }
        }
        if (names != null) {
            names.check(machine.get());
        }
        if (!wish.changesDisk()) {
            return;
        }
        String lack = lackingRights(isFile);
        if (!lack.isEmpty()) {
            String option = wish.option();
            throw CliException.refused(option + ": " + lack + ", or leave " + option + " out. Nothing was written");
        }
    }

    /** Why this user cannot adapt a disk here, and what to do, a clause; "" for nothing. {@code isFile}: whether the disk is a regular file. */
    public static String lackingRights(boolean isFile) {
        if (!SystemUser.isRoot()) {
            return "only root may mount what was restored: run as root";
        }
        return isFile && SystemTool.find("losetup").isEmpty()
                ? "what is in a file is mounted by a loop device, and losetup is not installed here: install package mount"
                : "";
    }

    /**
     * What this machine may lack, as nobody knows yet what is on the disk.
     *
     * @return one sentence that begins with {@code by}, which asks for it; "" for nothing
     */
    public String missingTools(String by) {
        if (!wish.newIds()) {
            return "";
        }
        String keys = SystemTool.find(HostKeys.TOOL).isEmpty() ? HostKeys.TOOL + " (package openssh-client)" : "";
        List<String> lacking = Stream.concat(Stream.of(VolumeTool.values()).map(VolumeTool::missing), Stream.of(keys))
                .filter(lack -> !lack.isEmpty())
                .toList();
        return lacking.isEmpty()
                ? ""
                : by + ": not installed here: " + String.join(", ", lacking)
                        + "; what needs one of these will keep its identifier, with exit code 3";
    }

    /** The same when the contents of the partitions are known already, as {@code ContentProbe} calls them. */
    public void checkTools(Collection<String> types) {
        String missing = types.stream()
                .flatMap(type -> VolumeTool.of(type).stream())
                .distinct()
                .map(VolumeTool::missing)
                .filter(lack -> !lack.isEmpty())
                .collect(Collectors.joining(", "));
        if (wish.newIds() && !missing.isEmpty()) {
            throw CliException.refused("--new-ids: not installed here: " + missing
                    + ", for a file system of the image: install it, or leave --new-ids out. Nothing was written");
        }
    }
}
