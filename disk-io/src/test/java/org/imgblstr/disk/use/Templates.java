package org.imgblstr.disk.use;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.Restored;
import org.imgblstr.disk.filesystem.fat.ExfatWriter;

/**
 * Small volumes of each kind, made once by their own mkfs, with files in them and holes where files were. What is not installed is left out.
 */
final class Templates {
    private static final int MIB = 1 << 20;
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

    /**
     * One volume.
     *
     * @param check a command line whose output tells all that the file system's own checker and dumper see of VOLUME
     * @param leastSector the sector size that it needs at most
     * @param mbrType and type of a partition that holds it
     */
    record Template(String name, Path file, long bytes, String check, int leastSector, int mbrType) {}

    private final Path folder;
    private final Path files;
    private final List<Template> all = new ArrayList<>();

    private Templates(Path folder) throws IOException {
        this.folder = folder;
        this.files = FsTools.files(folder, 40, 11);
    }

    static List<Template> make(Path folder) throws Exception {
        Templates made = new Templates(folder);
        made.ext();
        made.fat();
        made.ntfs();
        made.others();
        made.unknown();
        return List.copyOf(made.all);
    }

    private void ext() throws Exception {
        Path commands = Files.writeString(folder.resolve("cat"), commands("cat /file%d\n") + "ls -l /\n");
        Path deletes = Files.writeString(folder.resolve("rm"), deletes("rm /file%d\n"));
        String check = "e2fsck -fn VOLUME; debugfs -f " + commands + " VOLUME | md5sum";
        String remove = " && debugfs -w -f " + deletes + " VOLUME && e2fsck -fy VOLUME || true";
        add("ext2", 6, "mke2fs -q -t ext2 -b 1024 -d FILES VOLUME" + remove, check, 512, 0x83);
        add("ext3", 14, "mke2fs -q -t ext3 -b 1024 -d FILES VOLUME" + remove, check, 512, 0x83);
        add("ext4", 18, "mke2fs -q -t ext4 -b 4096 -d FILES VOLUME" + remove, check, 4096, 0x83);
        add("ext4, 1 KiB", 20, "mke2fs -q -t ext4 -b 1024 -d FILES VOLUME" + remove, check, 512, 0x83);
    }

    private void fat() throws Exception {
        String fill = " && mcopy -i VOLUME FILES/* :: && mdel -i VOLUME " + deletes("::file%d ");
        String check = "fsck.fat -n VOLUME; mtype -i VOLUME '::*' | md5sum";
        add("FAT12", 3, "mkfs.fat -F 12 VOLUME" + fill, check, 512, 0x01);
        add("FAT16", 17, "mkfs.fat -F 16 -s 4 VOLUME" + fill, check, 512, 0x06);
        add("FAT32", 36, "mkfs.fat -F 32 -s 1 VOLUME" + fill, check, 512, 0x0C);
    }

    private void ntfs() throws Exception {
        String fill = " && for i in 1 2 3 4 5 6; do ntfscp VOLUME FILES/file$i file$i; done";
        String check = "ntfsfix -n VOLUME; for i in 1 3 6; do ntfscat VOLUME file$i | md5sum; done";
        add("NTFS", 9, "mkfs.ntfs -F -q -Q -c 4096 VOLUME" + fill, check, 512, 0x07);
    }

    private void others() throws Exception {
        Path prototype = Restored.prototype(files);
        add("exFAT", 9, "mkfs.exfat -c 4096 VOLUME", "fsck.exfat -n VOLUME", 512, 0x07);
        String xfs = "mkfs.xfs -q --unsupported -p " + prototype + " VOLUME";
        add("XFS", 40, xfs, "xfs_repair -n -P -f VOLUME 2>&1 | sed 's/ at 0x[^,]*//; /agno = /d'", 512, 0x83);
        String btrfs = "btrfs check --readonly --check-data-csum VOLUME";
        add("Btrfs", 48, "mkfs.btrfs -q -m single -n 4096 --rootdir FILES VOLUME", btrfs, 4096, 0x83);
        add("Btrfs, mixed", 32, "mkfs.btrfs -q --mixed --rootdir FILES VOLUME", btrfs, 4096, 0x83);
        add("swap", 4, "mkswap VOLUME", "swaplabel VOLUME", 4096, 0x82);
        add("Minix", 2, "mkfs.minix -2 VOLUME", "fsck.minix -l VOLUME", 512, 0x81);
        add("JFS", 16, "mkfs.jfs -q VOLUME", "true", 512, 0x83);
        add("UDF", 4, "mkfs.udf VOLUME", "true", 512, 0x07);
        add("NILFS2", 20, "mkfs.nilfs2 -q -B 16 VOLUME", "true", 512, 0x83);
    }

    /** Nothing that anybody knows, random bytes or nothing at all. */
    private void unknown() throws Exception {
        byte[] noise = new byte[3 * MIB];
        new Random(12).nextBytes(noise);
        Path random = Files.write(folder.resolve("unknown"), noise);
        all.add(new Template("unknown", random, noise.length, "md5sum < VOLUME", 4096, 0xDA));
        Path empty = FsTools.sparse(folder, "empty", 2 * MIB);
        all.add(new Template("empty", empty, 2 * MIB, "md5sum < VOLUME", 4096, 0x83));
    }

    private void add(String name, int mebibytes, String make, String check, int leastSector, int mbrType)
            throws Exception {
        for (String line : new String[] {make, check}) {
            if (!isInstalled(line.split(" ", 2)[0])) {
                return;
            }
        }
        Path volume = FsTools.sparse(folder, name.replaceAll("\\W", ""), (long) mebibytes * MIB);
        String line = make.replace("FILES", files.toString()).replace("VOLUME", volume.toString());
        FsTools.run("sh", "-c", line);
        if (name.equals("exFAT")) {
            byte[] content = Files.readAllBytes(volume);
            new ExfatWriter(content, 5).age(60, 5);
            Files.write(volume, content);
        }
        all.add(new Template(name, volume, (long) mebibytes * MIB, check, leastSector, mbrType));
    }

    private static boolean isInstalled(String program) {
        return program.equals("true")
                || FOLDERS.stream().anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private static String commands(String each) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i += 3) {
            lines.append(String.format(each, i));
        }
        return lines.toString();
    }

    /** Those that {@link #commands} does not name. */
    private static String deletes(String each) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i < 40; i += 3) {
            lines.append(String.format(each, i));
        }
        return lines.toString();
    }
}
