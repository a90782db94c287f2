package org.imgblstr.disk.use;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.Restored;
import org.imgblstr.disk.filesystem.fat.ExfatWriter;

/**
 * A sound volume that a seed decides: its file system, size and options, files of many lengths, and which of them are deleted again. The file
 * system's own programs or the kernel write it.
 */
final class RandomVolume {
    private static final int MIB = 1 << 20;

    /** What is made, and which of partclone's programs reads it. */
    enum Kind {
        EXT2("extfs"),
        EXT3("extfs"),
        EXT4("extfs"),
        /** partclone 0.3.23 reads FAT12 as if entries had 16 bits. */
        FAT12(""),
        FAT16("fat"),
        FAT32("fat"),
        EXFAT("exfat"),
        NTFS("ntfs"),
        XFS("xfs"),
        /** partclone 0.3.23 takes blocks of system chunks that are free, and not both copies of others. */
        BTRFS(""),
        F2FS("f2fs"),
        MINIX("minix");

        private final String partclone;

        Kind(String partclone) {
            this.partclone = partclone;
        }

        /** The program of partclone that reads it; empty where that is no judge. */
        Optional<String> partclone() {
            return partclone.isEmpty() ? Optional.empty() : Optional.of("partclone." + partclone);
        }
    }

    private final Kind kind;
    private final Random random;
    private final Path folder;
    private final Path files;
    private Path path;
    private String command = "";
    private long clustersUsed;

    /** {@code files}: a folder of files called file0, file1, ... to fill volumes with. */
    RandomVolume(long seed, Kind kind, Path folder, Path files) {
        this.kind = kind;
        this.random = new Random(seed * 31 + kind.name().hashCode());
        this.folder = folder;
        this.files = files;
    }

    Kind kind() {
        return kind;
    }

    Path path() {
        return path;
    }

    /** Of exFAT: clusters that are in use by what wrote the volume; else 0. */
    long clustersUsed() {
        return clustersUsed;
    }

    /** How it was made. */
    @Override
    public String toString() {
        return kind + ": " + command;
    }

    RandomVolume make() throws Exception {
        switch (kind) {
            case EXT2, EXT3 -> {
                mkfs(8 + random.nextInt(40), "mke2fs -q -F -t " + name() + " -b " + oneOf("1024", "2048", "4096"));
                ageExt();
            }
            case EXT4 -> {
                String options = oneOf(
                        "",
                        "-O ^metadata_csum,uninit_bg",
                        "-O bigalloc -C 16384",
                        "-O ^flex_bg,^64bit",
                        "-O meta_bg,^resize_inode",
                        "-O ^has_journal",
                        "-g 1024");
                mkfs(24 + random.nextInt(60), "mke2fs -q -F -t ext4 -b " + oneOf("1024", "4096") + " " + options);
                ageExt();
            }
            case FAT12 -> fat(1 + random.nextInt(4), "-F 12");
            case FAT16 -> fat(20 + random.nextInt(60), "-F 16");
            case FAT32 -> fat(40 + random.nextInt(60), "-F 32 -s 1");
            case EXFAT -> exfat();
            case NTFS -> {
                FsTools.need("ntfs-3g");
                FsTools.needRoot();
                mkfs(12 + random.nextInt(40), "mkfs.ntfs -F -q -Q -c " + oneOf("512", "1024", "4096", "16384"));
                Restored.mountedNtfs(path, this::age);
            }
            case XFS -> {
                String options = oneOf("", "-m rmapbt=1", "-m reflink=0", "-d agcount=2", "-i size=512");
                mkfs(
                        40 + random.nextInt(80),
                        "mkfs.xfs -q --unsupported -b size=" + oneOf("1024", "4096") + " " + options);
                mount("xfs");
            }
            case BTRFS -> {
                boolean isMixed = random.nextBoolean();
                mkfs(
                        isMixed ? 40 + random.nextInt(60) : 120 + random.nextInt(100),
                        "mkfs.btrfs -q " + (isMixed ? "--mixed" : "-m " + oneOf("single", "dup")));
                mount("btrfs");
            }
            case F2FS -> mkfs(110 + random.nextInt(100), "mkfs.f2fs -q");
            case MINIX -> mkfs(1 + random.nextInt(30), "mkfs.minix " + oneOf("-1", "-2"));
        }
        return this;
    }

    private String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private void mkfs(int mebibytes, String makes) throws Exception {
        FsTools.need(makes.substring(0, makes.indexOf(' ')));
        command = makes.strip() + ", " + mebibytes + " MiB";
        path = FsTools.sparse(folder, name() + System.nanoTime(), (long) mebibytes * MIB);
        FsTools.run((makes.strip() + " " + path).split(" +", -1));
    }

    private void mount(String fileSystem) throws Exception {
        FsTools.needRoot();
        FsTools.needKernel(fileSystem);
        Restored.mounted(path, "rw", this::age);
    }

    /** Half of the volumes by the kernel, where there is one that can, half by debugfs. */
    private void ageExt() throws Exception {
        FsTools.need("debugfs");
        boolean isKernel = random.nextBoolean() && "root".equals(System.getProperty("user.name"));
        if (isKernel && Files.readString(Path.of("/proc/filesystems")).contains("\t" + name() + "\n")) {
            Restored.mounted(path, "rw", this::age);
            return;
        }
        StringBuilder script = new StringBuilder();
        List<Integer> living = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (!living.isEmpty() && random.nextInt(3) == 0) {
                int gone = living.remove(random.nextInt(living.size()));
                script.append("rm f").append(gone).append('\n');
            } else {
                script.append("write " + files + "/file" + random.nextInt(40) + " f" + i + "\n");
                living.add(i);
            }
        }
        Path commands = Files.writeString(folder.resolve("commands"), script);
        FsTools.run("debugfs", "-w", "-f", commands.toString(), path.toString());
    }

    /** Writes, lengthens, cuts and deletes files until the seed or the volume has had enough. */
    private void age(Path mount) throws IOException {
        List<Path> living = new ArrayList<>();
        int steps = 100 + random.nextInt(500);
        try {
            for (int i = 0; i < steps; i++) {
                Path file = living.isEmpty() ? null : living.get(random.nextInt(living.size()));
                switch (file == null ? 9 : random.nextInt(10)) {
                    case 0, 1, 2 -> {
                        Files.delete(file);
                        living.remove(file);
                    }
                    case 3 -> Files.write(file, content(random.nextInt(300)));
                    case 4 -> Files.write(file, content(100_000), StandardOpenOption.APPEND);
                    default -> {
                        Path made = mount.resolve("file" + i);
                        Files.write(made, content(random.nextInt(12) == 0 ? 1_000_000 : 12_000));
                        living.add(made);
                    }
                }
            }
        } catch (IOException full) {
            // A full volume is one of those that are wanted.
            if (!String.valueOf(full.getMessage()).contains("space")) {
                throw full;
            }
        }
    }

    private byte[] content(int most) {
        byte[] content = new byte[random.nextInt(most + 1)];
        random.nextBytes(content);
        return content;
    }

    private void fat(int mebibytes, String options) throws Exception {
        FsTools.need("mcopy", "mdel");
        mkfs(mebibytes, "mkfs.fat " + options);
        for (int round = 0; round < 3; round++) {
            StringBuilder copied = new StringBuilder();
            StringBuilder deleted = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                if (random.nextInt(kind == Kind.FAT12 ? 8 : 2) == 0) {
                    copied.append(" ").append(files).append("/file").append(i);
                    deleted.append(random.nextInt(2) == 0 ? " ::file" + i : "");
                }
            }
            String remove = deleted.isEmpty() ? "" : "; mdel -i " + path + deleted;
            FsTools.run("sh", "-c", copied.isEmpty() ? ":" : "mcopy -D o -i " + path + copied + " ::" + remove + "; :");
        }
    }

    private void exfat() throws Exception {
        mkfs(8 + random.nextInt(40), "mkfs.exfat -c " + oneOf("512", "4096", "32768"));
        byte[] content = Files.readAllBytes(path);
        ExfatWriter writer = new ExfatWriter(content, random.nextLong());
        writer.age(20 + random.nextInt(60), 1 + random.nextInt(3));
        clustersUsed = writer.clustersUsed();
        Files.write(path, content);
    }
}
