package org.imgblstr.cli.common.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;

/**
 * Those files of a FAT that may name identifiers, copied to a folder by mtools and, where they have changed, back. For kernels that cannot mount FAT.
 * Names are chosen here, not by the volume: one of other characters than usual is left alone.
 */
final class FatCopy implements VolumeFiles {
    private static final List<String> FOLDERS =
            List.of("efi", "loader", "grub", "grub2", "boot", "extlinux", "syslinux");

    private static final Pattern FILE =
            Pattern.compile(".*\\.(cfg|conf|efi|txt)|bcd|grubenv", Pattern.CASE_INSENSITIVE);
    private static final Pattern USUAL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9 ._+-]{0,99}");
    private static final int MOST_FILES = 500;
    private static final int MOST_DEPTH = 4;

    private final String node;
    private final Path folder;

    /** What was copied, by its path in the volume. */
    private final Map<String, byte[]> copied = new LinkedHashMap<>();

    private FatCopy(String node, Path folder) {
        this.node = node;
        this.folder = folder;
    }

    static boolean isPossible() {
        return SystemTool.find("mdir").isPresent() && SystemTool.find("mcopy").isPresent();
    }

    static FatCopy of(String node) throws ToolException {
        FatCopy copy;
        try {
            copy = new FatCopy(node, Files.createTempDirectory("imgblstr-fat-"));
        } catch (IOException e) {
            throw new ToolException("there is no place to copy it to: " + e.getMessage());
        }
        try {
            copy.copyFolder("", 0);
            return copy;
        } catch (ToolException | IOException e) {
            copy.remove();
            throw new ToolException("its files cannot be copied: " + e.getMessage());
        }
    }

    private void copyFolder(String path, int depth) throws ToolException, IOException {
        for (String name : names(path)) {
            boolean isFolder = name.endsWith("/");
            String plain = isFolder ? name.substring(0, name.length() - 1) : name;
            String inner = path.isEmpty() ? plain : path + "/" + plain;
            boolean isTaken = depth > 0 || !isFolder || FOLDERS.contains(plain.toLowerCase(Locale.ROOT));
            if (!USUAL.matcher(plain).matches() || !isTaken) {
                continue;
            }
            if (isFolder && depth < MOST_DEPTH) {
                copyFolder(inner, depth + 1);
            } else if (!isFolder && FILE.matcher(plain).matches() && copied.size() < MOST_FILES) {
                copyFile(inner);
            }
        }
    }

    /** What is in a folder; a folder in it ends with a slash. */
    private List<String> names(String path) throws ToolException {
        List<String> names = new ArrayList<>();
        String parent = "::/" + (path.isEmpty() ? "" : path + "/");
        // An empty one ends with exit code 1.
        for (String line : SystemTool.run(1, "mdir", "-b", "-i", node, parent).split("\n", -1)) {
            // A complaint of mtools on standard error has no end of line.
            int at = line.indexOf(parent);
            if (at >= 0 && line.length() > at + parent.length()) {
                names.add(line.substring(at + parent.length()));
            }
        }
        return names;
    }

    private void copyFile(String path) throws ToolException, IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        SystemTool.run("mcopy", "-n", "-i", node, "::/" + path, file.toString());
        copied.put(path, Files.readAllBytes(file));
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void close() throws ToolException {
        try {
            for (Map.Entry<String, byte[]> file : copied.entrySet()) {
                Path copy = folder.resolve(file.getKey());
                if (!Arrays.equals(Files.readAllBytes(copy), file.getValue())) {
                    SystemTool.run("mcopy", "-o", "-i", node, copy.toString(), "::/" + file.getKey());
                }
            }
        } catch (IOException e) {
            throw new ToolException("its files cannot be copied back: " + e.getMessage());
        } finally {
            remove();
        }
    }

    private void remove() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            folder.toFile().delete();
        }
    }
}
