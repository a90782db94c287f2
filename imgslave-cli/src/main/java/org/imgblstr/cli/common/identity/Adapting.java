package org.imgblstr.cli.common.identity;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.lvm.LvmTool;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.identity.AnswerFile;
import org.imgblstr.disk.identity.BootStore;
import org.imgblstr.disk.identity.EfiProgram;
import org.imgblstr.disk.identity.NewIds;
import org.imgblstr.disk.identity.References;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TableIds;
import org.imgblstr.disk.use.TablePatches;

/** Gives one disk identifiers and a host name of its own. Used once; one thread. Source: docs/identity.md, section 1. */
final class Adapting {
    private final DiskIdentity disk;
    private final NewIds ids;
    private final long grownFirstByte;
    private final Consumer<String> notes;
    private final Consumer<String> warnings;
    private final List<String> failures = new ArrayList<>();

    /** New identifiers by old ones, these in small letters. */
    private final Map<String, String> changes = new LinkedHashMap<>();

    /**
     * @param grownFirstByte where the partition begins whose file system was enlarged just now; -1 for none
     * @param notes takes what was done
     * @param warnings takes what stays as it was
     */
    Adapting(DiskIdentity disk, NewIds ids, long grownFirstByte, Consumer<String> notes, Consumer<String> warnings) {
        this.disk = disk;
        this.ids = ids;
        this.grownFirstByte = grownFirstByte;
        this.notes = notes;
        this.warnings = warnings;
    }

    /**
     * Does all of it.
     *
     * @param newIds whether identifiers change
     * @param hostName null when the name stays
     * @return what has failed, a clause each
     */
    List<String> run(boolean newIds, String hostName) {
        try {
            adapt(newIds, hostName);
        } catch (ToolException | DeviceException | RefusedException | MalformedTableException e) {
            failures.add(e.getMessage());
        }
        return failures;
    }

    private void adapt(boolean newIds, String hostName)
            throws ToolException, DeviceException, RefusedException, MalformedTableException {
        PartitionTable table;
        List<Volume> volumes;
        try (Disk read = Disks.openForReading(disk.path(), disk.sectorBytes())) {
            table = PartitionTable.read(read);
            volumes = Volume.of(read, table);
        }
        Look look = new Look(volumes, TableIds.of(table));
        try (Nodes nodes = Nodes.of(disk, volumes)) {
            look.run(nodes, table instanceof PartitionTable.Mbr);
        }
        failures.addAll(look.failures());
        if (newIds) {
            look.reasons().forEach(warnings);
            renewTable(look);
        }
        tellLoaders(look, table);
        try (Nodes nodes = Nodes.of(disk, volumes)) {
            if (newIds) {
                volumes.forEach(volume -> renewContent(volume, nodes, look));
            }
            for (Volume volume : volumes) {
                writeFiles(volume, nodes, look, newIds, hostName);
            }
            if (hostName != null) {
                renameWindows(volumes, nodes, look, hostName);
            }
        }
        sync();
    }

    /** What keeps a Windows from getting the name is a warning beside a Linux that has it, and a failure where nothing else has it. */
    private void renameWindows(List<Volume> volumes, Nodes nodes, Look look, String hostName) {
        List<String> lacks = new ArrayList<>();
        boolean isNamed = look.hasLinux();
        for (Volume volume : volumes) {
            if (volume.type().equals("ntfs")) {
                isNamed |= renameWindows(volume, nodes, hostName, lacks);
            }
        }
        if (isNamed) {
            lacks.forEach(warnings);
        } else {
            failures.addAll(lacks);
        }
        if (!isNamed && lacks.isEmpty()) {
            failures.add("no Linux and no Windows was found that could be called " + hostName);
        }
    }

    private boolean renameWindows(Volume volume, Nodes nodes, String hostName, List<String> lacks) {
        Optional<WindowsFiles> windows;
        try {
            windows = WindowsFiles.of(nodes.of(volume));
        } catch (ToolException e) {
            lacks.add("whether " + volume.describe() + " holds a Windows is not known: " + e.getMessage());
            return false;
        }
        if (windows.isEmpty()) {
            return false;
        }
        String who = "the Windows in " + volume.describe();
        try {
            String name = AnswerFile.computerName(hostName);
            String file = windows.get().rename(name, hasGrown(volume));
            notes.accept(who + " gets the name " + name + " at its first start after sysprep: " + file);
            return true;
        } catch (ToolException e) {
            lacks.add(who + " keeps its name: " + e.getMessage());
            return false;
        }
    }

    /** Not every tool waits until the drive has written what it was given. */
    private void sync() throws ToolException {
        try (FileChannel whole = FileChannel.open(Path.of(disk.device()), StandardOpenOption.WRITE)) {
            whole.force(true);
        } catch (IOException e) {
            throw new ToolException("what was adapted cannot be synced: " + e.getMessage());
        }
    }

    private void renewTable(Look look) throws DeviceException {
        try (Disk held = Disks.openForWriting(disk.path(), disk.sectorBytes(), false)) {
            TableIds renewed = TableIds.of(held, look.kept(), ids);
            TablePatches.write(held, renewed.patches());
            changes.putAll(renewed.changes());
            if (!renewed.patches().isEmpty()) {
                notes.accept("the partition table has new identifiers");
            }
        } catch (RefusedException e) {
            failures.add(e.getMessage());
        }
    }

    /** Boot entries are in the memory of the machine, and name a partition by its GUID. */
    private void tellLoaders(Look look, PartitionTable table) {
        String warning = look.loaders().warning(disk.isBlockDevice() ? disk.path() : "");
        boolean isRenewed = table.partitions().stream()
                .anyMatch(partition -> EfiLoaders.isType(partition.typeId())
                        && changes.containsKey(partition.uniqueId().toLowerCase(Locale.ROOT)));
        if (!warning.isEmpty()) {
            warnings.accept(warning);
        } else if (isRenewed) {
            notes.accept(
                    "no boot entry of the EFI firmware was made: the firmware starts \\EFI\\BOOT\\BOOTX64.EFI until"
                            + " 'efibootmgr --create' makes an entry");
        }
    }

    private void renewContent(Volume volume, Nodes nodes, Look look) {
        Optional<VolumeTool> tool = VolumeTool.of(volume.type());
        String old = volume.id().toLowerCase(Locale.ROOT);
        if (tool.isEmpty() || old.isEmpty() || look.kept().contains(old)) {
            return;
        }
        try {
            String renewed = volume.isGroup()
                    ? renewGroup(volume, nodes.of(volume))
                    : renewFileSystem(volume, tool.get(), nodes.of(volume));
            changes.put(old, renewed);
            notes.accept(volume.describe() + " has a new identifier: " + renewed);
        } catch (ToolException e) {
            failures.add(volume.describe() + " keeps its identifier: " + e.getMessage());
        }
    }

    private String renewFileSystem(Volume volume, VolumeTool tool, String node) throws ToolException {
        // Two volumes of one identifier get one again: nobody can tell which of them a reference means.
        String renewed = changes.getOrDefault(volume.id().toLowerCase(Locale.ROOT), ids.like(volume.id()));
        tool.write(node, renewed, hasGrown(volume));
        return renewed;
    }

    private boolean hasGrown(Volume volume) {
        return volume.place().firstByte() == grownFirstByte;
    }

    /** Logical volumes keep their own identifiers, which count only together with that of their group. */
    private String renewGroup(Volume volume, String node) throws ToolException {
        LvmTool tool = new LvmTool(node);
        tool.renewPhysical();
        tool.renewGroup(volume.place().group().group());
        return tool.layout(disk.sectorBytes()).groupId();
    }

    private void writeFiles(Volume volume, Nodes nodes, Look look, boolean newIds, String hostName) {
        boolean hasReferences = look.isNaming(volume) && !changes.isEmpty();
        boolean hasLinux = !look.linuxIn(volume).isEmpty();
        if (!hasReferences && !hasLinux) {
            return;
        }
        try (VolumeFiles files = VolumeFiles.of(volume, "rw", nodes.of(volume))) {
            Tree tree = new Tree(files.folder());
            if (hasReferences) {
                attempt(volume, () -> rewrite(volume, tree));
            }
            for (String prefix : look.linuxIn(volume)) {
                adaptLinux(volume, new LinuxFiles(tree, prefix), newIds, hostName);
            }
        } catch (ToolException e) {
            failures.add(volume.describe() + ": " + e.getMessage());
        }
    }

    /** A part of the work on which nothing else depends. */
    @FunctionalInterface
    private interface Part {
        void run() throws ToolException;
    }

    private void attempt(Volume volume, Part part) {
        try {
            part.run();
        } catch (ToolException e) {
            failures.add(volume.describe() + ": " + e.getMessage());
        }
    }

    private void rewrite(Volume volume, Tree tree) throws ToolException {
        References references = new References(changes.keySet());
        int files = 0;
        for (String prefix : Places.prefixes(volume)) {
            for (Path file : Places.texts(tree, prefix)) {
                files += !tree.isLong(file) && isRewritten(tree, file, references) ? 1 : 0;
            }
        }
        for (Path program : Places.programs(tree)) {
            boolean mayChange = !tree.isLong(program) && !EfiProgram.isSigned(tree.bytes(program));
            files += mayChange && isRewritten(tree, program, references) ? 1 : 0;
        }
        for (Path store : Places.bootStores(tree)) {
            byte[] bytes = tree.bytes(store);
            if (!BootStore.in(bytes, changes.keySet()).isEmpty()) {
                tree.write(store, BootStore.rewritten(bytes, changes));
                files++;
            }
        }
        if (files == 0) {
            return;
        }
        notes.accept(volume.describe() + ": " + files + (files == 1 ? " file names" : " files name")
                + " the new identifiers");
    }

    private boolean isRewritten(Tree tree, Path file, References references) throws ToolException {
        String text = new String(tree.bytes(file), StandardCharsets.ISO_8859_1);
        String rewritten = references.rewritten(text, changes);
        if (rewritten.equals(text)) {
            return false;
        }
        tree.write(file, rewritten);
        return true;
    }

    private void adaptLinux(Volume volume, LinuxFiles linux, boolean newIds, String hostName) {
        List<String> changed = new ArrayList<>();
        if (hostName != null) {
            attempt(volume, () -> {
                linux.rename(hostName);
                changed.add("host name " + hostName);
            });
        }
        if (newIds) {
            attempt(volume, () -> changed.addAll(linux.renew(ids)));
        }
        if (!changed.isEmpty()) {
            notes.accept("the Linux in " + volume.describe() + " has "
                    + (newIds ? "a new identity: " + String.join(", ", changed) : "the host name " + hostName));
        }
    }
}
