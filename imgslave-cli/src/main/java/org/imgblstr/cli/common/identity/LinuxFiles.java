package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.identity.NewIds;

/** The files by which one Linux knows itself. */
final class LinuxFiles {
    private static final Pattern MACHINE_ID = Pattern.compile("[0-9a-fA-F]{32}");
    private static final List<String> MACHINE_IDS = List.of("etc/machine-id", "var/lib/dbus/machine-id");
    private static final String HOST_NAME = "etc/hostname";

    private final Tree tree;
    private final String prefix;

    /** {@code prefix}: what its paths begin with in the file system. */
    LinuxFiles(Tree tree, String prefix) {
        this.tree = tree;
        this.prefix = prefix;
    }

    /** Gives it a new machine-id and new host keys. Returns what is new, for a person. */
    List<String> renew(NewIds ids) throws ToolException {
        List<String> changed = new ArrayList<>();
        if (renewMachineId(ids.machineId())) {
            changed.add("machine-id");
        }
        String host = hostName();
        List<String> kinds = HostKeys.renew(tree, prefix, host.isEmpty() ? "localhost" : host);
        if (!kinds.isEmpty()) {
            changed.add("SSH host keys " + String.join(", ", kinds));
        }
        return changed;
    }

    /** One that is empty is made by the system when it starts. */
    private boolean renewMachineId(String id) throws ToolException {
        boolean isChanged = false;
        for (String path : MACHINE_IDS) {
            for (Path file : tree.files(prefix + path)) {
                if (MACHINE_ID.matcher(tree.text(file).strip()).matches()) {
                    tree.write(file, id + "\n");
                    isChanged = true;
                }
            }
        }
        return isChanged;
    }

    /** Its name; "" when it has none of its own. */
    String hostName() throws ToolException {
        Optional<Path> file = tree.file(prefix + HOST_NAME);
        String text = file.isPresent() ? tree.text(file.get()) : "";
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .orElse("");
    }

    /** Gives it another name. */
    void rename(String name) throws ToolException {
        String before = hostName();
        tree.write(tree.made(prefix + HOST_NAME, "rw-r--r--"), name + "\n");
        for (Path hosts : tree.files(prefix + "etc/hosts")) {
            String text = tree.text(hosts);
            String renamed = HostsFile.renamed(text, before, name);
            if (!renamed.equals(text)) {
                tree.write(hosts, renamed);
            }
        }
    }
}
