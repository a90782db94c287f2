package org.imgblstr.cli.common.program;

import org.imgblstr.codec.CodecChoice;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.transport.TransportKind;

/** Loads the native libraries of a session before anybody relies on it: a slave that says that it listens can decode what comes. */
public final class NativeLibraries {
    private NativeLibraries() {}

    /**
     * Loads zstd and the sockets.
     *
     * @throws CliException exit code 2: there is no folder to load a library from
     */
    public static void load() {
        try {
            CodecChoice.loadZstd();
            TransportKind.best();
        } catch (LinkageError e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "the native library of zstd cannot be loaded: " + e.getMessage()
                            + "; the library is unpacked to a folder that can be written, has 4 MiB of room, and is not"
                            + " mounted noexec. Name such a folder: TMPDIR=/dev/shm",
                    e);
        }
    }
}
