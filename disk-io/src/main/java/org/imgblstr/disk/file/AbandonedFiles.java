package org.imgblstr.disk.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What runs that died have left: files that were never completed and that nobody writes any more. */
public final class AbandonedFiles {
    private AbandonedFiles() {}

    /** Those in a folder. A file that is locked, or of which nobody can tell whether it is, is not one of them. */
    public static List<Path> in(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PartialName::isPartial)) {
            for (Path entry : entries) {
                if (whileHeld(entry, () -> {})) {
                    found.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(null);
        return found;
    }

    /** Deletes one, unless somebody has begun to hold it meanwhile. Returns whether it is gone. */
    public static boolean delete(Path file) throws IOException {
        return whileHeld(file, () -> Files.delete(file));
    }

    /** What is done to a file while nobody else can have its lock. */
    private interface Action {
        void run() throws IOException;
    }

    private static boolean whileHeld(Path file, Action action) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
        action.run();
        return true;
    }
}
