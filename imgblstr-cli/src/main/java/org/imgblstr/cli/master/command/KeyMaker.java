package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.secrets.KeyFiles;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile;

/** Makes a new key: all three files, or none. */
final class KeyMaker {
    private final Path file;

    /** {@code file}: that of masters; the others get its name and an ending. */
    KeyMaker(Path file) {
        this.file = file;
    }

    /** Makes the files, reads each again, and says what they are. Nothing is overwritten. */
    void make(PrintStream out) throws IOException {
        for (KeyFile.Use use : KeyFile.Use.values()) {
            if (Files.exists(path(use), LinkOption.NOFOLLOW_LINKS)) {
                throw exists(path(use));
            }
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw CliException.usage(file + ": its folder does not exist; make it, or name another");
        }
        try (KeyFile key = KeyFile.create(Primitives.best(), new SecureRandom()::nextBytes)) {
            write(key);
            out.println("key " + key.idText());
        }
        out.println(path(KeyFile.Use.MASTER) + ": for masters, secret");
        out.println(path(KeyFile.Use.SLAVE) + ": for slaves, secret");
        out.println(path(KeyFile.Use.PUBLIC) + ": for everybody");
    }

    private void write(KeyFile key) throws IOException {
        List<Path> written = new ArrayList<>();
        try {
            for (KeyFile.Use use : KeyFile.Use.values()) {
                try (KeyFile part = key.as(use)) {
                    KeyFiles.write(path(use), part);
                    written.add(path(use));
                    KeyFiles.read(path(use)).close();
                }
            }
        } catch (IOException | RuntimeException e) {
            for (Path each : written) {
                Files.deleteIfExists(each);
            }
            if (e instanceof FileAlreadyExistsException taken) {
                throw exists(Path.of(taken.getFile()));
            }
            throw e;
        }
    }

    private Path path(KeyFile.Use use) {
        return switch (use) {
            case MASTER -> file;
            case SLAVE -> file.resolveSibling(file.getFileName() + ".slave");
            case PUBLIC -> file.resolveSibling(file.getFileName() + ".pub");
        };
    }

    private static CliException exists(Path path) {
        return CliException.refused(path + " exists, and a key is never overwritten: name another file");
    }
}
