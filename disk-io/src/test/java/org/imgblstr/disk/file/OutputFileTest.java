package org.imgblstr.disk.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.imgblstr.disk.device.Libc;
import org.imgblstr.disk.device.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFileTest {
    @TempDir
    private Path folder;

    @Test
    void holesReadAsZerosWhereverTheyAre() throws Exception {
        Path path = folder.resolve("out");
        try (OutputFile file = OutputFile.create(path, false, true)) {
            file.putZeros(5);
            file.put(bytes("ab"));
            file.putZeros(3);
            file.put(bytes("c"));
            file.putZeros(4);
            file.end();
        }
        byte[] expected = "\0\0\0\0\0ab\0\0\0c\0\0\0\0".getBytes(StandardCharsets.UTF_8);
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
        assertThat(names()).containsExactly("out");
    }

    @Test
    void ofTwoAtOnceOneHasTheNameAndTheOtherKeepsItsBytes() throws Exception {
        Path path = folder.resolve("out");
        try (OutputFile first = OutputFile.create(path, false, true);
                OutputFile second = OutputFile.create(path, false, true)) {
            first.put(bytes("first"));
            second.put(bytes("second"));
            second.end();
            assertThatThrownBy(first::end)
                    .isInstanceOf(NameTakenException.class)
                    .hasMessageContaining(path + " appeared");
        }
        assertThat(path).hasContent("second");
        assertThat(names()).hasSize(2).anySatisfy(name -> {
            assertThat(name).matches("out\\.complete-[0-9a-f]{16}");
            assertThat(folder.resolve(name)).hasContent("first");
        });
    }

    @Test
    void aNewFileHasItsModeFromTheStartAndItsNameAtTheEnd() throws Exception {
        Path path = folder.resolve("key");
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (PartialFile first = PartialFile.create(path, false, mode);
                PartialFile second = PartialFile.create(path, false, mode)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.partialPath())))
                    .isEqualTo("rw-------");
            first.channel().write(bytes("first"));
            assertThat(path).doesNotExist();
            first.publishNew();
            assertThat(path).hasContent("first");
            assertThatThrownBy(second::publishNew)
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining(path.toString());
        }
        assertThat(path).hasContent("first");
        assertThat(names()).containsExactly("key");
    }

    @Test
    void aRenameToAFreeNameReplacesNothing() throws Exception {
        Path from = Files.writeString(folder.resolve("from \u00fc"), "from");
        Path taken = Files.writeString(folder.resolve("taken"), "taken");
        assertThatThrownBy(() -> Libc.renameToFreeName(from, taken))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(taken.toString());
        assertThat(taken).hasContent("taken");
        Path free = folder.resolve("free \u00fc");
        assertThat(Libc.renameToFreeName(from, free)).isTrue();
        assertThat(free).hasContent("from");
        assertThat(Libc.renameToFreeName(from, folder.resolve("other"))).isFalse();
        assertThat(names()).containsExactlyInAnyOrder("taken", "free \u00fc");
    }

    @Test
    void whatIsCalledLikeAnotherProgramsPartialFileIsLeftAlone() throws Exception {
        Path other = Files.writeString(folder.resolve("precious"), "precious");
        Files.createSymbolicLink(folder.resolve("out.partial"), other);
        try (OutputFile file = OutputFile.create(folder.resolve("out"), false, true)) {
            file.put(bytes("new"));
            file.end();
        }
        assertThat(other).hasContent("precious");
        assertThat(folder.resolve("out")).hasContent("new");
    }

    @Test
    void aLinkThatLeadsNowhereIsNotFollowed() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("out"), folder.resolve("absent"));
        assertThatThrownBy(() -> OutputFile.create(link, true, true)).isInstanceOf(RefusedException.class);
        assertThat(names()).containsExactly("out");
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {200, 230, 240, 255})
    void aLongNameWorks(int bytes) throws Exception {
        // given: characters of two bytes, one of which would be cut in the middle
        String name = "x".repeat(bytes % 2) + "\u00fc".repeat(bytes / 2);
        Path path = folder.resolve(name);
        try (OutputFile file = OutputFile.create(path, false, true);
                OutputFile late = OutputFile.create(path, false, true)) {
            file.end();
            assertThatThrownBy(late::end).isInstanceOf(NameTakenException.class);
        }
        assertThat(names()).contains(name).hasSize(2);
    }

    @Test
    void onlyWhatNobodyWritesIsAbandoned() throws Exception {
        // given: one that is being written, one of another program that holds it, and one of a run that died
        Path dead = Files.writeString(folder.resolve("a.img.partial-0123456789abcdef"), "half");
        Path held = Files.writeString(folder.resolve("b.img.partial-0123456789abcdef"), "half");
        Files.writeString(folder.resolve("c.img.partial-mine"), "precious");
        Files.createSymbolicLink(
                folder.resolve("d.img.partial-0123456789abcdef"), folder.resolve("c.img.partial-mine"));
        Process other = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import fcntl,sys; f=open(sys.argv[1],'r+'); fcntl.lockf(f,fcntl.LOCK_EX); print('held',"
                                + " flush=True); sys.stdin.read()",
                        held.toString())
                .start();
        try (var said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");
            // then
            assertThat(AbandonedFiles.in(folder)).containsExactly(dead);
            assertThat(AbandonedFiles.delete(held)).isFalse();
        } finally {
            other.destroy();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        try (OutputFile file = OutputFile.create(folder.resolve("e.img"), false, true)) {
            assertThat(AbandonedFiles.in(folder)).containsExactly(dead, held);
            file.end();
        }
        assertThat(AbandonedFiles.delete(dead)).isTrue();
        assertThat(dead).doesNotExist();
        assertThat(held).exists();
    }

    /** Each fails when the file and the thread that reads it back are there. */
    @ParameterizedTest(name = "{0}, verify {1}")
    @CsvSource({"error, true", "error, false", "runtime, true", "runtime, false"})
    void whateverFailsAtTheStartLeavesNothing(String kind, boolean verify) throws Exception {
        Throwable failure = "error".equals(kind)
                ? new OutOfMemoryError("Cannot reserve 2097152 bytes of direct buffer memory")
                : new IllegalStateException("injected");
        assertThatThrownBy(() -> OutputFile.create(folder.resolve("out"), false, verify, channel -> {
                    throw unchecked(failure);
                }))
                .isSameAs(failure);
        assertThat(names()).isEmpty();
        assertThat(openFiles()).noneMatch(file -> file.startsWith(folder.toString()));
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> "image-read-back".equals(thread.getName()));
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error e) {
            throw e;
        }
        return (RuntimeException) failure;
    }

    private static List<String> openFiles() throws IOException {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    files.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // It was closed meanwhile, as that of the directory itself.
                    files.add("closed");
                }
            }
        }
        return files;
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {256, 257, 1000})
    void aNameThatNoFileCanHaveIsRefusedBeforeTheFirstByte(int bytes) throws Exception {
        Path path = folder.resolve("\u00fc".repeat(bytes / 2) + "x".repeat(bytes % 2));
        assertThatThrownBy(() -> OutputFile.create(path, true, true))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no file can have this name")
                .hasMessageContaining("too long");
        assertThat(names()).isEmpty();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).toList();
        }
    }
}
