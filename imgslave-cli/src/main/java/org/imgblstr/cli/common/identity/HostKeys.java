package org.imgblstr.cli.common.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;

/** Host keys of the SSH server of a Linux: new ones of the same kinds, made on this machine, in the files of the old ones. */
final class HostKeys {
    static final String TOOL = "ssh-keygen";

    private static final String FOLDER = "etc/ssh/";
    private static final Pattern PRIVATE = Pattern.compile("ssh_host_([a-z0-9]+)_key");

    /** No server takes it any more, and no tool makes it. */
    private static final String OLD_KIND = "dsa";

    private static final List<String> KINDS = List.of("ecdsa", "ed25519", "rsa");

    private HostKeys() {}

    /**
     * Replaces all that are there.
     *
     * @param tree the file system
     * @param prefix what the paths of the Linux begin with
     * @param host the name that stands in the public keys
     * @return kinds of the keys that are new; empty when there were none
     */
    static List<String> renew(Tree tree, String prefix, String host) throws ToolException {
        List<String> renewed = new ArrayList<>();
        for (Path key : tree.files(prefix + FOLDER + "ssh_host_*_key")) {
            Matcher name = PRIVATE.matcher(key.getFileName().toString());
            String kind = name.matches() ? name.group(1) : "";
            String path = prefix + FOLDER + key.getFileName();
            if (kind.equals(OLD_KIND)) {
                tree.delete(key);
                remove(tree, path + ".pub");
                remove(tree, path + "-cert.pub");
            } else if (KINDS.contains(kind)) {
                renew(tree, path, kind, host);
                renewed.add(kind);
            }
        }
        return renewed;
    }

    private static void renew(Tree tree, String path, String kind, String host) throws ToolException {
        Path folder = newFolder();
        Path made = folder.resolve("key");
        Path madePublic = folder.resolve("key.pub");
        try {
            SystemTool.run(TOOL, "-q", "-t", kind, "-N", "", "-C", "root@" + host, "-f", made.toString());
            tree.write(tree.made(path, "rw-------"), Files.readAllBytes(made));
            tree.write(
                    tree.made(path + ".pub", "rw-r--r--"), Files.readString(madePublic, StandardCharsets.ISO_8859_1));
            remove(tree, path + "-cert.pub");
        } catch (IOException e) {
            throw new ToolException("the new host key of SSH cannot be read: " + e.getMessage());
        } finally {
            made.toFile().delete();
            madePublic.toFile().delete();
            folder.toFile().delete();
        }
    }

    /** In memory, where there is such a place. */
    private static Path newFolder() throws ToolException {
        Path run = Path.of("/run");
        try {
            return Files.isWritable(run)
                    ? Files.createTempDirectory(run, "imgblstr-keys-")
                    : Files.createTempDirectory("imgblstr-keys-");
        } catch (IOException e) {
            throw new ToolException("there is no place for the new host keys of SSH: " + e.getMessage());
        }
    }

    private static void remove(Tree tree, String path) throws ToolException {
        for (Path file : tree.files(path)) {
            tree.delete(file);
        }
    }
}
