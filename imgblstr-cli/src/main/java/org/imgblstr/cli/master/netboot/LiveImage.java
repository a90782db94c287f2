package org.imgblstr.cli.master.netboot;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.common.program.CliException;

/** Kernel and initial RAM disk of the live image, open: files that replace them while netboot runs change nothing. */
final class LiveImage implements Closeable {
    private final FileChannel kernel;
    private final FileChannel memory;

    private LiveImage(FileChannel kernel, FileChannel memory) {
        this.kernel = kernel;
        this.memory = memory;
    }

    /**
     * Opens both.
     *
     * @throws CliException exit code 2: the folder lacks one of them
     */
    static LiveImage open(Path folder) throws IOException {
        FileChannel kernel = open(folder, BootMenus.KERNEL);
        try {
            return new LiveImage(kernel, open(folder, BootMenus.MEMORY));
        } catch (IOException | RuntimeException e) {
            kernel.close();
            throw e;
        }
    }

    private static FileChannel open(Path folder, String name) throws IOException {
        Path file = folder.resolve(name.substring(1)).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw CliException.usage("the live image is not complete: " + file
                    + " is missing; make it with dist/build live, and name its folder with --live");
        }
        return FileChannel.open(file);
    }

    FileChannel kernel() {
        return kernel;
    }

    FileChannel memory() {
        return memory;
    }

    @Override
    public void close() throws IOException {
        try (kernel) {
            memory.close();
        }
    }
}
