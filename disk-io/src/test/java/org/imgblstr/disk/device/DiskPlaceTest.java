package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a target while it is written. */
class DiskPlaceTest {
    private static final int BYTES = 64 << 10;

    @TempDir
    private Path folder;

    private Path file;
    private Path link;

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.write(folder.resolve("disk"), new byte[BYTES]);
        link = Files.createSymbolicLink(folder.resolve("link"), file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk", "link"})
    void aFileThatIsLeftAloneIsInPlace(String name) throws Exception {
        try (Disk disk = Disks.openForWriting(folder.resolve(name).toString())) {
            disk.write(0, ByteBuffer.allocate(BYTES));
            disk.sync();
            disk.checkInPlace();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk", "link"})
    void aFileThatWasRemovedReplacedCutOrLengthenedIsNot(String name) throws Exception {
        String path = folder.resolve(name).toString();
        fails(path, "is gone: the file was removed", () -> Files.delete(file));
        makeAgain();
        fails(path, "is another file now: it was replaced", () -> {
            Files.move(file, folder.resolve("old"));
            Files.write(file, new byte[BYTES]);
        });
        fails(path, "its length changed: 65536 bytes when it was opened, now 4096", () -> resize(4096));
        resize(BYTES);
        fails(path, "its length changed: 65536 bytes when it was opened, now 65537", () -> resize(BYTES + 1));
    }

    @Test
    void aLinkThatPointsElsewhereNowIsNot() throws Exception {
        fails(link.toString(), "link is another file now", () -> {
            Files.delete(link);
            Files.createSymbolicLink(link, Files.write(folder.resolve("other"), new byte[BYTES]));
        });
    }

    private interface Deed {
        void run() throws IOException;
    }

    private static void fails(String path, String message, Deed deed) throws Exception {
        try (Disk disk = Disks.openForWriting(path)) {
            disk.checkInPlace();
            deed.run();
            disk.write(0, ByteBuffer.allocate(512));
            assertThatThrownBy(disk::checkInPlace)
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining(message)
                    .hasMessageNotContaining("cannot be examined");
        }
    }

    private void makeAgain() throws IOException {
        Files.write(file, new byte[BYTES]);
    }

    private void resize(long bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(bytes);
        }
    }
}
