package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.FileOutput;
import org.imgblstr.disk.file.NameTakenException;
import org.imgblstr.disk.image.sealed.ImageProtection;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageWriterTest {
    private static final SampleImage SAMPLE = SampleImage.small();

    @TempDir
    Path directory;

    @Test
    void theNameAppearsOnlyWhenTheImageIsComplete() throws Exception {
        Path path = directory.resolve("room.img");
        try (ImageWriter writer = ImageWriter.create(path, SAMPLE.header, false)) {
            assertThat(names()).singleElement().asString().matches("room\\.img\\.partial-[0-9a-f]{16}");
            SAMPLE.sendTo(writer, SAMPLE.kinds.length);
            assertThat(path).doesNotExist();
            writer.end(SAMPLE.contentDigest);
            assertThat(names()).containsExactly("room.img");
        }
        assertThat(names()).containsExactly("room.img");
    }

    @Test
    void anInterruptedWriterLeavesNothing() throws Exception {
        for (int track = 0; track <= SAMPLE.kinds.length; track++) {
            try (ImageWriter writer = ImageWriter.create(directory.resolve("room.img"), SAMPLE.header, false)) {
                SAMPLE.sendTo(writer, track);
            }
            assertThat(names()).as("after track %d", track).isEmpty();
        }
    }

    @Test
    void anExistingImageIsRefusedBeforeAnythingIsWritten() throws Exception {
        Path path = Files.writeString(directory.resolve("room.img"), "precious");
        assertThatThrownBy(() -> ImageWriter.create(path, SAMPLE.header, false))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.UNSAFE))
                .hasMessageContaining(path + " exists already (8 bytes)");
        assertThat(names()).containsExactly("room.img");
        assertThat(path).hasContent("precious");
    }

    @Test
    void anExistingImageStaysUntilItsSuccessorIsComplete() throws Exception {
        Path path = Files.writeString(directory.resolve("room.img"), "precious");
        try (ImageWriter writer = ImageWriter.create(path, SAMPLE.header, true)) {
            SAMPLE.sendTo(writer, SAMPLE.kinds.length);
        }
        assertThat(path).hasContent("precious");
        try (ImageWriter writer = ImageWriter.create(path, SAMPLE.header, true)) {
            SAMPLE.sendTo(writer);
        }
        assertSound(path);
        assertThat(names()).containsExactly("room.img");
    }

    @Test
    void aSymbolicLinkKeepsPointingAtTheImage() throws Exception {
        Path path = Files.writeString(directory.resolve("room.img"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.img"), path);
        try (ImageWriter writer = ImageWriter.create(link, SAMPLE.header, true)) {
            SAMPLE.sendTo(writer);
        }
        assertThat(link).isSymbolicLink();
        assertSound(path);
    }

    @Test
    void whatIsNotAFileIsNeverReplaced() throws Exception {
        for (Path path : List.of(directory, Path.of("/dev/null"), Path.of("/"))) {
            assertThatThrownBy(() -> ImageWriter.create(path, SAMPLE.header, true))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("not a regular file");
        }
    }

    @Test
    void aMissingDirectoryIsNamed() {
        Path path = directory.resolve("missing/room.img");
        assertThatThrownBy(() -> ImageWriter.create(path, SAMPLE.header, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path + ": its directory does not exist");
    }

    @Test
    void anImageThatAppearsMeanwhileIsNotReplacedNorTheNewOneLost() throws Exception {
        Path path = directory.resolve("room.img");
        try (ImageWriter writer = ImageWriter.create(path, SAMPLE.header, false)) {
            SAMPLE.sendTo(writer, SAMPLE.kinds.length);
            Files.writeString(path, "precious");
            assertThatThrownBy(() -> writer.end(SAMPLE.contentDigest))
                    .isInstanceOf(NameTakenException.class)
                    .hasMessageContaining(path + " appeared while it was written");
        }
        assertThat(path).hasContent("precious");
        String kept = names().stream()
                .filter(name -> name.contains(".complete-"))
                .findFirst()
                .orElseThrow();
        assertSound(directory.resolve(kept));
    }

    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Disk quota exceeded"})
    void aDiskThatIsFullIsNamedAndLeavesNothing(String why) throws Exception {
        Path path = directory.resolve("room.img");
        assertThatThrownBy(() -> {
                    try (ImageWriter writer = ImageWriter.create(
                            path,
                            SAMPLE.header,
                            false,
                            false,
                            ImageProtection.NONE,
                            channel -> new Full(channel, why))) {
                        SAMPLE.sendTo(writer);
                    }
                })
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.errno()).isEqualTo(28))
                .hasMessageContaining(path + ": writing the file failed after 1000 bytes: " + why + "; free");
        assertThat(names()).isEmpty();
    }

    @Test
    void whatIsReadBackWhileItGrowsIsWhatWasWritten() throws Exception {
        Path path = directory.resolve("large.img");
        SampleImage large = SampleImage.random(2, 30_000, 1);
        try (ImageWriter writer = ImageWriter.create(path, large.header, false, true, ImageProtection.NONE)) {
            large.sendTo(writer);
        }
        assertThat((int) Files.size(path)).isGreaterThan(FileOutput.BLOCK_BYTES);
        assertSound(path);
    }

    @ParameterizedTest(name = "byte {0}")
    @ValueSource(longs = {0, 999, FileOutput.BLOCK_BYTES, -1})
    void aFileThatKeepsSomethingElseIsFoundAndLeavesNothing(long byteOrEnd) throws Exception {
        SampleImage large = SampleImage.random(2, 30_000, 1);
        long lastByte = large.bytes(directory).length - 1L;
        Path path = directory.resolve("room.img");
        assertThatThrownBy(() -> {
                    try (ImageWriter writer = ImageWriter.create(
                            path,
                            large.header,
                            false,
                            true,
                            ImageProtection.NONE,
                            channel -> new Flipping(channel, byteOrEnd < 0 ? lastByte : byteOrEnd))) {
                        large.sendTo(writer);
                    }
                })
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining(path + ": the file reads back different from what was written: bytes ");
        assertThat(names()).isEmpty();
    }

    @Test
    void aWriterThatFailedTakesNothingMore() throws Exception {
        try (ImageWriter writer = ImageWriter.create(
                directory.resolve("room.img"),
                SAMPLE.header,
                false,
                false,
                ImageProtection.NONE,
                channel -> new Full(channel, "No space left on device"))) {
            SAMPLE.sendTo(writer, SAMPLE.kinds.length);
            assertThatThrownBy(() -> writer.end(SAMPLE.contentDigest)).isInstanceOf(DeviceException.class);
            assertThatThrownBy(() -> writer.end(SAMPLE.contentDigest)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aFullFileSystemIsNamedAndLeavesNothing() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "mounting a small tmpfs needs root");
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString()) == 0,
                "this machine does not allow to mount a tmpfs");
        try {
            Path path = mount.resolve("room.img");
            SampleImage large = SampleImage.random(2, 3000, 1);
            assertThat(large.bytes(directory).length).isGreaterThan(1 << 20);
            assertThatThrownBy(() -> large.writeTo(path))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageMatching(
                            path + ": writing the file failed after [0-9]+ bytes: No space left on device.*");
            try (Stream<Path> files = Files.list(mount)) {
                assertThat(files).isEmpty();
            }
        } finally {
            assertThat(run("umount", mount.toString())).isZero();
        }
    }

    @Test
    void tracksOutOfTurnAreRefused() throws Exception {
        try (ImageWriter writer = ImageWriter.create(directory.resolve("room.img"), SAMPLE.header, false)) {
            assertThatThrownBy(() -> writer.skip(1, 1, TrackKind.ZERO)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.skip(0, SAMPLE.kinds.length + 1, TrackKind.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.skip(0, 1, TrackKind.DATA)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.data(0, ByteBuffer.allocate(100)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.end(SAMPLE.contentDigest)).isInstanceOf(IllegalStateException.class);
            SAMPLE.sendTo(writer, SAMPLE.kinds.length);
            assertThatThrownBy(() -> writer.end(new byte[32])).isInstanceOf(IllegalStateException.class);
            writer.end(SAMPLE.contentDigest);
        }
        assertSound(directory.resolve("room.img"));
    }

    /** Has room for 1000 bytes. */
    private static final class Full implements WritableByteChannel {
        private final WritableByteChannel channel;
        private final String why;
        private int room = 1000;

        Full(WritableByteChannel channel, String why) {
            this.channel = channel;
            this.why = why;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            if (room == 0) {
                throw new IOException(why);
            }
            int count = channel.write(from.slice(from.position(), Math.min(room, from.remaining())));
            from.position(from.position() + count);
            room -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Keeps one bit other than it was given. */
    private static final class Flipping implements WritableByteChannel {
        private final WritableByteChannel channel;
        private final long victim;
        private long position;

        Flipping(WritableByteChannel channel, long victim) {
            this.channel = channel;
            this.victim = victim;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            ByteBuffer copy = ByteBuffer.allocate(from.remaining()).put(from).flip();
            if (victim >= position && victim < position + copy.limit()) {
                int at = (int) (victim - position);
                copy.put(at, (byte) (copy.get(at) ^ 4));
            }
            int count = copy.limit();
            position += count;
            while (copy.hasRemaining()) {
                channel.write(copy);
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static void assertSound(Path path) throws IOException {
        try (ImageReader reader = ImageReader.open(path)) {
            assertThat(reader.verify((done, total) -> {}, () -> false).isSound())
                    .isTrue();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
