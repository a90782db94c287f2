package org.imgblstr.cli.common.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.KeyFile.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
    private static final int ROOT = 0;

    private final KeyFile key = KeyFile.create(Primitives.best(), new Random(2)::nextBytes);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void areReadAsTheyWereWritten(Use use) throws IOException {
        Path path = folder.resolve("key");
        KeyFiles.write(path, key.as(use));

        assertThat(mode(path)).isEqualTo(use == Use.PUBLIC ? "rw-r--r--" : "rw-------");
        assertThat(KeyFiles.read(path)).hasToString(key.as(use).toString());
        assertThat(folder).isDirectoryNotContaining(file -> !file.equals(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx--x---", "rwx-----x"})
    void aSecretThatOthersCanReachIsRefused(String mode) throws IOException {
        Path path = folder.resolve("a key");
        KeyFiles.write(path, key);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));

        assertThatThrownBy(() -> KeyFiles.read(path))
                .hasMessageContaining(" can be read by others (mode ")
                .hasMessageEndingWith("): chmod 600 '" + path + "'")
                .satisfies(KeyFilesTest::isNotAuthentic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------", "rwx------"})
    void whatItsOwnerMayDoDoesNotMatter(String mode) throws IOException {
        Path path = folder.resolve("key");
        KeyFiles.write(path, key);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));

        assertThatCode(() -> KeyFiles.read(path)).doesNotThrowAnyException();
    }

    @Test
    void everybodyMayReadThePublicHalf() throws IOException {
        Path path = folder.resolve("key.pub");
        KeyFiles.write(path, key.as(Use.PUBLIC));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(KeyFiles.read(path).use()).isEqualTo(Use.PUBLIC);
    }

    @Test
    void theOwnerIsThisUserOrRoot() {
        Path path = Path.of("key");

        assertThatCode(() -> KeyFiles.checkOwner(path, 1000, 1000)).doesNotThrowAnyException();
        assertThatCode(() -> KeyFiles.checkOwner(path, ROOT, 1000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> KeyFiles.checkOwner(path, 1001, 1000))
                .hasMessageStartingWith("key belongs to user 1001")
                .satisfies(KeyFilesTest::isNotAuthentic);
        assertThatThrownBy(() -> KeyFiles.checkOwner(path, 1001, ROOT)).satisfies(KeyFilesTest::isNotAuthentic);
    }

    @Test
    void aLinkToAKeyIsReadAndItsModeIsThatOfTheFile() throws IOException {
        Path path = folder.resolve("key");
        KeyFiles.write(path, key);
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);

        assertThat(KeyFiles.read(link)).hasToString(key.toString());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> KeyFiles.read(link)).hasMessageContaining("mode 644");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "/dev/zero", "/"})
    void whatIsNoRegularFileIsRefusedBeforeItIsRead(String path) {
        assertThatThrownBy(() -> KeyFiles.read(Path.of(path)))
                .hasMessage(path + " is no regular file: name one that is")
                .satisfies(KeyFilesTest::isNotAuthentic);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "something else\n");
        Path large = Files.write(folder.resolve("large"), new byte[1 << 20]);
        Path empty = Files.createFile(folder.resolve("empty"));
        for (Path path : new Path[] {text, large, empty}) {
            assertThatThrownBy(() -> KeyFiles.read(path))
                    .hasMessageStartingWith(
                            path + " is not a sound key file: it does not begin with \"imgblstr key 1\"")
                    .satisfies(KeyFilesTest::isNotAuthentic);
        }
        assertThatThrownBy(() -> KeyFiles.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatIsThereIsNotOverwritten() throws IOException {
        Path path = Files.writeString(folder.resolve("key"), "mine");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("none"));
        for (Path taken : new Path[] {path, link}) {
            assertThatThrownBy(() -> KeyFiles.write(taken, key)).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(path).hasContent("mine");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void isNotAuthentic(Throwable failure) {
        assertThat(((CliException) failure).exitCode()).isEqualTo(ExitCode.NOT_AUTHENTIC);
    }
}
