package org.imgblstr.disk.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.imgblstr.disk.device.Libc;
import org.imgblstr.disk.device.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is written beside its name and gets the name when it is complete and synced. Whatever happens before that, nothing of
 * that name appears or changes. One thread.
 */
public final class PartialFile implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(PartialFile.class);

    private final Path path;
    private final Path partial;
    private final boolean mayReplace;
    private final FileChannel channel;
    private boolean isKept;

    private PartialFile(Path path, Path partial, boolean mayReplace, FileAttribute<?>... attributes)
            throws IOException {
        this.path = path;
        this.partial = partial;
        this.mayReplace = mayReplace;
        this.channel =
                FileChannel.open(partial, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        try {
            lock();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Tells other runs that somebody writes the file: a partial file without this lock was left by a run that died. Linux releases the lock
     * when this process closes any channel to the file, so whoever reads the file back keeps a channel open until the file has its name.
     */
    private void lock() {
        try {
            if (channel.tryLock() == null) {
                LOG.warn("{} is locked by another program", partial);
            }
        } catch (IOException e) {
            // Some file servers have no locks. A run removes only leftovers that it could lock, so none is removed
            // there.
            LOG.debug("{}: not locked: {}", partial, e.getMessage());
        }
    }

    /**
     * Opens {@code NAME.partial-RANDOM} in the directory of {@code path}.
     *
     * @param mayReplace whether the complete file may replace a regular file of that name
     * @param attributes of the file from its first moment on, such as a mode
     * @throws RefusedException when the name must not be used: the file exists and may not be replaced, or is no regular file; nothing was written
     */
    public static PartialFile create(Path path, boolean mayReplace, FileAttribute<?>... attributes)
            throws RefusedException, IOException {
        Path target = path.toAbsolutePath();
        checkName(target);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            target = checkReplaceable(target, mayReplace);
        }
        if (target.getFileName() == null) {
            throw new RefusedException(RefusedException.Reason.UNSAFE, path + " is not the name of a file");
        }
        try {
            return new PartialFile(target, PartialName.of(target), mayReplace, attributes);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(path.toString(), null, "its directory does not exist");
        }
    }

    /** The file system decides how long a name may be: 255 bytes on most, less on some. */
    static void checkName(Path path) throws RefusedException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException | AccessDeniedException e) {
            LOG.debug("{} is free, or is not for us to see", path);
        } catch (FileSystemException e) {
            throw new RefusedException(
                    RefusedException.Reason.UNSAFE,
                    path + ": no file can have this name (" + e.getReason() + "); name another");
        } catch (IOException e) {
            LOG.debug("{}: not examined: {}", path, e.getMessage());
        }
    }

    private static Path checkReplaceable(Path target, boolean mayReplace) throws RefusedException, IOException {
        if (!Files.isRegularFile(target)) {
            throw new RefusedException(
                    RefusedException.Reason.UNSAFE,
                    target + " exists and is not a regular file: it is never replaced; choose another name");
        }
        if (!mayReplace) {
            throw new RefusedException(
                    RefusedException.Reason.UNSAFE,
                    target + " exists already (" + Files.size(target)
                            + " bytes): name another file, or replace it with --force");
        }
        // Replaces the file that a symbolic link names, not the link.
        return target.toRealPath();
    }

    Path path() {
        return path;
    }

    /** The path of the file until it gets its name. */
    public Path partialPath() {
        return partial;
    }

    /** To write to. Whoever made the partial file closes it, not its channel. */
    public FileChannel channel() {
        return channel;
    }

    /** Syncs the file, gives it its name, syncs the directory. When the name has been taken meanwhile, the file is kept under another one. */
    void publish() throws IOException {
        channel.force(true);
        if (mayReplace) {
            Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
            syncName();
            return;
        }
        try {
            moveToFreeName();
        } catch (FileAlreadyExistsException e) {
            throw appearedMeanwhile(e);
        }
        syncName();
    }

    /**
     * Syncs the file, gives it its name if nobody has it, syncs the directory. Until the name is there, a power cut leaves nothing of that
     * name; once this has returned, it leaves the whole file.
     *
     * @throws FileAlreadyExistsException when somebody has the name; then {@link #close} deletes the file
     */
    public void publishNew() throws IOException {
        channel.force(true);
        moveToFreeName();
        syncName();
    }

    private void syncName() throws IOException {
        isKept = true;
        try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** A rename replaces whatever has appeared meanwhile; a new hard link does not. Some file systems, such as FAT, have no hard links. */
    private void moveToFreeName() throws IOException {
        try {
            Files.createLink(path, partial);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            if (!renameToFreeName()) {
                moveToClaimedName();
            }
            return;
        }
        Files.delete(partial);
    }

    private boolean renameToFreeName() throws FileAlreadyExistsException {
        try {
            return Libc.renameToFreeName(partial, path);
        } catch (LinkageError e) {
            LOG.debug("{}: no rename to a free name without JNA: {}", partial, e.getMessage());
            return false;
        }
    }

    /**
     * Makes an empty file of the name, which only one of several programs can do, and replaces that by the complete file. The last resort: a
     * power cut between the two leaves the empty file.
     */
    private void moveToClaimedName() throws IOException {
        Files.createFile(path);
        try {
            Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private NameTakenException appearedMeanwhile(Exception cause) throws IOException {
        isKept = true;
        Path complete = Files.move(partial, PartialName.complete(partial), StandardCopyOption.ATOMIC_MOVE);
        return new NameTakenException(
                path + " appeared while it was written and was not replaced; the complete file is " + complete, cause);
    }

    /** Closes the file, and deletes it unless it got its name or was kept under another one. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } catch (IOException e) {
            // A file server may tell of a failed write only when the file is closed.
            FileSystemException failed =
                    new FileSystemException(path.toString(), null, "closing it: " + e.getMessage());
            failed.initCause(e);
            throw failed;
        } finally {
            if (!isKept) {
                isKept = true;
                Files.deleteIfExists(partial);
            }
        }
    }
}
