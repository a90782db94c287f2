package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.imgblstr.cli.common.program.HostName;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code info} tells of an image: what it is, where it comes from, what it fits. */
class InfoTest {
    private static final int DISK_BYTES = 8 << 20;

    /** Where the first partition of the sample disk begins, and the superblock of ext in it. */
    private static final int EXT_SUPERBLOCK = (1 << 20) + 1024;

    @TempDir
    private Path folder;

    private ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        SampleDisk.create(disk, DISK_BYTES, 1);
        write(EXT_SUPERBLOCK, new byte[1024]);
        write(EXT_SUPERBLOCK + 56, new byte[] {0x53, (byte) 0xEF});
        write(EXT_SUPERBLOCK + 120, "rooms\u001B[2J".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPersonReadsWhenWhereAndOfWhatItWasMade() {
        // given
        Instant before = Instant.now();
        upload("--note", "before the update – été");
        // when
        String text = info();
        // then
        DateTimeFormatter hour = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:").withZone(ZoneId.systemDefault());
        assertThat(text)
                .containsPattern("made        (" + hour.format(before) + "|" + hour.format(Instant.now()) + ").* on \\Q"
                        + HostName.here() + "\\E by imgblstr .+")
                .contains("note        before the update – été")
                .contains("source      " + disk + ", 8.0 MiB, sectors of 512 bytes")
                .contains("holds       the whole disk")
                .contains("fits        disks of at least ")
                .doesNotContain("LBA", "tracks ", "id          ");
    }

    @Test
    void partitionsAreATableWithTheirFileSystems() {
        upload("--all-blocks");
        assertThat(info().lines().toList())
                .contains("  no  name    content  label         size  used     data")
                .anyMatch(line -> line.startsWith("   1  text    ext2     rooms\uFFFD[2J  2.0 MiB        2.0 MiB"))
                .anyMatch(line -> line.startsWith("   3  random  unknown"));
    }

    @Test
    void aPartitionThatTheImageDoesNotHoldIsNamedAsThat() {
        upload("--partition", "random");
        assertThat(info())
                .contains("holds       partition 3 'random'")
                .contains("fits        partitions of at least 2.0 MiB for 3 'random' with sectors of 512 bytes")
                .containsPattern("1  text +not in the image");
    }

    @Test
    void withVItTellsTracksSectorsAndTypes() {
        upload();
        assertThat(program.run("info", "-v", image)).isZero();
        assertThat(program.out())
                .contains("id          ", "tracks      ", "table       1 'text', LBA 2048 to ", "type ");
    }

    @Test
    void aProgramGetsTheSame() throws Exception {
        upload("--note", "a note");
        assertThat(program.run("info", "--json", image)).isZero();
        SessionModesTest.assertEvents(program.out());
        assertThat(program.out())
                .contains("\"note\":\"a note\"", "\"machine\":\"" + HostName.here() + "\"", "\"program\":\"imgblstr ")
                .contains("\"held\":true,\"fileSystem\":\"ext2\"");
    }

    @Test
    void aNoteThatCannotBeKeptIsWrongUsage() {
        assertThat(program.run("--upload", image, "--disk", disk, "--note", "x".repeat(1025)))
                .isEqualTo(ExitCode.USAGE);
        assertThat(program.err()).contains("--note: expected at most 1024 bytes", "found 1025 bytes");
        assertThat(program.run("--upload", image, "--disk", disk, "--note", "two\nlines"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(program.run("--broadcast", "--disk", disk, "--note", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(program.err()).contains("it needs --upload");
        assertThat(Files.exists(image)).isFalse();
    }

    private void upload(Object... options) {
        Object[] all = new Object[options.length + 4];
        System.arraycopy(new Object[] {"--upload", image, "--disk", disk}, 0, all, 0, 4);
        System.arraycopy(options, 0, all, 4, options.length);
        assertThat(program.run(all)).as(program.err()).isZero();
        program = new ProgramRunner();
    }

    private String info() {
        assertThat(program.run("info", image)).as(program.err()).isZero();
        return program.out();
    }

    private void write(int at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }
}
