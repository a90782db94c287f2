package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Shell;
import org.imgblstr.disk.identity.HiddenSectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Boot sectors of volumes that start somewhere else now, with ntfsfix and fsck.fat as judges. */
class MovedVolumeTest {
    private static final int SECTOR = 512;
    private static final int BYTES = 40 << 20;

    /** Where the volume lies in its file. */
    private static final int FIRST_BYTE = 1 << 20;

    private static final long SECTORS = BYTES / SECTOR;
    private static final long OLD = 206_848;
    private static final long NEW = 2048;

    @TempDir
    Path folder;

    /** A disk file with a volume that was told to start at {@link #OLD}. */
    private Path disk(String mkfs) throws Exception {
        String[] words = (mkfs + " volume").split(" ", -1);
        Shell.assumeTools(words[0]);
        Path volume = folder.resolve("volume");
        words[words.length - 1] = volume.toString();
        try (RandomAccessFile file = new RandomAccessFile(volume.toFile(), "rw")) {
            file.setLength(BYTES);
        }
        Shell.run(words);
        Path disk = folder.resolve("disk");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(FIRST_BYTE);
            file.seek(FIRST_BYTE);
            file.write(Files.readAllBytes(volume));
        }
        return disk;
    }

    private static MovedVolume.Place place(long sourceLba, long targetLba) {
        return new MovedVolume.Place(FIRST_BYTE, SECTORS, sourceLba, targetLba);
    }

    private static Optional<MovedVolume> moved(Path path, MovedVolume.Place place) throws Exception {
        try (Disk disk = Disks.openForReading(path.toString(), SECTOR)) {
            return MovedVolume.of(disk, place);
        }
    }

    private static void write(Path path, MovedVolume volume) throws Exception {
        try (Disk disk = Disks.openForWriting(path.toString(), SECTOR, false)) {
            TablePatches.write(disk, volume.patches());
        }
    }

    private static HiddenSectors told(Path path, long sector) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        return HiddenSectors.of(bytes.slice((int) (FIRST_BYTE + sector * SECTOR), SECTOR))
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "mkntfs -q -Q -F -p 206848, 2, ntfsfix -n",
        "mkfs.fat -F 32 -h 206848, 2, fsck.fat -n",
        "mkfs.fat -F 16 -h 206848, 1, fsck.fat -n"
    })
    void bothCopiesTellTheNewStartAndNothingElseChanges(String mkfs, int copies, String check) throws Exception {
        Path disk = disk(mkfs);
        Shell.assumeTools(check.split(" ", -1)[0]);
        byte[] before = Files.readAllBytes(disk);

        MovedVolume volume = moved(disk, place(OLD, NEW)).orElseThrow();
        write(disk, volume);

        long copy = told(disk, 0).copySector();
        assertThat(volume.patches()).hasSize(copies);
        assertThat(volume.patches().get(copies - 1).firstLba())
                .as("the first sector comes last")
                .isEqualTo(FIRST_BYTE / SECTOR);
        assertThat(told(disk, 0).count()).isEqualTo(NEW);
        assertThat(told(disk, copy)).isEqualTo(told(disk, 0));
        byte[] after = Files.readAllBytes(disk);
        Path volumeFile = Files.write(folder.resolve("moved"), Arrays.copyOfRange(after, FIRST_BYTE, after.length));
        Shell.run((check + " " + volumeFile).split(" ", -1));
        for (long sector : new long[] {0, copy}) {
            int at = (int) (FIRST_BYTE + sector * SECTOR + 28);
            System.arraycopy(before, at, after, at, Integer.BYTES);
        }
        assertThat(after).isEqualTo(before);
        assertThat(moved(disk, place(OLD, NEW))).as("a second time").isEmpty();
    }

    @Test
    void whatWasNotRightBeforeStays() throws Exception {
        Path disk = disk("mkntfs -q -Q -F -p 206848");
        assertThat(moved(disk, place(OLD + 1, NEW))).as("wrong on the source").isEmpty();
        assertThat(moved(disk, place(OLD, OLD))).as("the same start").isEmpty();
        assertThat(moved(disk, place(0, NEW))).as("an unknown source").isPresent();
        Path untold = disk("mkntfs -q -Q -F");
        assertThat(moved(untold, place(0, NEW))).as("nothing told").isEmpty();
    }

    @Test
    void aCopyThatTellsSomethingElseStays() throws Exception {
        Path disk = disk("mkntfs -q -Q -F -p 206848");
        long copy = told(disk, 0).copySector();
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.seek(FIRST_BYTE + copy * SECTOR + 28);
            file.write(1);
        }
        assertThat(moved(disk, place(OLD, NEW)).orElseThrow().patches()).hasSize(1);
        var shorter = new MovedVolume.Place(FIRST_BYTE, copy, OLD, NEW);
        assertThat(moved(disk, shorter).orElseThrow().patches())
                .as("a copy behind the end of the partition")
                .hasSize(1);
    }

    @Test
    void aStartThatTheFieldCannotHoldIsNotWritten() throws Exception {
        Path disk = disk("mkntfs -q -Q -F -p 206848");
        assertThat(moved(disk, place(OLD, 1L << 32)).orElseThrow().patches()).isEmpty();
        assertThat(moved(disk, place(OLD, (1L << 32) - 1)).orElseThrow().patches())
                .hasSize(2);
    }

    @Test
    void otherContentAndOtherSectorsAreLeftAlone() throws Exception {
        assertThat(moved(disk("mkfs.ext4 -q -F"), place(0, NEW))).isEmpty();
        assertThat(moved(disk("mkfs.fat -F 32 -S 4096 -h 206848"), place(OLD, NEW)))
                .isEmpty();
    }
}
