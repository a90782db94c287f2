package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.imgblstr.cli.common.program.SystemUser;

/** The folder of the sockets: one for each session of this user on this host. */
final class ControlPlace {
    private static final String ENDING = ".sock";

    /** The path of a socket has 107 bytes at most; a longer name is replaced by a digest of it. */
    private static final int LONGEST_NAME = 48;

    /** Locked by whoever opens a socket or deletes one; a lock of a file holds between processes only, so threads have one beside it. */
    private static final String LOCK = ".lock";

    private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

    private final Path folder;
    private final int user;

    ControlPlace(Path folder, int user) {
        this.folder = folder;
        this.user = user;
    }

    /** {@code /run/imgblstr} for root, {@code $XDG_RUNTIME_DIR/imgblstr} for others, else a folder of the user in the temporary folder. */
    static ControlPlace ofProcess() throws IOException {
        int user = SystemUser.id();
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (SystemUser.isRoot(user)) {
            return new ControlPlace(Path.of("/run/imgblstr"), user);
        }
        return new ControlPlace(
                runtime != null && Path.of(runtime).isAbsolute()
                        ? Path.of(runtime, "imgblstr")
                        : Path.of(System.getProperty("java.io.tmpdir"), "imgblstr-" + user),
                user);
    }

    /** The socket of a session of this name; characters that no file name should have are written as {@code %2F}. */
    Path socket(String name) {
        StringBuilder text = new StringBuilder();
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = each > 0 && (Character.isLetterOrDigit(each) || each == '-' || each == '_');
            text.append(
                    isPlain
                            ? String.valueOf((char) each)
                            : "%" + HexFormat.of().withUpperCase().toHexDigits(each));
        }
        boolean isShort = text.length() <= LONGEST_NAME;
        String file = isShort ? text.toString() : "%" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return folder.resolve(file + ENDING);
    }

    /** Makes the folder, for this user alone. */
    void prepare() throws IOException {
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            check();
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Refuses a folder that somebody else has made, or that leads elsewhere. */
    private void check() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(folder.toString(), null, "expected a folder, found a link or a file");
        }
        int owner = (Integer) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner != user) {
            throw new FileSystemException(
                    folder.toString(), null, "expected a folder of user " + user + ", found one of user " + owner);
        }
    }

    /** The sockets of all sessions that answer; those of sessions that have died are deleted. */
    List<Path> sessions() throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return found;
        }
        check();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path each : all) {
                if (isAlive(each)) {
                    found.add(each);
                }
            }
        }
        found.sort(null);
        return found;
    }

    /**
     * Whether somebody listens; the file of a session that has died is deleted.
     *
     * @throws FileSystemException when the folder is a link or another user's: what is in it is not ours
     */
    boolean isAlive(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        check();
        return answers(socket) || alone(() -> isAliveOrDeleted(socket));
    }

    /**
     * Gives a session its socket, which listens and is this user's alone when this returns.
     *
     * @param waiting how many connections may wait to be taken
     * @throws FileSystemException when another session has this socket
     */
    void open(ServerSocketChannel channel, Path socket, int waiting) throws IOException {
        alone(() -> {
            if (isAliveOrDeleted(socket)) {
                throw new FileSystemException(
                        socket.toString(), null, "another session on this host has the same name");
            }
            channel.bind(UnixDomainSocketAddress.of(socket), waiting);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return true;
        });
    }

    private static boolean isAliveOrDeleted(Path socket) throws IOException {
        boolean isAlive = answers(socket);
        if (!isAlive) {
            Files.deleteIfExists(socket);
        }
        return isAlive;
    }

    private static boolean answers(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException e) {
            // Refused: nobody listens. Any other failure says nothing of the session.
            return false;
        }
    }

    /**
     * Runs a step that no other thread or process may be in at the same time: a session that begins has its file for a moment before it listens,
     * and would be taken for dead.
     */
    private boolean alone(Step step) throws IOException {
        WITHIN_PROCESS.lock();
        try (FileChannel file =
                        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            return lock.isValid() && step.run();
        } finally {
            WITHIN_PROCESS.unlock();
        }
    }

    /** What is done alone. */
    @FunctionalInterface
    private interface Step {
        boolean run() throws IOException;
    }

    /** The name of the session, as far as the name of its socket tells it. */
    static String name(Path socket) {
        String file = socket.getFileName().toString();
        return file.substring(0, file.length() - ENDING.length());
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
