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
import java.util.ArrayList;
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
        if (!part.contains("*")) {
            add(folder.resolve(part), isFolder, found);
            return;
        }
        Pattern name = Pattern.compile("\\Q" + part.replace("*", "\\E.*\\Q") + "\\E", Pattern.CASE_INSENSITIVE);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (name.matcher(entry.getFileName().toString()).matches()) {
                    add(entry, isFolder, found);
                }
            }
        } catch (IOException e) {
            LOG.debug("{} is not looked into", folder, e);
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
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ToolException(name(file) + " cannot be read: " + e.getMessage());
        }
    }

    /** Whether a file is too long to be read at once. */
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

    /** The file of this name, made where there is none; its folder must be there. */
    Path made(String path) throws ToolException {
        int end = path.lastIndexOf('/');
        List<Path> folders = found(path.substring(0, end), true);
        if (folders.isEmpty()) {
            throw new ToolException("/" + path + " cannot be written: its folder is not there");
        }
        Path file = folders.get(0).resolve(path.substring(end + 1));
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return file;
        }
        try {
            return Files.createFile(file);
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
