package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.cli.common.secrets.KeyFiles;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.secret.KeyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code imgblstr keygen}: three files or none, and nothing is overwritten. */
class KeygenTest {
    private final ProgramRunner program = new ProgramRunner();

    @TempDir
    private Path folder;

    @Test
    void makesThreeFilesOfOneKey() throws IOException {
        Path file = folder.resolve("room5.key");

        assertThat(program.run("keygen", file)).as(program.err()).isZero();

        assertThat(names()).containsExactly("room5.key", "room5.key.pub", "room5.key.slave");
        KeyFile master = KeyFiles.read(file);
        KeyFile slave = KeyFiles.read(folder.resolve("room5.key.slave"));
        KeyFile all = KeyFiles.read(folder.resolve("room5.key.pub"));
        assertThat(List.of(master.use(), slave.use(), all.use())).containsExactly(KeyFile.Use.values());
        assertThat(List.of(master.idText(), slave.idText())).containsOnly(all.idText());
        assertThat(slave.secret().isSameAs(master.secret())).isTrue();
        assertThat(modes()).containsExactly("rw-------", "rw-r--r--", "rw-------");
        assertThat(program.out().lines())
                .containsExactly(
                        "key " + all.idText(),
                        file + ": for masters, secret",
                        file + ".slave: for slaves, secret",
                        file + ".pub: for everybody");
    }

    @Test
    void noTwoKeysAreTheSame() throws IOException {
        assertThat(program.run("keygen", folder.resolve("a"))).isZero();
        assertThat(program.run("keygen", folder.resolve("b"))).isZero();

        KeyFile one = KeyFiles.read(folder.resolve("a"));
        KeyFile other = KeyFiles.read(folder.resolve("b"));
        assertThat(one.secret().isSameAs(other.secret())).isFalse();
        assertThat(one.seed().isSameAs(other.seed())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "key.slave", "key.pub"})
    void nothingIsMadeWhenOneOfTheFilesExists(String taken) throws IOException {
        Files.writeString(folder.resolve(taken), "mine");

        assertThat(program.run("keygen", folder.resolve("key"))).isEqualTo(ExitCode.REFUSED);

        assertThat(names()).containsExactly(taken);
        assertThat(folder.resolve(taken)).hasContent("mine");
        assertThat(program.err()).contains(taken + " exists, and a key is never overwritten: name another file");
    }

    @Test
    void aLinkThatLeadsNowhereIsNotFollowed() throws IOException {
        Files.createSymbolicLink(folder.resolve("key.pub"), folder.resolve("none"));

        assertThat(program.run("keygen", folder.resolve("key"))).isEqualTo(ExitCode.REFUSED);

        assertThat(names()).containsExactly("key.pub");
    }

    @Test
    void aFolderThatIsNotThereIsWrongUsage() {
        assertThat(program.run("keygen", folder.resolve("none/key"))).isEqualTo(ExitCode.USAGE);
        assertThat(program.err()).contains("its folder does not exist; make it, or name another");
        assertThat(program.run("keygen")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatItSaysHoldsNoSecret() throws IOException {
        Path file = folder.resolve("key");
        assertThat(program.run("keygen", "-v", "-v", file)).isZero();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("secret: ") || line.startsWith("sign: ")) {
                assertThat(program.out() + program.err()).doesNotContain(line.substring(line.indexOf(' ') + 1));
            }
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> modes() throws IOException {
        List<String> modes = new ArrayList<>();
        for (String name : names()) {
            modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))));
        }
        return modes;
    }
}
