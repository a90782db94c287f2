package org.imgblstr.cli.common.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine. The kernel tells it, so that a name server that does not answer costs no time. */
public final class HostName {
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** At most 64 bytes on Linux; "" when the kernel tells none. */
    public static String here() {
        return of(KERNEL);
    }

    static String of(Path file) {
        try {
            String name = Files.readString(file).strip();
            return name.equals("(none)") ? "" : name;
        } catch (IOException e) {
            return "";
        }
    }
}
