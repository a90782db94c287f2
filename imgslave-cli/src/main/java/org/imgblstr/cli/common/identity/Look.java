package org.imgblstr.cli.common.identity;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.identity.BootStore;
import org.imgblstr.disk.identity.EfiProgram;
import org.imgblstr.disk.identity.References;
import org.imgblstr.protocol.contract.PlainText;

/** What is found on a disk before anything of it changes: each Linux, who names identifiers, and which identifiers stay. Used once. */
final class Look {
    private static final Pattern NO_RESUME = Pattern.compile("(?m)^\\s*RESUME\\s*=\\s*[\"']?none\\b");

    private final List<Volume> volumes;
    private final List<String> tableIds;
    private final References references;
    private final Set<String> kept = new HashSet<>();
    private final Map<Volume, List<String>> linux = new HashMap<>();
    private final Set<Volume> naming = new HashSet<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final EfiLoaders loaders = new EfiLoaders();
    private boolean hasDracut;
    private boolean hasDracutImage;
    private boolean hasInitrd;
    private boolean isResumeOff;

    /**
     * @param volumes all of the disk
     * @param tableIds identifiers of the table, in small letters
     */
    Look(List<Volume> volumes, List<String> tableIds) {
        this.volumes = volumes;
        this.tableIds = tableIds;
        this.references = new References(all());
    }

    /** Looks. What cannot be mounted is a failure. */
    void run(Nodes nodes, boolean isMbr) {
        for (Volume volume : volumes) {
            if (!volume.mountType().isEmpty()) {
                look(volume, nodes);
            }
        }
        decide(isMbr);
    }

    private void look(Volume volume, Nodes nodes) {
        try (VolumeFiles files = VolumeFiles.of(volume, "ro", nodes.of(volume))) {
            Tree tree = new Tree(files.folder());
            for (String prefix : Places.prefixes(volume)) {
                lookForLinux(volume, tree, prefix);
                lookForReferences(volume, tree, prefix);
                lookBehindLinks(tree, prefix);
            }
            lookAtPrograms(volume, tree);
            lookAtBootStores(volume, tree);
            if (EfiLoaders.isIn(volume)) {
                loaders.add(volume, tree);
            }
        } catch (ToolException e) {
            failures.add(volume.describe() + " cannot be looked into: " + e.getMessage());
            kept.addAll(all());
        }
    }

    private void lookForLinux(Volume volume, Tree tree, String prefix) throws ToolException {
        boolean isRoot = !tree.files(prefix + "etc/os-release").isEmpty()
                || !tree.files(prefix + "usr/lib/os-release").isEmpty()
                || !tree.files(prefix + "etc/fstab").isEmpty();
        if (isRoot) {
            linux.computeIfAbsent(volume, ignored -> new ArrayList<>()).add(prefix);
        }
        hasDracut |= tree.hasFolder(prefix + "usr/lib/dracut");
        for (String boot : List.of(prefix, prefix + "boot/")) {
            hasDracutImage |= !tree.files(boot + "initramfs-*.img").isEmpty();
            hasInitrd |= !tree.files(boot + "initrd.img-*").isEmpty();
            for (Path grub : tree.files(boot + "grub*/i386-pc/load.cfg")) {
                keep(references.in(tree.text(grub)), "GRUB in the boot sector names it");
            }
            if (volume.isLogical()
                    && !tree.files(boot + "grub*/i386-pc/core.img").isEmpty()) {
                keep(
                        Set.of(volume.place().group().groupId().toLowerCase(Locale.ROOT)),
                        "GRUB in the boot sector finds its files by it");
            }
        }
        for (Path resume : tree.files(prefix + "etc/initramfs-tools/conf.d/resume")) {
            isResumeOff |= NO_RESUME.matcher(tree.text(resume)).find();
        }
    }

    private void lookForReferences(Volume volume, Tree tree, String prefix) throws ToolException {
        for (Path file : Places.texts(tree, prefix)) {
            if (isLong(tree, file)) {
                continue;
            }
            String text = tree.text(file);
            if (!references.in(text).isEmpty()) {
                naming.add(volume);
            }
            keepGroups(file, text);
        }
    }

    /** What a file names that is not rewritten has to stay, or the system that reads the file does not start. */
    private void lookBehindLinks(Tree tree, String prefix) throws ToolException {
        for (Path file : Places.textsBehindLinks(tree, prefix)) {
            if (!isLong(tree, file)) {
                keep(references.in(tree.text(file)), name(file) + " names it and is behind a symbolic link");
            }
        }
        for (String link : Places.brokenLinks(tree, prefix)) {
            keep(all(), "/" + prefix + link + " is a symbolic link to a file that is not there");
        }
    }

    /** What is too long to be searched may name all. */
    private boolean isLong(Tree tree, Path file) {
        boolean isLong = tree.isLong(file);
        if (isLong) {
            keep(all(), name(file) + " is too long to be searched");
        }
        return isLong;
    }

    private static String name(Path file) {
        return PlainText.of(file.getFileName().toString());
    }

    /** Those of LVM that a text names in a way that is not rewritten. */
    private void keepGroups(Path file, String text) {
        for (Volume group : volumes) {
            if (group.otherSpellings().stream().anyMatch(text::contains)) {
                keep(Set.of(group.id().toLowerCase(Locale.ROOT)), name(file) + " names it or its physical volume");
            }
        }
    }

    private void lookAtPrograms(Volume volume, Tree tree) throws ToolException {
        for (Path program : Places.programs(tree)) {
            if (isLong(tree, program)) {
                continue;
            }
            byte[] bytes = tree.bytes(program);
            Set<String> named = references.in(new String(bytes, StandardCharsets.ISO_8859_1));
            if (!named.isEmpty() && EfiProgram.isSigned(bytes)) {
                keep(named, name(program) + " names it and is signed");
            } else if (!named.isEmpty()) {
                naming.add(volume);
            }
        }
    }

    private void lookAtBootStores(Volume volume, Tree tree) throws ToolException {
        for (Path store : Places.bootStores(tree)) {
            byte[] bytes = tree.bytes(store);
            Set<String> named = BootStore.in(bytes, tableIds);
            if (!named.isEmpty() && !BootStore.isClean(bytes)) {
                keep(named, "the BCD of Windows names it and was not closed cleanly");
            } else if (!named.isEmpty()) {
                naming.add(volume);
            }
        }
    }

    private void decide(boolean isMbr) {
        for (Volume volume : volumes) {
            if (volume.isSealed()) {
                keep(partitionsAndVolumes(), "nobody here can look for references in " + volume.describe());
            }
        }
        if (hasDracut && (hasDracutImage || hasInitrd)) {
            keep(
                    ids(volume -> !volume.type().equals("vfat")),
                    "the initial RAM disk of dracut names file systems; 'dracut -f --regenerate-all' makes it anew");
        } else if (hasInitrd && !isResumeOff) {
            keep(
                    ids(volume -> volume.type().equals("swap")),
                    "the initial RAM disk names the swap space to resume from");
        }
        if (isMbr && volumes.stream().anyMatch(volume -> volume.type().equals("ntfs"))) {
            keep(Set.copyOf(tableIds), "a Windows finds its disk by the signature of the MBR");
        }
    }

    private void keep(Set<String> ids, String why) {
        Set<String> more = new HashSet<>(ids);
        more.removeAll(kept);
        if (!more.isEmpty()) {
            kept.addAll(more);
            reasons.add(
                    owners(more) + (more.size() == 1 ? " keeps its identifier: " : " keep their identifiers: ") + why);
        }
    }

    /** Of what these are the identifiers. */
    private String owners(Set<String> ids) {
        List<String> owners = new ArrayList<>();
        for (Volume volume : volumes) {
            if (ids.contains(volume.id().toLowerCase(Locale.ROOT))) {
                owners.add("the content of " + volume.describe());
            }
            if (ids.contains(volume.tableId())) {
                owners.add("the table entry of " + volume.describe());
            }
        }
        return owners.isEmpty() ? "the disk" : String.join(", ", owners);
    }

    private Set<String> all() {
        Set<String> all = ids(volume -> true);
        all.addAll(tableIds);
        return all;
    }

    /** All but that of the disk. */
    private Set<String> partitionsAndVolumes() {
        Set<String> all = ids(volume -> true);
        volumes.stream().map(Volume::tableId).filter(id -> !id.isEmpty()).forEach(all::add);
        return all;
    }

    private Set<String> ids(Predicate<Volume> which) {
        Set<String> ids = new HashSet<>();
        volumes.stream()
                .filter(which)
                .map(volume -> volume.id().toLowerCase(Locale.ROOT))
                .filter(id -> !id.isEmpty())
                .forEach(ids::add);
        return ids;
    }

    /** Identifiers that stay, in small letters. */
    Set<String> kept() {
        return kept;
    }

    /** What identifiers stay and why, a sentence each. */
    List<String> reasons() {
        return reasons;
    }

    /** What the EFI partitions hold. */
    EfiLoaders loaders() {
        return loaders;
    }

    /** What could not be looked at, a clause each. */
    List<String> failures() {
        return failures;
    }

    /** What the paths of each Linux in a volume begin with. */
    List<String> linuxIn(Volume volume) {
        return linux.getOrDefault(volume, List.of());
    }

    /** Whether there is a Linux at all. */
    boolean hasLinux() {
        return !linux.isEmpty();
    }

    /** Whether files of a volume name identifiers. */
    boolean isNaming(Volume volume) {
        return naming.contains(volume);
    }
}
