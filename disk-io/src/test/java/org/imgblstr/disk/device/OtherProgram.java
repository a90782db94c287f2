package org.imgblstr.disk.device;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Another process that does something to a disk until it is closed: lines of Python, or a command of a shell. */
public final class OtherProgram implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;

    private OtherProgram(String... command) throws IOException {
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.said = process.inputReader();
        if (!"ready".equals(said.readLine())) {
            throw new IOException(String.join(" ", command) + " did not get ready");
        }
    }

    /** {@code lines}: {@code path} is what they are about. Returns when they have run; what they have opened stays open. */
    public static OtherProgram python(String path, String lines) throws IOException {
        Shell.assumeTools("python3");
        String script = "import sys,os,fcntl,struct\npath=sys.argv[1]\n" + lines
                + "\nprint('ready',flush=True)\nsys.stdin.readline()\n";
        return new OtherProgram("python3", "-c", script, path);
    }

    /** Mounts a device where nobody else sees the mount, as a container does. */
    public static OtherProgram mount(String node, String mountPoint) throws IOException {
        Shell.assumeTools("unshare");
        String script = "mount \"$1\" \"$2\" && echo ready && read -r line";
        return new OtherProgram(
                "unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh", node, mountPoint);
    }

    @Override
    public void close() throws IOException {
        try (var in = process.getOutputStream()) {
            in.write("\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            process.destroy();
        }
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        said.close();
    }
}
