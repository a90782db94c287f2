package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.cli.slave.ImgslaveMain;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageWriter;
import org.imgblstr.disk.pass.DiskFeed;
import org.imgblstr.disk.pass.DiskFeed.Encoding;
import org.imgblstr.disk.pass.LevelMap;
import org.imgblstr.disk.track.DiskTrackSource;
import org.imgblstr.disk.use.TrackUse;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An image of a disk with bad sectors, on every way that it can go from there: exit code 3, the list, zeros. */
@Timeout(120)
class UnreadableSectorsTest {
    private static final int DISK_BYTES = 8 << 20;
    private static final String LIST = "LBA 1, LBA 3000 to 3001, LBA 5120 to 5631";

    @TempDir
    private Path folder;

    private ProgramRunner program = new ProgramRunner();
    private Path image;
    private byte[] expected;

    /** A slave that has ended: exit code and what it wrote to standard output. */
    private record Ended(int exitCode, String out) {}

    @BeforeEach
    void makeImage() throws Exception {
        Path disk = folder.resolve("disk.raw");
        SampleDisk.create(disk, DISK_BYTES, 1);
        BitSet bad = new BitSet();
        bad.set(1);
        bad.set(3000, 3002);
        bad.set(5120, 5632);
        expected = Files.readAllBytes(disk);
        bad.stream().forEach(lba -> Arrays.fill(expected, lba * 512, (lba + 1) * 512, (byte) 0));
        image = folder.resolve("bad.img");
        writeImage(disk, bad);
    }

    private void writeImage(Path path, BitSet bad) throws Exception {
        Path good = folder.resolve("good.img");
        assertThat(new ProgramRunner().run("--all-blocks", "--upload", good, "--disk", path))
                .isZero();
        ImageHeader header;
        try (ImageReader reader = ImageReader.open(good)) {
            header = reader.header();
        }
        try (BadSectorDisk disk = new BadSectorDisk(Disks.openForReading(path.toString()), bad);
                ImageWriter writer = ImageWriter.create(image, header, false)) {
            DiskTrackSource source = new DiskTrackSource(disk, header.space(), 2);
            new DiskFeed(
                            source,
                            TrackUse.everything(header.space()),
                            Encoding.of(CodecChoice.DEFAULT),
                            new LevelMap(header.space().trackCount()),
                            DiskFeed.BadSectors.SKIP)
                    .pump(writer, () -> false);
        }
    }

    @Test
    void verifySaysThatTheFileIsSoundAndTheContentIsNot() {
        assertThat(program.run("verify", image)).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(program.out()).contains("sound").contains("515 sectors (257.5 KiB): " + LIST);
    }

    @Test
    void infoListsPlacesPartitionsAndWhatWasHit() throws Exception {
        assertThat(program.run("info", "-v", image)).isZero();
        assertThat(program.out())
                .contains("1 unreadable, 2 data in part")
                .contains("515 sectors, 257.5 KiB")
                .contains("outside of all partitions: LBA 1, 512 bytes, GPT")
                .contains("partition 1 'text': LBA 3000 to 3001, 1.0 KiB");
        program = new ProgramRunner();
        assertThat(program.run("info", "--json", image)).isZero();
        SessionModesTest.assertEvents(program.out());
        assertThat(program.out().lines()).hasSize(1);
        assertThat(program.out())
                .contains("\"unreadable\":{\"sectors\":515,\"bytes\":263680,\"ranges\":["
                        + "{\"firstLba\":1,\"sectors\":1,\"partition\":0,\"structure\":\"GPT\"},"
                        + "{\"firstLba\":3000,\"sectors\":2,\"partition\":1,\"structure\":\"\"},"
                        + "{\"firstLba\":5120,\"sectors\":512,\"partition\":1,\"structure\":\"\"}],\"more\":false}");
    }

    @Test
    void exportWritesZeros() throws Exception {
        Path out = folder.resolve("out.raw");
        assertThat(program.run("export", image, out)).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(Files.readAllBytes(out)).isEqualTo(expected);
        assertThat(program.err()).contains(LIST);
    }

    @Test
    void aLocalDiskGetsZeros() throws Exception {
        Path target = junk("target.raw");
        assertThat(program.run("--json", "--yes", "--download", image, "--disk", target))
                .as(program.err())
                .isEqualTo(ExitCode.INCOMPLETE);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        SessionModesTest.assertEvents(program.out(), "summary");
        assertThat(program.out())
                .contains("\"unreadable\":{\"sectors\":515,\"bytes\":263680,\"ranges\":"
                        + "[{\"firstLba\":1,\"sectors\":1}");
    }

    /** The third: a slave whose disk already holds all there is, in a session that sends only what slaves lack. */
    @ParameterizedTest(name = "local disk {0}, delta {1}")
    @CsvSource({"true, false", "false, false", "false, true"})
    void slavesGetZerosAndEndAsTheMasterDoes(boolean hasLocalDisk, boolean isDelta) throws Exception {
        // given
        Path target = isDelta ? Files.write(folder.resolve("held.raw"), expected) : junk("slave.raw");
        String group = ProgramRunner.newGroup();
        CompletableFuture<Ended> slave = slave(group, target);
        Path local = junk("local.raw");
        // when
        List<Object> all = new ArrayList<>(List.of("--json", "--yes", "--broadcast", "--slaves", "1", "--wait", "30s"));
        all.addAll(List.of("--interface", "lo", "--group", group, "--download", image));
        if (hasLocalDisk) {
            all.addAll(List.of("--disk", local));
        }
        if (isDelta) {
            all.add("--delta");
        }
        int code = program.run(all.toArray());
        Ended ended = slave.get();
        // then
        assertThat(code).as(program.err()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(ended.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        if (hasLocalDisk) {
            assertThat(Files.readAllBytes(local)).isEqualTo(expected);
        }
        SessionModesTest.assertEvents(ended.out(), "summary");
        assertThat(ended.out()).contains("515 sectors: " + LIST).contains("\"unreadable\":{\"sectors\":515");
        assertThat(program.out()).contains("\"unreadable\":{\"sectors\":515").contains("\"result\":\"incomplete\"");
    }

    private static CompletableFuture<Ended> slave(String group, Path target) {
        return CompletableFuture.supplyAsync(() -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
            int code = ImgslaveMain.run(
                    Setting.unattended(new PrintStream(out, true, StandardCharsets.UTF_8), nowhere),
                    Sealed.slaveOn(group, "--json", target.toString()));
            return new Ended(code, out.toString(StandardCharsets.UTF_8));
        });
    }

    private Path junk(String name) throws Exception {
        byte[] old = new byte[DISK_BYTES];
        Arrays.fill(old, (byte) 0x5A);
        return Files.write(folder.resolve(name), old);
    }
}
