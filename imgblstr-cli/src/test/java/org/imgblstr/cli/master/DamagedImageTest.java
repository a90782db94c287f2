package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} tells of an image that is damaged: what of the disk is hit, in which partition and file system. */
class DamagedImageTest {
    /** Of tracks of 256 KiB: the first of the first partition, with its superblock, and the first of the last partition. */
    private static final int TRACK_OF_TEXT = 4;

    private static final int TRACK_OF_RANDOM = 20;

    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        Path disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        SampleDisk.create(disk, 8 << 20, 1);
        try (FileChannel file = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            byte[] superblock = new byte[1024];
            superblock[56] = 0x53;
            superblock[57] = (byte) 0xEF;
            superblock[120] = 'h';
            file.write(ByteBuffer.wrap(superblock), (5 << 20) + 1024);
        }
        assertThat(new ProgramRunner().run("--upload", image, "--disk", disk, "--codec", "none", "--all-blocks"))
                .isZero();
    }

    @Test
    void aDamagedTrackIsAPartOfAPartitionAndItsFileSystem() throws IOException {
        damage(TRACK_OF_RANDOM + 2);
        assertThat(program.run("verify", image)).isEqualTo(ExitCode.MALFORMED_IMAGE);
        assertThat(program.out())
                .contains(image + ": damaged; hit are 256.0 KiB of 8.0 MiB in 0:0")
                .contains("  partition 3 'random' (ext2 'h'): LBA 11264 to 11775, 256.0 KiB")
                .contains("take another copy of the image")
                .doesNotContain("sound");
        assertThat(program.err()).contains(image + ": offset ", "verifying ", "100.0%");
    }

    @Test
    void damageAtTheStartOfAFileSystemStillNamesThePartition() throws IOException {
        damage(TRACK_OF_RANDOM);
        damage(TRACK_OF_TEXT - 4);
        assertThat(program.run("verify", image)).isEqualTo(ExitCode.MALFORMED_IMAGE);
        assertThat(program.out())
                .contains("  outside of all partitions: LBA 0 to 511, 256.0 KiB, boot record and partition table")
                .contains("  partition 3 'random': LBA 10240 to 10751, 256.0 KiB");
    }

    @Test
    void aProgramGetsEachFileWithItsFaultAndItsPlaces() throws IOException {
        Path sound = Files.copy(image, folder.resolve("sound.img"));
        damage(TRACK_OF_TEXT);
        Path none = folder.resolve("none.img");
        int code = program.run("verify", "--json", sound, none, image);
        assertThat(code).as("that of the first that is not sound").isEqualTo(ExitCode.USAGE);
        SessionModesTest.assertEvents(program.out(), "image-result", "summary");
        assertThat(program.out().lines().filter(line -> line.contains("image-result")))
                .hasSize(3)
                .anyMatch(line -> line.contains("\"image\":\"" + sound + "\"") && line.contains("\"result\":\"sound\""))
                .anyMatch(line -> line.contains("\"image\":\"" + none + "\"") && line.contains("\"result\":\"failed\""))
                .anyMatch(line -> line.contains("\"image\":\"" + image + "\",")
                        && line.contains("\"result\":\"damaged\",\"exitCode\":11,\"faults\":[\"" + image + ": offset")
                        && line.contains("\"places\":[{\"firstLba\":2048,\"sectors\":512,\"partition\":1,"
                                + "\"name\":\"text\",\"fileSystem\":\"\""));
        assertThat(program.out())
                .contains(
                        "\"image\":{\"path\":\"" + sound + "\",\"bytes\":" + Files.size(sound) + ",\"verified\":true}");
    }

    @Test
    void eachByteThatIsFlippedIsNoSuccess() throws IOException {
        byte[] good = Files.readAllBytes(image);
        Path raw = folder.resolve("raw");
        for (int at = 0; at < good.length; at += good.length / 40) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Files.write(image, bad);
            assertThat(new ProgramRunner().run("verify", image))
                    .as("byte " + at)
                    .isEqualTo(ExitCode.MALFORMED_IMAGE);
            assertThat(new ProgramRunner().run("export", image, raw))
                    .as("byte " + at)
                    .isEqualTo(ExitCode.MALFORMED_IMAGE);
            assertThat(raw).doesNotExist();
        }
    }

    @Test
    void aPartitionIsNotExportedFromItsDamagedTrack() throws IOException {
        damage(TRACK_OF_RANDOM);
        Path raw = folder.resolve("raw");
        assertThat(program.run("export", "--partition", "3", image, raw)).isEqualTo(ExitCode.MALFORMED_IMAGE);
        assertThat(raw).doesNotExist();
        assertThat(program.run("export", "--json", "--partition", "random", image, raw))
                .isEqualTo(ExitCode.MALFORMED_IMAGE);
        SessionModesTest.assertEvents(program.out(), "image-result", "summary");
        assertThat(program.out()).contains("\"result\":\"damaged\"");
        assertThat(program.run("export", "--partition", "1", image, raw)).isZero();
    }

    private void damage(int track) throws IOException {
        long at;
        try (ImageReader reader = ImageReader.open(image)) {
            at = reader.bodyOffset(track) + 100;
        }
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            file.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), at);
        }
    }
}
