package org.imgblstr.cli.common.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user of the system that this program runs as. Source: proc(5). */
public final class SystemUser {
    private static final int ROOT = 0;

    private SystemUser() {}

    /** The number of the user. */
    public static int id() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    public static boolean isRoot(int id) {
        return id == ROOT;
    }

    /** Whether root runs this program; false where nobody can tell. */
    public static boolean isRoot() {
        try {
            return isRoot(id());
        } catch (IOException e) {
            return false;
        }
    }
}
