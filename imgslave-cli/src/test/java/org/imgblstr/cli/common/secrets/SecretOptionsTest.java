package org.imgblstr.cli.common.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.report.Sealing;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.Secret;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SecretOptionsTest {
    private static final String VARIABLE = "IMGSLAVE_CODE";
    private static final String WORDS = "acid-acrobat-actress-acetone-acquire";

    @TempDir
    Path folder;

    private Path master;
    private Path slave;
    private Path open;

    @BeforeEach
    void keys() throws IOException {
        KeyFile key = KeyFile.create(Primitives.best(), new Random(1)::nextBytes);
        master = write("key", key);
        slave = write("key.slave", key.as(KeyFile.Use.SLAVE));
        open = write("key.pub", key.as(KeyFile.Use.PUBLIC));
    }

    private Path write(String name, KeyFile file) throws IOException {
        Path path = folder.resolve(name);
        KeyFiles.write(path, file);
        return path;
    }

    private static SecretOptions of(Object... arguments) {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        return CommandLine.populateCommand(new SecretOptions(VARIABLE), words);
    }

    private static SecretOptions in(Map<String, String> environment, Object... arguments) {
        return of(arguments).in(environment::get);
    }

    private static void assertRefused(int exitCode, String message, Runnable read) {
        assertThatThrownBy(read::run)
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
                .hasMessageContaining(message);
    }

    /** A slave takes whatever code its master has. */
    @Test
    void aMasterTakesNoCodeOfOneWord() {
        String weak = "acid-acid-acid-acid-acid";
        assertRefused(
                ExitCode.USAGE,
                "--code: at least four words of a join code are different; leave --code out",
                () -> of("--code", weak).readForMaster());
        of("--code", weak).readForSlave();
    }

    @Test
    void onlyWithOpenASessionIsOpen() {
        SecretOptions options = of("--open");
        options.readForMaster();
        options.readForSlave();
        options.checkForSlave(false);
        assertThat(options.seal()).isNull();
        assertThat(options.isOpen()).isTrue();
        assertThat(options.sealing()).isEqualTo(Sealing.OPEN);
        assertThat(of().isOpen()).isFalse();
    }

    @Test
    void withoutAnOptionAMasterMakesACodeAndASlaveHasNone() {
        SecretOptions slaves = of();
        slaves.readForSlave();
        assertThat(slaves.seal()).isNull();
        assertThat(slaves.sealing()).isEqualTo(Sealing.CODE);
        assertRefused(
                ExitCode.NOT_AUTHENTIC,
                "no join code: give --code-file or IMGSLAVE_CODE with the words",
                () -> slaves.checkForSlave(false));
        if (!Primitives.best().computesCodes()) {
            assertRefused(ExitCode.NOT_AUTHENTIC, "or --open", () -> slaves.checkForSlave(true));
            assertRefused(ExitCode.NOT_AUTHENTIC, "or --open", () -> of().readForMaster());
            return;
        }
        slaves.checkForSlave(true);
        SecretOptions masters = of();
        masters.readForMaster();
        assertThat(masters.code()).matches("([a-z]+-){4}[a-z]+");
        assertThat(masters.seal()).isNotNull();
        assertThat(masters.sealing()).isEqualTo(Sealing.CODE);
        assertThat(masters.isAnyGiven()).isFalse();
    }

    @Test
    void aKeySealsAndSignsAtTheMasterAndOnlySealsAtTheSlave() {
        SecretOptions ofMaster = of("--key-file", master);
        ofMaster.readForMaster();
        SecretOptions ofSlave = of("--key-file", slave);
        ofSlave.readForSlave();

        assertThat(ofMaster.seal().seed()).isNotNull();
        assertThat(ofSlave.seal().seed()).isNull();
        assertThat(ofMaster.seal()
                        .secret()
                        .key()
                        .isSameAs(ofSlave.seal().secret().key()))
                .isTrue();
        assertThat(ofMaster.sealing().text()).matches("sealed \\(key file [0-9a-f]{16}\\)");
        assertThat(ofMaster.sealing().word()).isEqualTo("key-file");
        assertThat(ofSlave.sealing()).isEqualTo(ofMaster.sealing());
    }

    @Test
    void theHalfForTheOtherSideIsNamed() {
        assertRefused(ExitCode.NOT_AUTHENTIC, "is for slaves: a master needs", () -> of("--key-file", slave)
                .readForMaster());
        assertRefused(ExitCode.NOT_AUTHENTIC, "is public and opens no session", () -> of("--key-file", open)
                .readForMaster());
        assertRefused(ExitCode.NOT_AUTHENTIC, "with .slave", () -> of("--key-file", open)
                .readForSlave());
        SecretOptions slaveWithAll = of("--key-file", master);
        slaveWithAll.readForSlave();
        assertThat(slaveWithAll.seal().seed()).isNull();
        assertThat(slaveWithAll.remark())
                .startsWith(master + " is the key of the master")
                .contains("take " + master + ".slave instead");
        SecretOptions slaveWithItsHalf = of("--key-file", slave);
        slaveWithItsHalf.readForSlave();
        assertThat(slaveWithItsHalf.remark()).isEmpty();
    }

    @Test
    void onlyOneOfThemAtOnce() {
        assertRefused(ExitCode.USAGE, "cannot be used together", () -> of("--key-file", master, "--open")
                .readForMaster());
        assertRefused(ExitCode.USAGE, "cannot be used together", () -> of("--key-file", master, "--code", WORDS)
                .readForSlave());
    }

    @Test
    void aFileThatIsNotThereIsNoKey() {
        assertRefused(ExitCode.NOT_AUTHENTIC, "cannot be read", () -> of("--key-file", folder.resolve("none"))
                .readForSlave());
    }

    @Test
    void aCodeIsTheSameHoweverItIsTyped() throws IOException {
        assumeFalse(Primitives.best().form().equals("Java"), "join codes need libcrypto");
        Path file = folder.resolve("code");
        Files.writeString(file, "ACI acrobat  actre/acet-acquire\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        SecretOptions ofMaster = of("--code", WORDS);
        ofMaster.readForMaster();
        SecretOptions ofSlave = of("--code-file", file);
        ofSlave.readForSlave();

        assertThat(ofMaster.seal().secret().kind()).isEqualTo(Secret.Kind.CODE);
        assertThat(ofMaster.seal()
                        .secret()
                        .key()
                        .isSameAs(ofSlave.seal().secret().key()))
                .isTrue();
        assertThat(ofMaster.code()).isEqualTo(WORDS);
        assertThat(ofSlave.code()).as("only a master shows it").isEmpty();
        assertThat(ofMaster.sealing()).isEqualTo(Sealing.CODE);
    }

    @Test
    void theEnvironmentMayHoldTheCode() {
        assumeFalse(Primitives.best().form().equals("Java"), "join codes need libcrypto");
        SecretOptions named = in(Map.of(VARIABLE, WORDS));
        named.readForMaster();
        SecretOptions moved = in(Map.of(ChildProcess.MOVED_CODE, WORDS), "--code", ChildProcess.MOVED);
        moved.readForMaster();

        assertThat(named.code()).isEqualTo(WORDS);
        assertThat(named.isChosen()).isTrue();
        assertThat(named.isAnyGiven()).as("it may be meant for other runs").isFalse();
        assertThat(moved.code()).isEqualTo(WORDS);
        assertThat(of().in(name -> null).isChosen()).isFalse();
    }

    @Test
    void aVariableIsOneOfAtMostOneSecret() {
        Map<String, String> environment = Map.of(VARIABLE, WORDS);
        for (SecretOptions options : List.of(
                in(environment, "--open"), in(environment, "--code", WORDS), in(environment, "--key-file", master))) {
            assertRefused(ExitCode.USAGE, "--open and IMGSLAVE_CODE cannot be used together", options::readForSlave);
            assertRefused(ExitCode.USAGE, "cannot be used together", options::readForMaster);
        }
        assertRefused(ExitCode.USAGE, "IMGSLAVE_CODE: word 3", () -> in(Map.of(VARIABLE, "acid-acrobat-xxx-a-b"))
                .readForSlave());
    }

    @Test
    void thePlaceholderOfTheStartScriptAloneIsNoCode() {
        assertRefused(ExitCode.USAGE, "--code: word 1", () -> of("--code", ChildProcess.MOVED)
                .readForSlave());
    }

    @Test
    void anAnswerIsAsGoodAsAnOption() {
        SecretOptions key = of();
        assertRefused(ExitCode.NOT_AUTHENTIC, "is for slaves", () -> key.chooseKeyFile(slave));
        key.chooseKeyFile(master);
        key.readForMaster();
        SecretOptions open = of();
        open.chooseOpen();
        open.readForMaster();

        assertThat(key.sealing().word()).isEqualTo("key-file");
        assertThat(open.isChosen()).isTrue();
        assertThat(open.seal()).isNull();
        assertThat(of().mayAskForCode()).isTrue();
        assertThat(open.mayAskForCode()).isFalse();
        assertThat(key.mayAskForCode()).isFalse();
    }

    @Test
    void aMasterMakesANewCodeAndASlaveDoesNot() {
        assumeFalse(Primitives.best().form().equals("Java"), "join codes need libcrypto");
        SecretOptions one = of("--code", "new");
        one.readForMaster();
        SecretOptions other = of("--code", "new");
        other.readForMaster();

        assertThat(one.code()).matches("([a-z]+-){4}[a-z]+").isNotEqualTo(other.code());
        assertRefused(
                ExitCode.USAGE, "--code: word 1", () -> of("--code", "new").readForSlave());
    }

    @Test
    void aCodeThatOthersCanReadIsRefused() throws IOException {
        Path file = folder.resolve("code");
        Files.writeString(file, WORDS);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertRefused(ExitCode.NOT_AUTHENTIC, "can be read by others (mode 644)", () -> of("--code-file", file)
                .readForSlave());
    }
}
