package org.imgblstr.disk.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.disk.device.DeviceException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReadBackTest {
    private static final int BLOCK_BYTES = 5000;
    private static final int BLOCKS = 200;
    private static final int EISDIR = 21;

    @TempDir
    private Path folder;

    private final byte[] content = new byte[BLOCKS * BLOCK_BYTES];
    private Path file;

    @BeforeEach
    void write() throws IOException {
        new Random(3).nextBytes(content);
        file = Files.write(folder.resolve("x.partial"), content);
    }

    @Test
    void manyBlocksAreReadBack() throws Exception {
        try (FileReadBack readBack = FileReadBack.start(Path.of("x"), file)) {
            for (int block = 0; block < BLOCKS; block++) {
                tell(readBack, block, checksum(block));
            }
            readBack.end();
        }
    }

    @Test
    void theFirstBlockThatDiffersIsNamed() throws Exception {
        for (int victim : new int[] {0, 100, BLOCKS - 1}) {
            try (FileReadBack readBack = FileReadBack.start(Path.of("x"), file)) {
                assertThatThrownBy(() -> {
                            for (int block = 0; block < BLOCKS; block++) {
                                tell(readBack, block, checksum(block) ^ (block == victim ? 1 : 0));
                            }
                            readBack.end();
                        })
                        .isInstanceOf(DeviceException.class)
                        .hasMessageStartingWith("x: the file reads back different from what was written: bytes "
                                + victim * BLOCK_BYTES + " to " + (victim + 1) * BLOCK_BYTES);
            }
        }
    }

    @Test
    void aFileThatIsShorterThanWhatWasWrittenIsFound() throws Exception {
        try (FileReadBack readBack = FileReadBack.start(Path.of("x"), file)) {
            tell(readBack, BLOCKS - 1, checksum(BLOCKS - 1));
            readBack.onWritten(content.length - 10, 20, 0);
            assertThatThrownBy(readBack::end)
                    .isInstanceOf(DeviceException.class)
                    .hasMessageStartingWith("x: reading the file back failed: ")
                    .hasMessageContaining("ends at byte " + content.length + ", expected 10 more");
        }
    }

    /** The writer hears of it at its next block, long before the end. */
    @Test
    void aFileThatCannotBeReadIsNamedToTheWriter() throws Exception {
        // given a folder: it can be opened, and a read of it fails with EISDIR
        try (FileReadBack readBack = FileReadBack.start(Path.of("x"), folder)) {
            // when
            assertThatThrownBy(() -> {
                        for (int block = 0; block < 2 * BLOCKS; block++) {
                            tell(readBack, block % BLOCKS, 0);
                        }
                    })
                    // then
                    .isInstanceOfSatisfying(
                            DeviceException.class, e -> assertThat(e.errno()).isEqualTo(EISDIR))
                    .hasMessageStartingWith("x: reading the file back failed: " + folder + ": read at byte 0: ");
        }
    }

    @Test
    void aFaultOfTheReaderItselfIsNamedToo() throws Exception {
        try (FileReadBack readBack = FileReadBack.start(Path.of("x"), file)) {
            readBack.onWritten(0, Integer.MAX_VALUE, 0);
            assertThatThrownBy(readBack::end)
                    .isInstanceOf(DeviceException.class)
                    .hasMessageStartingWith("x: reading the file back failed: java.lang.IllegalArgumentException");
        }
    }

    @Test
    void closingBeforeTheEndEndsTheThread() throws Exception {
        FileReadBack readBack = FileReadBack.start(Path.of("x"), file);
        tell(readBack, 0, checksum(0));
        readBack.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("image-read-back"));
    }

    private void tell(FileReadBack readBack, int block, long checksum) throws IOException {
        readBack.onWritten((long) block * BLOCK_BYTES, BLOCK_BYTES, checksum);
    }

    private long checksum(int block) {
        return TrackChecksum.of(ByteBuffer.wrap(content, block * BLOCK_BYTES, BLOCK_BYTES));
    }
}
