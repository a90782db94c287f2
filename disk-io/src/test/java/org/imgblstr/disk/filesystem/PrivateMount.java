package org.imgblstr.disk.filesystem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file system mounted where only its own process sees it. In the namespace of this program every other one that makes a namespace for
 * itself (ip netns exec does) would copy the mount, and keep the file system and its device busy after it was unmounted here.
 */
final class PrivateMount implements AutoCloseable {
    /** Descriptor 3 tells when a server in user space, which lives longer than the command that starts it, has ended too. */
    private static final String SCRIPT =
            "at=$1; shift; \"$@\" \"$at\" 3>&1 || exit; echo mounted; read -r end; umount \"$at\"";

    private final Process process;
    private final BufferedReader said;
    private final Path folder;

    private PrivateMount(Path at, List<String> command) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", SCRIPT, "sh", at.toString()));
        all.addAll(command);
        process = new ProcessBuilder(all).redirectErrorStream(true).start();
        said = process.inputReader();
        folder = Path.of("/proc/" + process.pid() + "/root" + at.toAbsolutePath());
    }

    /** Runs {@code command} with the folder {@code at} as its last argument, and returns when that is mounted. */
    static PrivateMount of(Path at, String... command) throws IOException {
        PrivateMount mount = new PrivateMount(at, List.of(command));
        StringBuilder before = new StringBuilder();
        for (String line = mount.said.readLine(); !"mounted".equals(line); line = mount.said.readLine()) {
            if (line == null) {
                throw new IOException(String.join(" ", command) + " failed: " + before);
            }
            before.append(line).append('\n');
        }
        return mount;
    }

    /** Where this program finds the files. */
    Path folder() {
        return folder;
    }

    /** Returns when it is unmounted and everything is written. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        String output = said.lines().collect(Collectors.joining("\n"));
        try {
            if (process.waitFor() != 0) {
                throw new IOException("unmounting failed: " + output);
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.getMessage());
        }
    }
}
