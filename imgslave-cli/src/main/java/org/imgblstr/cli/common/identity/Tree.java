package org.imgblstr.cli.common.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.finish.ToolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a mounted file system of which nobody knows what it holds: no symbolic link is followed, only regular files are read and written, and
 * only in their place. Texts are in ISO 8859-1, so that each byte comes back as it was.
 */
final class Tree {
    /** What is read at once: no text of a system is so long, and hardly a boot loader. */
    static final long MOST_BYTES = 16L << 20;

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private static final Logger LOG = LoggerFactory.getLogger(Tree.class);

    private final Path root;

    Tree(Path root) {
        this.root = root;
    }

    /** Whether there is a folder of this name. */
    boolean hasFolder(String path) {
        return found(path, true).stream().findFirst().isPresent();
    }

    /** Regular files by a path in which {@code *} stands for any part of one name. In the order of their names. */
    List<Path> files(String pattern) {
        return found(pattern, false);
    }

    /** The regular file of this name. */
    Optional<Path> file(String path) {
        return files(path).stream().findFirst();
    }

    private List<Path> found(String pattern, boolean isFolder) {
        List<Path> found = List.of(root);
        String[] parts = pattern.split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            List<Path> next = new ArrayList<>();
            for (Path folder : found) {
                addMatching(folder, parts[i], isFolder || i < parts.length - 1, next);
            }
            found = next;
        }
        return found.stream().sorted().toList();
    }

    private static void addMatching(Path folder, String part, boolean isFolder, List<Path> found) {
        entries(folder, part).forEach(entry -> add(entry, isFolder, found));
    }

    private static List<Path> entries(Path folder, String part) {
        if (!part.contains("*")) {
            return List.of(folder.resolve(part));
        }
        List<Path> matching = new ArrayList<>();
        Pattern name = Pattern.compile("\\Q" + part.replace("*", "\\E.*\\Q") + "\\E", Pattern.CASE_INSENSITIVE);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (name.matcher(entry.getFileName().toString()).matches()) {
                    matching.add(entry);
                }
            }
        } catch (IOException e) {
            LOG.debug("{} is not looked into", folder, e);
        }
        return matching;
    }

    /**
     * Regular files that a path as that of {@link #files} reaches by a symbolic link. They are there to be read only. Each link is resolved within this
     * file system, so none leads out of it; one that leads to nothing gives no file.
     *
     * @param prefix of the folder that is the root for links, as in {@link LinuxFiles}
     */
    List<Path> behindLinks(String prefix, String pattern) {
        List<Path> found = new ArrayList<>();
        Path top = root.resolve(prefix);
        addBehindLinks(top, top, List.of(pattern.split("/", -1)), false, found);
        return found;
    }

    private static void addBehindLinks(Path top, Path folder, List<String> parts, boolean isLinked, List<Path> found) {
        for (Path entry : entries(folder, parts.get(0))) {
            boolean isBehind = isLinked || Files.isSymbolicLink(entry);
            Optional<Path> real = resolved(top, entry);
            if (real.isEmpty()) {
                continue;
            }
            if (parts.size() == 1 && isBehind) {
                add(real.get(), false, found);
            } else if (parts.size() > 1 && Files.isDirectory(real.get(), LinkOption.NOFOLLOW_LINKS)) {
                addBehindLinks(top, real.get(), parts.subList(1, parts.size()), isBehind, found);
            }
        }
    }

    /** Whether there is a symbolic link of this name that leads to nothing in this file system. */
    boolean isBroken(String prefix, String path) {
        Path top = root.resolve(prefix);
        Path link = top.resolve(path);
        return Files.isSymbolicLink(link) && resolved(top, link).isEmpty();
    }

    /** What a path leads to when {@code top} is the root: a path without links. */
    private static Optional<Path> resolved(Path top, Path path) {
        Deque<Path> left = new ArrayDeque<>();
        top.relativize(path).forEach(left::add);
        Path at = top;
        int links = 0;
        while (!left.isEmpty()) {
            Path name = left.pop();
            Path next = name.toString().equals("..") ? parent(top, at) : at.resolve(name);
            if (!Files.isSymbolicLink(next)) {
                at = next.normalize();
                continue;
            }
            Path target = target(next);
            links++;
            if (target == null || links > MOST_LINKS) {
                return Optional.empty();
            }
            at = target.isAbsolute() ? top : at;
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                left.push(target.getName(i));
            }
        }
        return Files.exists(at, LinkOption.NOFOLLOW_LINKS) ? Optional.of(at) : Optional.empty();
    }

    private static Path parent(Path top, Path at) {
        return at.equals(top) ? top : at.getParent();
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            LOG.debug("{} is not followed", link, e);
            return null;
        }
    }

    private static void add(Path path, boolean isFolder, List<Path> found) {
        if (isFolder
                ? Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                : Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            found.add(path);
        }
    }

    /** Bytes of a file that {@link #files} gave. */
    byte[] bytes(Path file) throws ToolException {
        if (isLong(file)) {
            throw new ToolException(name(file) + " cannot be read: it has more than " + (MOST_BYTES >> 20) + " MiB");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ToolException(name(file) + " cannot be read: " + e.getMessage());
        }
    }

    /** Whether a file is too long to be read at once. {@link #bytes} refuses it. */
    boolean isLong(Path file) {
        try {
            return Files.size(file) > MOST_BYTES;
        } catch (IOException e) {
            return true;
        }
    }

    /** Its text. */
    String text(Path file) throws ToolException {
        return new String(bytes(file), StandardCharsets.ISO_8859_1);
    }

    /** Other bytes for a file, which keeps its owner, its rights and all else. */
    void write(Path file, byte[] bytes) throws ToolException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.truncate(bytes.length);
        } catch (IOException e) {
            throw new ToolException(name(file) + " cannot be written: " + e.getMessage());
        }
    }

    void write(Path file, String text) throws ToolException {
        write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * The file of this name, made where there is none; its folder must be there.
     *
     * @param rights of a new file, as {@code ls} shows them; a file that is there keeps its own
     */
    Path made(String path, String rights) throws ToolException {
        int end = path.lastIndexOf('/');
        List<Path> folders = found(path.substring(0, end), true);
        if (folders.isEmpty()) {
            throw new ToolException("/" + path + " cannot be written: its folder is not there");
        }
        Path file = folders.get(0).resolve(path.substring(end + 1));
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return file;
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new ToolException("/" + path + " cannot be made: what is there is no regular file");
        }
        try {
            // The start script lets nobody else read what the program makes.
            return Files.setPosixFilePermissions(Files.createFile(file), PosixFilePermissions.fromString(rights));
        } catch (IOException e) {
            throw new ToolException("/" + path + " cannot be made: " + e.getMessage());
        }
    }

    void delete(Path file) throws ToolException {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new ToolException(name(file) + " cannot be removed: " + e.getMessage());
        }
    }

    private String name(Path file) {
        return "/" + root.relativize(file);
    }
}
