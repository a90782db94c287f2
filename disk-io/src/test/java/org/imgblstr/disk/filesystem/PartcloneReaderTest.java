package org.imgblstr.disk.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystemReaderContract;
import org.imgblstr.disk.use.FileSystems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartcloneReaderTest extends FileSystemReaderContract {
    private static final long MIB = 1 << 20;
    private static final String MAP = """
            # Source: x
            # current_pos  current_status
            0x00100000     ?
            #      pos        size  status
            0x00000000  0x00001000  +
            0x00001000  0x000FE000  ?
            0x000FF000  0x00001000  +
            """;

    @TempDir
    Path folder;

    @Override
    protected FileSystemReader reader() {
        return new PartcloneReader();
    }

    /** A volume in memory has no node that partclone could read. */
    @Override
    protected boolean isMapped() {
        return false;
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        FsTools.need("mkfs.minix");
        return List.of(
                made(folder, "Minix 1", "minix", 128, "mkfs.minix -1 VOLUME"),
                made(folder, "Minix 2", "minix", 128, "mkfs.minix -2 VOLUME"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"f2fs, 100, mkfs.f2fs -q", "minix, 30, mkfs.minix -2", "minix, 20, mkfs.minix -1"})
    void keepsWhatPartcloneWould(String name, int mebibytes, String make) throws Exception {
        // given
        String program = "partclone." + name;
        FsTools.need(make.substring(0, make.indexOf(' ')), program);
        Path path = FsTools.sparse(folder, name, mebibytes * MIB);
        FsTools.run((make + " " + path).split(" ", -1));
        // when
        FileSystem found = identify(path);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo(name);
        long kept = FsTools.requireKept(found.used(), FsTools.partcloneDomain(program, path));
        assertThat(found.used().usedBytes()).isBetween(kept, kept + MIB).isLessThan(mebibytes * MIB / 2);
    }

    @Test
    void keepsAllOfAVolumeThatWasNotCleanlyUnmounted() throws Exception {
        FsTools.need("mkfs.minix");
        Path path = FsTools.sparse(folder, "minix", 20 * MIB);
        FsTools.run("mkfs.minix", "-1", path.toString());
        byte[] content = Files.readAllBytes(path);
        content[1024 + 18] = 0;
        Files.write(path, content);
        FileSystem found = identify(path);
        assertThat(found.whyAll()).contains("not cleanly unmounted");
        assertThat(found.used().usedBytes()).isEqualTo(20 * MIB);
    }

    /** Bytes of its version, of its bitmaps, and of its counts. */
    @ParameterizedTest(name = "byte {1} of its last block: {0}")
    @CsvSource({"true, 0", "true, 300", "false, 300", "false, 20"})
    void keepsAllOfAnF2fsWhoseNewestCheckpointWasNotWrittenToItsEnd(boolean isLast, int place) throws Exception {
        // given
        FsTools.need("mkfs.f2fs");
        Path path = FsTools.sparse(folder, "f2fs", 100 * MIB);
        FsTools.run("mkfs.f2fs", "-q", path.toString());
        byte[] content = Files.readAllBytes(path);
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int first = bytes.getInt(1024 + 76) * 4096;
        int second = first + (4096 << bytes.getInt(1024 + 20));
        int newer = bytes.getLong(first) > bytes.getLong(second) ? first : second;
        int last = newer + (bytes.getInt(newer + 136) - 1) * 4096;
        content[(isLast ? last : newer) + place] ^= 1;
        Files.write(path, content);
        // when
        FileSystem found = identify(path);
        // then
        assertThat(found.whyAll()).contains("not cleanly unmounted");
        assertThat(found.used().usedBytes()).isEqualTo(100 * MIB);
    }

    @Test
    void keepsAllWhereNoProgramCanReadTheVolume() throws Exception {
        FsTools.need("mkfs.minix");
        Path path = FsTools.sparse(folder, "minix", 20 * MIB);
        FsTools.run("mkfs.minix", "-1", path.toString());
        MemoryVolume inMemory = new MemoryVolume(Files.readAllBytes(path), 20 << 20);
        try (FakePartclone fake = new FakePartclone("true")) {
            assertThatThrownBy(() -> fake.reader.usedBlocks(inMemory)).hasMessageContaining("whole files only");
        }
        assertThatThrownBy(() -> new PartcloneReader(List.of(folder), 1).usedBlocks(inMemory))
                .isInstanceOf(UnsureException.class)
                .hasMessageContaining("not installed");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "exit 3",
                "echo nonsense",
                "sleep 600",
                "sleep 20 & exit 0",
                "yes | tr -d '\\n'",
                "printf '0x00 ?\\n0x0 0x1000 ?\\n'; exit 1"
            })
    void keepsAllWhenPartcloneGoesWrong(String script) throws Exception {
        FsTools.need("mkfs.minix");
        Path path = FsTools.sparse(folder, "minix", 20 * MIB);
        FsTools.run("mkfs.minix", "-1", path.toString());
        try (FakePartclone fake = new FakePartclone(script);
                Disk disk = Disks.openForReading(path.toString())) {
            assertThatThrownBy(() -> fake.reader.usedBlocks(VolumeSlice.whole(disk)))
                    .isInstanceOf(UnsureException.class);
        }
    }

    @Test
    void aProgramThatEndsWhileItsMapIsReadIsReadToTheEnd() throws Exception {
        // given: a clean Minix volume, and so much text that the reader is still at it when the program has ended
        Path path = Files.write(folder.resolve("minix"), minixSuperblock());
        StringBuilder map = new StringBuilder("0x0 ?\n");
        for (long at = 0; at < 2 * MIB; at += 1024) {
            map.append(String.format("0x%08x 0x400 %c%n", at, at % 4096 == 0 ? '+' : '?'));
        }
        Path text = Files.writeString(folder.resolve("map"), map);
        try (FakePartclone fake = new FakePartclone("exec cat " + text);
                Disk disk = Disks.openForReading(path.toString())) {
            // then
            for (int run = 0; run < 50; run++) {
                assertThat(fake.reader.usedBlocks(VolumeSlice.whole(disk)).usedBytes())
                        .as("run " + run)
                        .isEqualTo(MIB / 2);
            }
        }
    }

    private static byte[] minixSuperblock() {
        ByteBuffer volume = ByteBuffer.allocate((int) (2 * MIB)).order(ByteOrder.LITTLE_ENDIAN);
        volume.putShort(1024, (short) 704).putShort(1024 + 4, (short) 1);
        volume.putShort(1024 + 16, (short) 0x137F).putShort(1024 + 18, (short) 1);
        return volume.array();
    }

    @Test
    void readsTheMapOfPartclone() throws Exception {
        UsedMap map = parse(MAP);
        assertThat(map.usedBytes()).isEqualTo(0x2000 + MIB);
        assertThat(map.nextFree(0)).isEqualTo(0x1000);
        assertThat(map.nextUsed(0x1000)).isEqualTo(0xFF000);
        assertThat(map.isUsed(MIB, MIB)).as("behind the map").isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0x0 ?\n",
                "0x0 ?\n0x0 0x1000 -\n",
                "0x0 ?\n0x1000 0x1000 ?\n",
                "0x0 ?\n0x0 0x1000 +\n0x2000 0x1000 ?\n",
                "0x0 ?\n0x0 0x0 ?\n",
                "0x0 ?\n0x0 0x200001 ?\n",
                "0x0 ?\n0x0 0xFFFFFFFFFFFFFFFF ?\n",
                "0x0 0x1000 ?\n",
                "0x0 ?\n\n0x0 0x1000 ?\n"
            })
    void believesNoOtherMap(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(UnsureException.class);
    }

    @Test
    void damagedMapsFreeNothingThatTheyDoNotName() throws Exception {
        Random random = new Random(7);
        for (int variant = 0; variant < 300; variant++) {
            StringBuilder damaged = new StringBuilder(MAP);
            damaged.setCharAt(random.nextInt(MAP.length()), (char) (' ' + random.nextInt(95)));
            damaged.setLength(random.nextInt(3) == 0 ? random.nextInt(MAP.length()) : MAP.length());
            try {
                assertThat(parse(damaged.toString()).sizeBytes()).isEqualTo(2 * MIB);
            } catch (UnsureException fallback) {
                assertThat(fallback).hasMessageContaining("not understood");
            }
        }
    }

    private static UsedMap parse(String text) throws Exception {
        return PartcloneReader.parse(new BufferedReader(new StringReader(text)), 2 * MIB);
    }

    private static FileSystem identify(Path path) throws Exception {
        try (Disk disk = Disks.openForReading(path.toString())) {
            return FileSystems.standard().identify(VolumeSlice.whole(disk));
        }
    }

    /** A program in place of partclone.minix. */
    private final class FakePartclone implements AutoCloseable {
        final Path program;
        final PartcloneReader reader;

        FakePartclone(String script) throws Exception {
            program = Files.writeString(folder.resolve("partclone.minix"), "#!/bin/sh\n" + script + "\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            reader = new PartcloneReader(List.of(folder), 1);
        }

        @Override
        public void close() throws IOException {
            Files.delete(program);
        }
    }
}
