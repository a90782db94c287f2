package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that are encrypted and signed, from the disk to the file and back. */
class ProtectedImagesTest {
    private static final String PHRASE = "correct horse battery";
    private static final byte[] JUNK = "what the disk held before".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;
    private Path key;
    private Path target;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        key = folder.resolve("room5.key");
        target = folder.resolve("target.raw");
        SampleDisk.create(disk, 8 << 20, 1);
        byte[] before = new byte[8 << 20];
        System.arraycopy(JUNK, 0, before, 4096, JUNK.length);
        Files.write(target, before);
        assertThat(new ProgramRunner().run("keygen", key)).isZero();
    }

    private Path publicKey() {
        return folder.resolve("room5.key.pub");
    }

    private void upload(Object... more) {
        ProgramRunner runner = new ProgramRunner();
        Object[] words = new Object[4 + more.length];
        System.arraycopy(new Object[] {"--upload", image, "--disk", disk}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        assertThat(runner.run(words)).as(runner.err()).isZero();
    }

    private void assertRestored() throws IOException {
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
    }

    private void assertUntouched() throws IOException {
        byte[] now = Files.readAllBytes(target);
        byte[] before = new byte[8 << 20];
        System.arraycopy(JUNK, 0, before, 4096, JUNK.length);
        assertThat(now).isEqualTo(before);
    }

    @ParameterizedTest(name = "--codec {0}")
    @CsvSource({"zstd", "rle", "none"})
    void aKeyOpensWhatItHasEncryptedAndSigned(String codec) throws IOException {
        upload("--image-key", key, "--sign", key, "--codec", codec, "--all-blocks");
        assertThat(program.run(
                        "--download",
                        image,
                        "--disk",
                        target,
                        "--yes",
                        "--image-key",
                        key + ".slave",
                        "--trust",
                        publicKey()))
                .as(program.err())
                .isZero();
        assertRestored();
    }

    @Test
    void whatIsReadByEachCommandIsTheDisk() throws IOException {
        upload("--image-key", key, "--sign", key, "--note", "for room 5");
        Path raw = folder.resolve("raw");
        assertThat(program.run("export", "--image-key", key, "--trust", publicKey(), image, raw))
                .as(program.err())
                .isZero();
        assertThat(Files.mismatch(disk, raw)).isEqualTo(-1);
        ProgramRunner verify = new ProgramRunner();
        assertThat(verify.run("verify", "--image-key", key, "--trust", publicKey(), image))
                .isZero();
        assertThat(verify.out()).contains("sound", "signed by key").doesNotContain("did not ask");
        ProgramRunner info = new ProgramRunner();
        assertThat(info.run("info", "--image-key", key, image)).isZero();
        assertThat(info.out()).contains("for room 5", "encrypted", "signed");
        ProgramRunner partition = new ProgramRunner();
        assertThat(partition.run("export", "--image-key", key, "--trust", publicKey(), "--partition", "3", image, "-"))
                .as(partition.err())
                .isZero();
        assertThat(partition.outBytes()).isNotEmpty();
    }

    @Test
    void whoHasNoKeySeesTheIdsOnly() throws IOException {
        upload("--image-key", key, "--note", "for room 5");
        assertThat(program.run("info", image)).isZero();
        assertThat(program.out())
                .contains("opens with key ")
                .doesNotContain("room 5", "disk.raw", "partition", "fits", "tracks");
        ProgramRunner json = new ProgramRunner();
        assertThat(json.run("info", "--json", image)).isZero();
        assertThat(json.out())
                .contains("\"encrypted\":true", "\"opensWith\":\"key ")
                .doesNotContain("room 5");
        ProgramRunner verify = new ProgramRunner();
        assertThat(verify.run("verify", image)).isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(verify.err()).contains(image + " is encrypted: give --image-key; its key slots are for key ");
        ProgramRunner download = new ProgramRunner();
        assertThat(download.run("--download", image, "--disk", target, "--yes")).isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertUntouched();
    }

    @Test
    void aPassPhraseIsAskedForTwiceAndThenOnce() throws IOException {
        String typed = "short\n" + PHRASE + "\nanother phrase\n" + PHRASE + "\n" + PHRASE + "\n";
        assertThat(program.runTyped(typed, "--upload", image, "--disk", disk, "--encrypt"))
                .as(program.err())
                .isZero();
        assertThat(program.err())
                .contains("at least 12 characters, found 5", "these are two pass phrases")
                .doesNotContain(PHRASE);
        ProgramRunner download = new ProgramRunner();
        assertThat(download.runTyped(
                        "wrong horse battery\n" + PHRASE + "\nyes\n", "--download", image, "--disk", target))
                .as(download.err())
                .isZero();
        assertRestored();
    }

    @Test
    void threeWrongPassPhrasesLeaveTheDiskAlone() throws IOException {
        Path file = phraseFile(PHRASE);
        upload("--passphrase-file", file);
        assertThat(program.runTyped("a\nb\nc\nd\n", "--download", image, "--disk", target))
                .isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(program.err())
                .contains(image + " does not open with this pass phrase: its key slots are for a pass phrase");
        assertUntouched();
        ProgramRunner scripted = new ProgramRunner();
        assertThat(scripted.run("--download", image, "--disk", target, "--yes", "--passphrase-file", file))
                .as(scripted.err())
                .isZero();
        assertRestored();
    }

    private Path phraseFile(String phrase) throws IOException {
        Path file = Files.writeString(folder.resolve("phrase"), phrase + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void nobodyToAskIsNoPassPhrase() throws IOException {
        assertThat(program.run("--upload", image, "--disk", disk, "--encrypt")).isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(program.err()).contains("no pass phrase: give --passphrase-file or IMGBLSTR_IMAGE_PASSPHRASE");
        Path file = phraseFile("too short");
        assertThat(program.run("--upload", image, "--disk", disk, "--passphrase-file", file))
                .isEqualTo(ExitCode.USAGE);
        assertThat(image).doesNotExist();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(program.run("--upload", image, "--disk", disk, "--passphrase-file", file))
                .isEqualTo(ExitCode.NOT_AUTHENTIC);
    }

    @Test
    void anImageOfSomebodyElseIsNotTrusted() throws IOException {
        Path other = folder.resolve("other.key");
        assertThat(new ProgramRunner().run("keygen", other)).isZero();
        upload("--digests");
        assertThat(program.run("--download", image, "--disk", target, "--yes", "--trust", publicKey()))
                .isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(program.err()).contains(image + " is not signed, and --trust wants ");
        upload("--sign", other, "--force");
        assertThat(program.run("--download", image, "--disk", target, "--yes", "--trust", publicKey()))
                .isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(program.err()).contains(image + " is signed by ");
        assertUntouched();
        assertThat(program.run(
                        "--download",
                        image,
                        "--disk",
                        target,
                        "--yes",
                        "--trust",
                        publicKey(),
                        "--trust",
                        other + ".pub"))
                .isZero();
        assertRestored();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--download disk.img --disk disk.raw --encrypt | need --upload",
                "--download disk.img --disk disk.raw --sign room5.key | need --upload",
                "--upload disk.img --disk disk.raw --trust room5.key.pub | needs --download",
                "--broadcast --disk disk.raw --image-key room5.key | open an image file"
            })
    void anOptionWithoutUseIsNamed(String words, String reason) {
        Object[] args = Stream.of(words.split(" "))
                .map(word -> word.startsWith("--") ? word : folder.resolve(word))
                .toArray();
        assertThat(program.run(args)).isEqualTo(ExitCode.USAGE);
        assertThat(program.err()).contains(reason);
    }

    @Test
    void thePlanSaysHowTheImageIsProtected() throws IOException {
        String signed = "signed by key " + keyId();
        assertThat(planned("--upload", image, "--disk", disk))
                .contains("create    " + image)
                .doesNotContain("encrypted", "signed");
        assertThat(planned("--upload", image, "--disk", disk, "--encrypt"))
                .contains("(image file, encrypted; up to")
                .doesNotContain("signed");
        assertThat(planned("--upload", image, "--disk", disk, "--image-key", key, "--sign", key))
                .contains("(image file, encrypted, " + signed + "; up to");
        assertThat(image).doesNotExist();

        upload("--image-key", key, "--sign", key);
        assertThat(planned("--upload", image, "--disk", disk, "--force", "--sign", key))
                .contains("(replaced once the new image is complete, " + signed + "; up to");
        assertThat(planned("--download", image, "--disk", target, "--image-key", key))
                .containsPattern("read +" + image + ", .* to write, encrypted, " + signed + "\\)");
        assertThat(planned("--download", image, "--disk", target, "--image-key", key, "--trust", publicKey()))
                .contains("to write, encrypted, " + signed + ", trusted)");
        assertUntouched();

        upload("--force");
        assertThat(planned("--download", image, "--disk", target)).doesNotContain("encrypted", "signed", "trusted");
    }

    @Test
    void thePlanForProgramsSaysItToo() throws IOException {
        assertThat(planned("--json", "--upload", image, "--disk", disk, "--image-key", key, "--sign", key))
                .contains(
                        "\"event\":\"plan\"",
                        "\"detail\":\"image file, encrypted, signed by key " + keyId() + "; up to ");
    }

    private String planned(Object... words) {
        ProgramRunner plan = new ProgramRunner();
        Object[] all = Stream.concat(Stream.of("--plan"), Stream.of(words)).toArray();
        assertThat(plan.run(all)).as(plan.err()).isZero();
        return plan.out();
    }

    private String keyId() throws IOException {
        return Files.readAllLines(publicKey()).stream()
                .filter(line -> line.startsWith("id: "))
                .findFirst()
                .orElseThrow()
                .substring(4);
    }

    @Test
    void aPlanOfAnImageThatCannotBeSignedIsRefusedLikeTheRun() {
        assertThat(program.run("--plan", "--upload", image, "--disk", disk, "--sign", key + ".slave"))
                .isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(program.err()).contains("cannot sign: take the file for masters");
    }

    @Test
    void onlyAKeyForMastersSigns() {
        assertThat(program.run("--upload", image, "--disk", disk, "--sign", key + ".slave"))
                .isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(program.err()).contains("cannot sign: take the file for masters");
        assertThat(program.run("--upload", image, "--disk", disk, "--image-key", publicKey()))
                .isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(program.err()).contains("is public and opens no image");
        assertThat(image).doesNotExist();
    }
}
